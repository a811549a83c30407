using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <param name="Said">Null: it is not there, or did not say.</param>
/// <param name="Problem">Null: it can be used.</param>
internal sealed record ToolVersion(string? Said, string? Problem);

/// <summary>A program made ready for one run, in a folder that goes with it: az is signed in there, which takes longer than a permit lives.</summary>
/// <param name="Problem">Null: it can run.</param>
internal sealed record ReadyTool(ToolFolder Folder, string? Problem) : IDisposable
{
    public ToolIdentity Who { get; init; }

    public void Dispose() => Folder.Dispose();
}

/// <summary>
/// Runs az and kubectl, each run in a folder and an environment of its own. Whoever calls it has either a permit or a command that was classified as a read;
/// a test knows who calls.
/// </summary>
internal sealed class ToolRunner(Subprocess subprocess, ToolSurroundings around, TimeProvider clock)
{
    private const string OldestAz = "2.40.0";
    private static readonly TimeSpan SignInLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(20);
    private readonly AzMemory _memory = new(clock);
    private ToolVersion? _fine;

    public CommandSettings Settings => around.Settings;

    public TimeProvider Clock => clock;

    /// <summary>What takes its time and changes nothing outside: whether az is new enough, and its sign-in, into the folder that the run will have.</summary>
    public async Task<ReadyTool> Prepare(CommandTool tool, CancellationToken cancellation, ToolIdentity who = ToolIdentity.Reader)
    {
        var folder = new ToolFolder();
        try
        {
            return new(folder, tool == CommandTool.Az ? await SignIn(folder, around.SignInOf(who), cancellation) : null) { Who = who };
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A look, which changes nothing.</summary>
    /// <param name="keep">Of its output, in characters.</param>
    public async Task<ProgramEnd> Run(
        CommandTool tool, ResourceId scope, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation, ToolIdentity who = ToolIdentity.Reader, int keep = Subprocess.MostKept)
    {
        using var ready = await Prepare(tool, cancellation, who);
        return await Start(ready, tool, scope, Launch(arguments, ready, limit) with { Keep = keep }, () => true, cancellation);
    }

    /// <summary>A change: of az it is counted besides how often it was sent.</summary>
    /// <param name="last">Asked when everything is ready, immediately before the program starts.</param>
    public async Task<ProgramEnd> Run(ReadyTool ready, CommandTool tool, ResourceId scope, IReadOnlyList<string> arguments, TimeSpan limit, Func<bool> last, CancellationToken cancellation)
    {
        var end = await Start(ready, tool, scope, Launch(arguments, ready, limit) with { Environment = AzLog.Kept(ready.Folder) }, last, cancellation);
        return tool == CommandTool.Az ? end with { Changes = AzLog.Changes(ready.Folder) } : end;
    }

    private static Launch Launch(IReadOnlyList<string> arguments, ReadyTool ready, TimeSpan limit) => new("", arguments, new Dictionary<string, string>(), ready.Folder.Work, limit);

    /// <param name="launch">Without its program; its environment is what az is told besides.</param>
    private async Task<ProgramEnd> Start(ReadyTool ready, CommandTool tool, ResourceId scope, Launch launch, Func<bool> last, CancellationToken cancellation)
    {
        if (ready.Problem is { } problem)
        {
            return new ProgramEnd.NotStarted(problem);
        }

        if (launch.Arguments.FirstOrDefault(a => Path.Exists(Path.Combine(launch.Folder, a)) && !a.StartsWith("/subscriptions/", StringComparison.Ordinal)) is { } path)
        {
            return new ProgramEnd.NotStarted($"'{path}' names something on the disk of this machine");
        }

        return tool switch
        {
            CommandTool.Az => await subprocess.Run(launch with { Program = around.Settings.Az, Environment = new Dictionary<string, string>([.. AzEnvironment(ready.Folder), .. launch.Environment]) }, last, cancellation),
            CommandTool.Kubectl => await Kubectl(ready, scope, launch with { Program = around.Settings.Kubectl }, last, cancellation),
            _ => new ProgramEnd.NotStarted("no program is known for it"),
        };
    }

    /// <returns>Null: signed in as the agent.</returns>
    private async Task<string?> SignIn(ToolFolder folder, AzSignIn signIn, CancellationToken cancellation)
    {
        var environment = AzEnvironment(folder);
        var version = await AzVersion(folder, environment, cancellation);
        if (version is not { Problem: null, Said: { } said })
        {
            return version.Problem ?? "the version of az is not known";
        }

        _memory.Give(folder, said);
        var signedIn = await By(signIn);
        if (signedIn is ProgramEnd.Exited { Code: 2 } && signIn.Otherwise is { } otherwise)
        {
            // This az does not know the option.
            signedIn = await By(otherwise);
        }

        _memory.Take(folder);
        return signedIn switch
        {
            ProgramEnd.Exited { Code: 0 } => null,
            ProgramEnd.Exited failed => $"az could not sign in as the agent: {ToolAnswer.FirstLine(failed.Errors)}",
            ProgramEnd.NotStarted not => not.Why,
            _ => "az did not sign in in time, or the bot is stopping",
        };

        Task<ProgramEnd> By(AzSignIn how) => subprocess.Run(new(around.Settings.Az, how.In(folder), environment, folder.Work, SignInLimit), () => true, cancellation);
    }

    private Task<ProgramEnd> Kubectl(ReadyTool ready, ResourceId scope, Launch launch, Func<bool> last, CancellationToken cancellation)
    {
        if (around.Settings.Clusters.FirstOrDefault(c => c.Known.Id.Equals(scope)) is not { } cluster)
        {
            return Task.FromResult<ProgramEnd>(new ProgramEnd.NotStarted($"no cluster of the settings is {scope} (Commands:Clusters)"));
        }

        var (folder, file) = (ready.Folder, cluster.ConfigOf(ready.Who));
        if (!File.Exists(file))
        {
            return Task.FromResult<ProgramEnd>(new ProgramEnd.NotStarted($"the kubeconfig of cluster {cluster.Known.Name} is not there (Commands:Clusters, KubeConfig)"));
        }

        // It was looked at when the bot started; since then somebody may have opened it.
        if (KubeConfigFile.IsOpenToOthers(file))
        {
            return Task.FromResult<ProgramEnd>(new ProgramEnd.NotStarted($"others than its owner can read the kubeconfig of cluster {cluster.Known.Name}; chmod 600 it, and change what it signs in with"));
        }

        var environment = Environment(folder, around.Network, new(around.KubeLoginOf(ready.Who)) { ["KUBECONFIG"] = file, ["KUBECTL_KUBERC"] = "false", ["KUBECACHEDIR"] = folder.Home });
        return File.Exists(around.Settings.Kubectl)
            ? subprocess.Run(launch with { Environment = environment }, last, cancellation)
            : Task.FromResult<ProgramEnd>(new ProgramEnd.NotStarted($"kubectl is not at {around.Settings.Kubectl}; install it, or say where it is (Commands:Kubectl)"));
    }

    public async Task<ToolVersion> VersionOfAz(CancellationToken cancellation)
    {
        using var folder = new ToolFolder();
        return await AzVersion(folder, AzEnvironment(folder), cancellation);
    }

    public async Task<ToolVersion> VersionOfKubectl(CancellationToken cancellation)
    {
        using var folder = new ToolFolder();
        var program = around.Settings.Kubectl;
        if (!File.Exists(program))
        {
            return new(null, $"kubectl is not at {program}; install it, or say where it is (Commands:Kubectl)");
        }

        var end = await subprocess.Run(new(program, ["version", "--client", "--output", "json"], Environment(folder, around.Network, []), folder.Work, VersionLimit), () => true, cancellation);
        return end is ProgramEnd.Exited { Code: 0 } said && ToolAnswer.KubectlVersion(said.Output) is { } version
            ? new(version, null)
            : new(null, $"{program} did not say its version; check that it runs");
    }

    private Dictionary<string, string> AzEnvironment(ToolFolder folder) => Environment(folder, around.Network, new()
    {
        ["AZURE_CONFIG_DIR"] = folder.Home, ["AZURE_CLOUD_NAME"] = around.SignIn.Cloud, ["AZURE_CORE_COLLECT_TELEMETRY"] = "false", ["AZURE_CORE_ERROR_RECOMMENDATION"] = "off", ["AZURE_CORE_NO_COLOR"] = "true",
        ["AZURE_EXTENSION_USE_DYNAMIC_INSTALL"] = "no", ["AZURE_EXTENSION_DIR"] = Path.Combine(folder.Home, "none"), ["AZURE_CORE_DISABLE_PROGRESS_BAR"] = "true",
    });

    /// <summary>Asked once for each process of the bot, with a way out that leads nowhere: az would look for its newest release.</summary>
    private async Task<ToolVersion> AzVersion(ToolFolder folder, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        var program = around.Settings.Az;
        if (!File.Exists(program))
        {
            return new(null, $"az is not at {program}; install the Azure CLI, or say where it is (Commands:Az)");
        }

        if (_fine is { } fine)
        {
            return fine;
        }

        var nowhere = new Dictionary<string, string>(environment) { ["HTTPS_PROXY"] = "http://127.0.0.1:9", ["https_proxy"] = "http://127.0.0.1:9" };
        var end = await subprocess.Run(new(program, ["version", "--output", "json"], nowhere, folder.Work, VersionLimit), () => true, cancellation);
        var version = end is ProgramEnd.Exited { Code: 0 } said ? ToolAnswer.AzVersion(said.Output) : null;
        if (version is null)
        {
            return new(null, $"{program} did not say its version, so it is not used; check that it runs");
        }

        return version < Version.Parse(OldestAz)
            ? new($"{version}", $"az is {version}, and the bot needs {OldestAz} or newer; update the Azure CLI")
            : _fine = new($"{version}", null);
    }

    private static Dictionary<string, string> Environment(ToolFolder folder, IReadOnlyDictionary<string, string> network, Dictionary<string, string> own)
    {
        Dictionary<string, string> all = new(network)
        {
            ["PATH"] = "/usr/bin:/bin", ["HOME"] = folder.Home, ["TMPDIR"] = folder.Home, ["LANG"] = "C.UTF-8", ["PYTHONDONTWRITEBYTECODE"] = "1",
        };
        if (network.TryGetValue("SSL_CERT_FILE", out var trusted))
        {
            // Python's own list of authorities knows nothing of the machine's.
            all.TryAdd("REQUESTS_CA_BUNDLE", trusted);
        }

        foreach (var (name, value) in own)
        {
            all[name] = value;
        }

        return all;
    }
}
