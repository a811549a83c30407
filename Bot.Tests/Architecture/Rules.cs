using Mono.Cecil;

namespace RunModes.Bot.Tests.Architecture;

/// <summary>Each rule names what breaks it, one line a violation.</summary>
internal static class Rules
{
    private static readonly string[] Everything =
        ["Proposals", "Roles", "Audit", "Gate", "Plans", "Incidents", "Hooks", "Execution", "Cards", "Approvals", "Reporting", "Investigation", "Runs", "Chat", "Teams", "Storage", "Sandbox", "Cli", "Telemetry"];

    private static readonly string[] AboveRuns = ["Proposals", "Roles", "Audit", "Gate", "Plans", "Incidents", "Hooks", "Execution", "Cards", "Approvals", "Reporting", "Investigation", "Telemetry"];

    /// <summary>Who may use whom. Change it together with the page that explains it.</summary>
    public static IReadOnlyDictionary<string, string[]> MayUse { get; } = new Dictionary<string, string[]>
    {
        ["Proposals"] = [],
        // Spans and counts of what a folder does: of ids alone, so that nothing else is drawn in.
        ["Telemetry"] = ["Proposals"],
        ["Roles"] = ["Telemetry"],
        ["Audit"] = [],
        ["Gate"] = ["Proposals"],
        ["Plans"] = ["Gate", "Proposals", "Roles", "Audit"],
        ["Incidents"] = ["Plans", "Gate", "Proposals", "Audit", "Telemetry"],
        ["Hooks"] = ["Gate", "Proposals", "Audit", "Plans", "Execution"],
        ["Execution"] = ["Gate", "Proposals"],
        ["Cards"] = ["Proposals", "Gate", "Plans"],
        ["Approvals"] = ["Proposals", "Gate", "Plans", "Roles", "Audit", "Reporting", "Telemetry"],
        ["Reporting"] = ["Proposals", "Cards", "Plans", "Audit", "Telemetry"],
        ["Investigation"] = ["Incidents", "Plans", "Proposals", "Hooks", "Execution"],
        ["Runs"] = AboveRuns,
        ["Chat"] = [.. AboveRuns, "Runs"],
        ["Teams"] = ["Chat", "Approvals", "Reporting", "Incidents", "Roles", "Cards"],
        ["Storage"] = [.. AboveRuns, "Runs", "Chat"],
        ["Sandbox"] = Everything,
        ["Cli"] = Everything,
        [""] = Everything,
    };

    /// <summary>Packages stay home. The longest prefix counts.</summary>
    public static IReadOnlyDictionary<string, string[]> Homes { get; } = new Dictionary<string, string[]>
    {
        // Credentials and the pipeline also serve the bot's own identity towards Graph and the connector.
        ["Azure"] = ["Execution", "Teams", "Roles", "Sandbox", ""],
        ["Azure.ResourceManager"] = ["Execution"],
        ["Microsoft.Graph"] = ["Roles"],
        ["Microsoft.Kiota"] = ["Roles"],
        ["Dapper"] = ["Storage"],
        ["Microsoft.Data"] = ["Storage"],
        ["SQLitePCL"] = ["Storage"],
        ["Npgsql"] = ["Storage"],
        // Two kinds of callers show tokens: the Bot Connector, and Azure Monitor.
        ["Microsoft.IdentityModel"] = ["Teams", "Incidents"],
        ["OpenTelemetry"] = ["Telemetry"],
        ["Quartz"] = ["Runs", "Plans", "Storage"],
    };

    /// <summary>
    /// May say anything but GET over HTTP: the permit's executor, posts to Teams, Graph's question about groups, which is a POST, and the bookkeeping at
    /// the source of an alert, which can reach the state of an alert or an incident and nothing that these are about.
    /// </summary>
    private static readonly string[] Writers =
    [
        // Asks what things cost, which Azure wants as a POST: its pipeline lets through those by name, and no other.
        "RunModes.Bot.Execution.ArmQuery", "RunModes.Bot.Execution.OnlyQueries",
        "RunModes.Bot.Execution.ArmExecutor", "RunModes.Bot.Teams.BotConnector", "RunModes.Bot.Roles.GraphDirectory",
        "RunModes.Bot.Execution.AlertStates", "RunModes.Bot.Incidents.PagerDutyApi",
        // Tools that no mode gates: one mail of one mailbox, and one query of one workspace, each with a guard at the wire that lets nothing else through.
        "RunModes.Bot.Execution.GraphMail", "RunModes.Bot.Execution.LogQuery",
        // Answer below the HTTP clients and send nothing: they compare the method they are asked with.
        "RunModes.Bot.Sandbox.PracticeAzure", "RunModes.Bot.Sandbox.PracticeDirectory", "RunModes.Bot.Sandbox.PracticeLogin",
    ];

