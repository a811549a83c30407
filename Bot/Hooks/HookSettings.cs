using RunModes.Bot.Plans;

namespace RunModes.Bot.Hooks;

/// <summary>The hooks as the deployer wrote them, read once. Not usable while <see cref="Problems"/> is not empty; nothing in chat changes them.</summary>
internal sealed record HookSettings(IReadOnlyList<Hook> Hooks, IReadOnlyList<string> Problems)
{
    private const int LongestName = 64;
    private const int LongestReason = 300;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);
    private static readonly string[] OfRules = ["Answer", "When"];
    private static readonly string[] OfCommands = ["Script", "Arguments", "Timeout", "FailMode"];

    public static HookSettings From(IConfiguration configuration)
    {
        List<string> problems = [];
        List<Hook> hooks = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        var zone = configuration["Agent:TimeZone"] is { Length: > 0 } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc;
        foreach (var entry in configuration.GetSection("Hooks").GetChildren())
        {
            var settings = new SettingsReader(entry, problems);
            var before = problems.Count;
            var name = settings.Text("Name") ?? "";
            if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                settings.Problem("Name", $"'{name}' is no name of a hook; use up to {LongestName} letters, digits, '-' and '_'.");
            }
            else if (!names.Add(name))
            {
                settings.Problem("Name", $"'{name}' is there twice (case is ignored); give every hook its own name.");
            }

            var hook = HookOf(name, settings, entry, zone);
            if (problems.Count == before && hook is not null)
            {
                hooks.Add(hook);
            }
        }

        return new(hooks, problems);
    }

    private static Hook? HookOf(string name, SettingsReader settings, IConfigurationSection entry, TimeZoneInfo zone)
    {
        var happened = settings.Text("Event") switch
        {
            null or nameof(HookEvent.PreToolUse) => HookEvent.PreToolUse,
            nameof(HookEvent.PostToolUse) => HookEvent.PostToolUse,
            var other => Unknown(settings, "Event", other, "PreToolUse or PostToolUse", HookEvent.Unknown),
        };
        if (!ToolMatcher.TryParse(settings.Text("Matcher"), out var matcher, out var why))
        {
            settings.Problem("Matcher", why);
        }

        var plan = settings.Text("Plan");
        if (plan is not null && PlanNames.Refusal(plan) is { } refusal)
        {
            settings.Problem("Plan", refusal);
        }

        var reason = settings.Text("Reason") ?? "";
        if (reason.Length is 0 or > LongestReason)
        {
            settings.Problem("Reason", $"is {(reason.Length == 0 ? "missing" : "too long")}; write up to {LongestReason} characters that people read when it objects.");
        }

        var check = CheckOf(settings, entry, happened, matcher, zone);
        return matcher is null || check is null ? null : new(name, happened, matcher, plan, reason, check);
    }

    private static HookCheck? CheckOf(SettingsReader settings, IConfigurationSection entry, HookEvent happened, ToolMatcher? matcher, TimeZoneInfo zone)
    {
        switch (settings.Text("Kind"))
        {
            case "rule":
                Foreign(settings, entry, OfCommands, "rule");
                var asks = settings.Text("Answer") switch
                {
                    "deny" => false,
                    "ask" => true,
                    var other => Unknown(settings, "Answer", other ?? "", "deny or ask", false),
                };
                if (asks && (happened == HookEvent.PostToolUse || matcher?.Fitting.Any(t => !Tools.Gated.Contains(t)) == true))
                {
                    settings.Problem("Answer", $"'ask' is possible only before tools that a person approves ({string.Join(", ", Tools.Gated)}); narrow the matcher, or use deny.");
                }

                return new HookCheck.Rule(HookWhenSettings.Of(settings, entry.GetSection("When"), zone), asks);
            case "command":
                Foreign(settings, entry, OfRules, "command");
                return CommandOf(settings);
            default:
                Unknown(settings, "Kind", settings.Text("Kind") ?? "", "rule or command", false);
                return null;
        }
    }

    private static HookCheck.Command CommandOf(SettingsReader settings)
    {
        var script = settings.Text("Script") ?? "";
        if (Objection(script) is { } objection)
        {
            settings.Problem("Script", objection);
        }

        var timeout = settings.Duration("Timeout") ?? Timeout;
        if (timeout > LongestTimeout)
        {
            settings.Problem("Timeout", "is longer than 5 minutes; write 00:00:01 to 00:05:00.");
        }

        var failMode = settings.Text("FailMode") switch
        {
            null or "block" => FailMode.Block,
            "allow" => FailMode.Allow,
            var other => Unknown(settings, "FailMode", other, "block or allow", FailMode.Block),
        };
        return new(script, settings.List("Arguments"), timeout, failMode);
    }

    /// <summary>Whoever can write the program is the one who decides.</summary>
    private static string? Objection(string script) =>
        !Path.IsPathFullyQualified(script) ? $"'{script}' is not an absolute path; name the program in full."
        : !File.Exists(script) ? $"there is no file {script}; name a program that is there."
        : !OperatingSystem.IsWindows() && (File.GetUnixFileMode(script) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0 ? $"{script} is not executable; chmod +x it."
        : !OperatingSystem.IsWindows() && (File.GetUnixFileMode(script) & (UnixFileMode.OtherWrite | UnixFileMode.GroupWrite)) != 0 ? $"{script} can be written by others; chmod go-w it."
        : null;

    private static void Foreign(SettingsReader settings, IConfigurationSection entry, string[] keys, string kind)
    {
        foreach (var key in keys.Where(k => entry.GetSection(k) is { } section && (!string.IsNullOrEmpty(section.Value) || section.GetChildren().Any())))
        {
            settings.Problem(key, $"a hook of kind {kind} has none; remove it.");
        }
    }

    private static T Unknown<T>(SettingsReader settings, string key, string value, string known, T otherwise)
    {
        settings.Problem(key, $"'{value}' is not known; use {known}.");
        return otherwise;
    }
}
