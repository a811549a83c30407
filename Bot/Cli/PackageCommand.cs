using System.Text.RegularExpressions;

namespace RunModes.Bot.Cli;

/// <summary><c>package --app-id ID --tenant ID</c>: writes the zip that is uploaded to Teams. Reads settings only to notice that they name another bot.</summary>
internal static partial class PackageCommand
{
    private const string Usage =
        "Usage: package --app-id ID --tenant ID [--out FILE] [--name NAME] [--version N.N.N] [--publisher NAME] [--website URL] [--privacy URL] [--terms URL]";

    private static readonly string[] Options = ["--app-id", "--tenant", "--out", "--name", "--version", "--publisher", "--website", "--privacy", "--terms"];

    public static async Task<int> Run(string[] words, IConfiguration settings, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (Given(words) is not { } given)
        {
            await errors.WriteLineAsync(Usage);
            return ExitCode.WrongUse;
        }

        var problems = new List<string>();
        if (Identity(given, settings, problems) is not { } identity)
        {
            await errors.WriteLineAsync(string.Join(Environment.NewLine, problems));
            return ExitCode.WrongUse;
        }

        var file = Path.GetFullPath(given.GetValueOrDefault("--out") ?? $"runmodes-{identity.AppId:D}.zip");
        var package = AppPackage.Build(identity);
        try
        {
            await Replace(file, package, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"--out: {e.Message.ReplaceLineEndings(" ")} Name a file in a folder that exists and can be written.");
            return ExitCode.WrongUse;
        }

        await output.WriteLineAsync($"Wrote {file} ({package.Length} bytes) for the bot {identity.AppId:D}.");
        await output.WriteLineAsync($"Next, in the Teams of tenant {given["--tenant"]}: admin center, Teams apps, Manage apps, Upload; then add it to the team whose channel shall hear of incidents.");
        return ExitCode.Good;
    }

    /// <returns>Null unless every word is a known option with its value, each at most once.</returns>
    private static Dictionary<string, string>? Given(string[] words)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < words.Length; at += 2)
        {
            if (!Options.Contains(words[at]) || at + 1 == words.Length || words[at + 1].StartsWith("--", StringComparison.Ordinal) || !given.TryAdd(words[at], words[at + 1]))
            {
                return null;
            }
        }

        return given.ContainsKey("--app-id") && given.ContainsKey("--tenant") ? given : null;
    }

    private static AppIdentity? Identity(Dictionary<string, string> given, IConfiguration settings, List<string> problems)
    {
        var app = Id(given["--app-id"], "--app-id", "the client id of the bot's identity (MicrosoftAppId)", problems);
        var tenant = Id(given["--tenant"], "--tenant", "the id of the Entra tenant the bot serves (MicrosoftAppTenantId)", problems);
        if (app is not null && app == tenant)
        {
            problems.Add("--app-id and --tenant are the same id; the first names the bot's identity, the second the tenant it is in.");
        }

        Differs("MicrosoftAppId", app, "--app-id");
        Differs("MicrosoftAppTenantId", tenant, "--tenant");
        var name = Text("--name", 30);
        if (name is not null && ProductName().IsMatch(name))
        {
            problems.Add("--name: Microsoft refuses apps that carry the name of one of its products; choose one without.");
        }

        var version = given.GetValueOrDefault("--version");
        if (version is not null && !VersionText().IsMatch(version))
        {
            problems.Add("--version: not a version; write three numbers with dots, such as 1.2.0, and raise it with every change.");
        }

        var publisher = new Publisher(Text("--publisher", 32), Link("--website"), Link("--privacy"), Link("--terms"));
        return problems.Count == 0 && app is { } id ? new AppIdentity(id, name, version, publisher) : null;

        void Differs(string key, Guid? chosen, string option)
        {
            if (chosen is not null && Guid.TryParse(settings[key], out var configured) && configured != chosen)
            {
                problems.Add($"{option}: the settings say {key}={configured:D}; a bot with these settings would refuse what Teams sends to {chosen:D}. Package the same id.");
            }
        }

        string? Text(string option, int most)
        {
            var text = given.GetValueOrDefault(option);
            if (text is not null && (string.IsNullOrWhiteSpace(text) || text.Length > most || text.Any(char.IsControl)))
            {
                problems.Add($"{option}: must be one line of 1 to {most} characters.");
            }

            return text;
        }

        Uri? Link(string option)
        {
            if (given.GetValueOrDefault(option) is not { } text)
            {
                return null;
            }

            if (Uri.TryCreate(text, UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps && text.Length <= 2048)
            {
                return link;
            }

            problems.Add($"{option}: not an address Teams accepts; write it whole, beginning with https://.");
            return null;
        }
    }

    private static Guid? Id(string text, string option, string what, List<string> problems)
    {
        if (Guid.TryParseExact(text, "D", out var id) && id != Guid.Empty)
        {
            return id;
        }

        problems.Add($"{option}: not an id; set {what}, a GUID such as 12345678-90ab-cdef-1234-567890abcdef{(id == Guid.Empty && text.StartsWith("0000", StringComparison.Ordinal) ? ", not the zeros of the template" : "")}.");
        return null;
    }

    /// <summary>Whole or not at all: an upload that picks up half a zip is refused without a reason.</summary>
    private static async Task Replace(string file, byte[] content, CancellationToken cancellation)
    {
        var fresh = $"{file}.{Guid.NewGuid():n}.new";
        try
        {
            await File.WriteAllBytesAsync(fresh, content, cancellation);
            File.Move(fresh, file, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    [GeneratedRegex("teams|azure|microsoft|office|entra", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ProductName();

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionText();
}