    private static readonly string[] ProcessStarters = ["RunModes.Bot.Execution.Subprocess", "RunModes.Bot.Sandbox.Playground"];

    /// <summary>From a permit, or from what was classified as a read, to a process: each may call the next, and nobody else may call any of them.</summary>
    private static readonly Dictionary<string, string[]> WayToProcesses = new()
    {
        ["RunModes.Bot.Execution.Subprocess"] = ["RunModes.Bot.Execution.ToolRunner", "RunModes.Bot.Execution.HookProcess"],
        // The deployer's own programs, which may only object.
        ["RunModes.Bot.Execution.HookProcess"] = ["RunModes.Bot.Hooks.HookPrograms"],
        ["RunModes.Bot.Execution.ToolRunner"] = ["RunModes.Bot.Execution.ToolRunner", "RunModes.Bot.Execution.ToolExecutor", "RunModes.Bot.Execution.ToolReads", "RunModes.Bot.Execution.ToolProbe"],
    };

    /// <summary>az signs in before there is a permit: a fixed command, which only whoever goes on to claim may ask for.</summary>
    private static readonly Dictionary<string, string[]> WayToPreparations = new()
    {
        ["RunModes.Bot.Execution.ToolRunner"] = ["RunModes.Bot.Execution.ToolRunner", "RunModes.Bot.Execution.ToolPreparation"],
        ["RunModes.Bot.Execution.ToolPreparation"] = ["RunModes.Bot.Runs.Executions"],
    };

    private static readonly string[] BadEndings = ["Manager", "Helper", "Helpers", "Processor", "Base", "Util", "Utils"];

    public static IEnumerable<string> Dependencies(IEnumerable<Code> code) =>
        from c in code
        from used in c.Uses().Select(t => Assemblies.FolderOf(t.Namespace)).OfType<string>().Distinct()
        where used != c.Folder && used != "Tests" && !MayUse.GetValueOrDefault(c.Folder, []).Contains(used)
        select $"{c} ({c.Folder}) uses {used}";

    public static IEnumerable<string> Packages(IEnumerable<Code> code) =>
        from c in code
        from used in c.Uses()
        let home = Homes.Keys.Where(p => used.Namespace == p || used.Namespace.StartsWith(p + '.', StringComparison.Ordinal)).MaxBy(p => p.Length)
        where home is not null && !Homes[home].Contains(c.Folder)
        select $"{c} uses {used.FullName}";

    /// <summary>Proposals and Gate: the base library, and of that nothing that reads, writes, logs, waits or owns a clock.</summary>
    public static IEnumerable<string> Purity(IEnumerable<Code> code)
    {
        string[] impure = ["System.IO", "System.Net", "System.Diagnostics", "System.Timers", "Microsoft"];
        // Compiler attributes, and the wildcard matcher, which touches no file.
        string[] harmless = ["System.Diagnostics.CodeAnalysis", "System.Diagnostics.DebuggerHiddenAttribute", "System.Diagnostics.DebuggerBrowsable", "System.Diagnostics.DebuggerStepThrough", "System.IO.Enumeration.FileSystemName", "Microsoft.CodeAnalysis"];
        foreach (var c in code.Where(c => c.Folder is "Proposals" or "Gate"))
        {
            foreach (var used in c.Uses().Where(t => impure.Any(p => Within(t, p)) && !harmless.Any(h => t.FullName.StartsWith(h, StringComparison.Ordinal))))
            {
                yield return $"{c} uses {used.FullName}";
            }

            foreach (var call in c.Calls().Where(m => m is { Name: "get_System", DeclaringType.Name: "TimeProvider" } or { DeclaringType.FullName: "System.Console" or "System.Environment" }))
            {
                yield return $"{c} calls {call.FullName}";
            }
        }
    }

    public static IEnumerable<string> Processes(IEnumerable<Code> code) =>
        from c in code
        from used in c.Uses()
        where used.FullName is "System.Diagnostics.Process" or "System.Diagnostics.ProcessStartInfo" && !ProcessStarters.Contains(c.Type.FullName)
        select $"{c} uses {used.FullName}";

    public static IEnumerable<string> Runners(IEnumerable<Code> code) =>
        from c in code
        from call in c.Calls()
        let way = call.Name switch { "Run" => WayToProcesses, "Prepare" => WayToPreparations, _ => null }
        where way is not null && way.TryGetValue(call.DeclaringType.FullName, out var callers) && !callers.Contains(c.Type.FullName)
        select $"{c} calls {call.FullName}";

    /// <summary>No wall clock, no timer and no delay but those of a <see cref="TimeProvider"/> that a test can hold.</summary>
    public static IEnumerable<string> Clocks(IEnumerable<Code> code) =>
        from c in code
        from call in c.Calls()
        where IsUntestableTime(call)
        select $"{c} calls {call.FullName}";

    public static IEnumerable<string> HttpWrites(IEnumerable<Code> code) =>
        from c in code
        from call in c.Calls()
        where IsHttpWrite(call) && !Writers.Contains(c.Type.FullName)
        select $"{c} calls {call.FullName}";

    public static IEnumerable<string> PermitMakers(IEnumerable<Code> code) =>
        code.Where(c => c.Calls().Any(m => m is { Name: ".ctor", DeclaringType.FullName: "RunModes.Bot.Proposals.ExecutionPermit" })).Select(c => c.ToString());

    public static IEnumerable<string> PermitWinners(IEnumerable<Code> code) =>
        code.SelectMany(c => c.Calls().Where(m => m is { Name: "Win", DeclaringType.FullName: "RunModes.Bot.Proposals.ExecutionPermit" }).Select(_ => c.ToString()));

    /// <summary>Whatever an executor lets others call takes the permit.</summary>
    public static IEnumerable<string> ExecutorsWithoutPermit(IEnumerable<Code> code) =>
        from c in code
        where c.Folder == "Execution" && c.Type.Name.EndsWith("Executor", StringComparison.Ordinal)
        from method in c.Type.Methods
        where !method.IsPrivate && !method.IsConstructor && !method.Parameters.Any(p => p.ParameterType.Name == nameof(Bot.Proposals.ExecutionPermit))
        select method.FullName;

    public static IEnumerable<string> Names(IEnumerable<Code> code) =>
        from c in code
        from type in c.Types()
        where BadEndings.Any(e => type.Name.Split('`')[0].EndsWith(e, StringComparison.Ordinal)) && !type.Name.Contains('<', StringComparison.Ordinal)
        select type.FullName;

    private static bool IsUntestableTime(MethodReference call) => (call.DeclaringType.FullName, call.Name) switch
    {
        ("System.DateTime" or "System.DateTimeOffset", "get_UtcNow" or "get_Now" or "get_Today") => true,
        ("System.Threading.Thread", "Sleep") => true,
        ("System.Diagnostics.Stopwatch", _) => true,
        ("System.Environment", "get_TickCount" or "get_TickCount64") => true,
        ("System.Threading.Tasks.Task" or "System.Threading.PeriodicTimer" or "System.Threading.CancellationTokenSource" or "System.Threading.Timer", "Delay" or "WaitAsync" or ".ctor" or "CancelAfter") =>
            call.DeclaringType.Name == "Timer" || (call.Parameters.Any(p => p.ParameterType.Name is "TimeSpan" or "Int32") && !call.Parameters.Any(p => p.ParameterType.Name == nameof(TimeProvider))),
        _ => false,
    };

    private static bool IsHttpWrite(MethodReference call)
    {
        string[] verbs = ["Post", "Put", "Patch", "Delete"];
        var type = call.DeclaringType.FullName;
        return type switch
        {
            "System.Net.Http.HttpMethod" => call.Name is ".ctor" or "Parse" || verbs.Any(v => call.Name == $"get_{v}"),
            "Azure.Core.RequestMethod" => call.Name is ".ctor" or "Parse" || verbs.Any(v => call.Name == $"get_{v}"),
            "System.Net.Http.HttpClient" or "System.Net.Http.Json.HttpClientJsonExtensions" => verbs.Any(v => call.Name.StartsWith(v, StringComparison.Ordinal)),
            _ => (Within(call.DeclaringType, "Microsoft.Graph") || Within(call.DeclaringType, "Azure.ResourceManager")) && verbs.Any(v => call.Name.StartsWith(v, StringComparison.Ordinal)),
        };
    }

    private static bool Within(TypeReference type, string prefix) => type.Namespace == prefix || type.Namespace.StartsWith(prefix + '.', StringComparison.Ordinal);
}
