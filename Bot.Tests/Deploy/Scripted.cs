using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Deploy;

/// <summary>The deployment scripts in a folder of their own, with a fake az on their PATH that keeps what it was told as lines.</summary>
internal sealed class Scripted : IDisposable
{
    public const string Group = "rg-runmodes";

    private readonly string folder = Directory.CreateTempSubdirectory("deploy-").FullName;

    private readonly Dictionary<string, string?> surroundings = [];

    /// <param name="realAz">The machine's own az; the fake dotnet and curl stay.</param>
    /// <param name="realSdk">The machine's own dotnet too; what it published is kept.</param>
    public Scripted(bool realAz = false, bool realSdk = false)
    {
        foreach (var program in (string[])["bash", "jq"])
        {
            Counterpart.Require(Programs.Find(program) is not null, $"{program} is not installed.");
        }

        Directory.CreateDirectory(Path.Combine(folder, "azure"));
        Directory.CreateDirectory(Path.Combine(folder, "tmp"));
        var fakes = Directory.CreateDirectory(Path.Combine(folder, "fakes")).FullName;
        foreach (var fake in Directory.GetFiles(Repository.Path("Bot.Tests/Deploy/Fakes")).Where(f => !realAz || Path.GetFileName(f) != "az"))
        {
            System.IO.File.CreateSymbolicLink(Path.Combine(fakes, Path.GetFileName(fake)), fake);
        }

        if (realSdk)
        {
            System.IO.File.Delete(Path.Combine(fakes, "dotnet"));
            System.IO.File.WriteAllText(Path.Combine(fakes, "dotnet"), $"#!/bin/sh\n'{Programs.Find("dotnet")}' \"$@\" || exit\n[ \"$1\" != publish ] || cp -r \"$TMPDIR\"/*/bot '{Published}'\n");
            if (!OperatingSystem.IsWindows())
            {
                System.IO.File.SetUnixFileMode(Path.Combine(fakes, "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        surroundings["PATH"] = $"{fakes}:{Environment.GetEnvironmentVariable("PATH")}";
        surroundings["FAKE"] = Path.Combine(folder, "azure");
        surroundings["TMPDIR"] = Path.Combine(folder, "tmp");
        var sample = System.IO.File.ReadAllText(Repository.Path("deploy/parameters.json"));
        System.IO.File.WriteAllText(Parameters, sample.Replace("00000000-0000-0000-0000-000000000000", "aaaaaaaa-0000-4000-8000-000000000000", StringComparison.Ordinal));
    }

    public string Parameters => Path.Combine(folder, "parameters.json");

    /// <summary>What was published, where the real SDK did it.</summary>
    public string Published => Path.Combine(folder, "published");

    public string Package => Path.Combine(folder, "package.zip");

    /// <summary>What a script leaves in its temporary folder when it ends by itself.</summary>
    public IReadOnlyList<string> Litter => Directory.GetFileSystemEntries(Path.Combine(folder, "tmp"));

    /// <summary>Every az call, its arguments in one line.</summary>
    public IReadOnlyList<string> Calls => Lines("calls");

    public IReadOnlyList<string> Lines(string kind) => System.IO.File.Exists(File(kind)) ? System.IO.File.ReadAllLines(File(kind)) : [];

    public void Put(string kind, params string[] lines) => System.IO.File.AppendAllLines(File(kind), lines);

    /// <summary>az, signed in with a configuration of its own, to a cloud that lies behind a proxy.</summary>
    public async Task SignIn(FakeCloud cloud, CancellationToken cancellation)
    {
        foreach (var (name, value) in cloud.Environment)
        {
            surroundings[name] = value;
        }

        surroundings["AZURE_CONFIG_DIR"] = Path.Combine(folder, "az-config");
        surroundings["AZURE_CORE_COLLECT_TELEMETRY"] = "false";
        surroundings["AZURE_CORE_ERROR_RECOMMENDATION"] = "off";
        surroundings["AZURE_EXTENSION_USE_DYNAMIC_INSTALL"] = "no";
        var signedIn = await Programs.Run("az", ["login", "--service-principal", "--username", Known.AgentClientId, "--password", Known.AgentSecret, "--tenant", Known.Tenant, "-o", "none"], cancellation, surroundings, folder);
        Assert.True(signedIn.Exit == 0, signedIn.All);
    }

    public Task<Ended> Deploy(CancellationToken cancellation, string[]? more = null, params (string Name, string Value)[] environment) =>
        Run("deploy/deploy.sh", ["--resource-group", Group, "--location", "westeurope", "--parameters", Parameters, "--package", Package, .. more ?? []], environment, cancellation);

    public Task<Ended> Uninstall(CancellationToken cancellation, string[]? more = null, params (string Name, string Value)[] environment) =>
        Run("deploy/uninstall.sh", ["--resource-group", Group, .. more ?? ["--yes", Group]], environment, cancellation);

    /// <summary>Everything Azure holds in the end, without what only counts how often it was asked.</summary>
    public string State() => string.Join('\n',
        Directory.GetFiles(Path.Combine(folder, "azure")).Order(StringComparer.Ordinal).Where(f => Path.GetFileName(f) is not ("calls" or "programs-run" or "deleted"))
            .Where(f => new FileInfo(f).Length > 0)
            .Select(f => Path.GetFileName(f) switch
            {
                // New at random, once; how often is another test's question.
                "passwords" or "keys" or "connection" or "deployments" or "identities" or "vaults" or "programs" or "secrets" => $"{Path.GetFileName(f)}: {System.IO.File.ReadLines(f).Any()}",
                var kind => $"{kind}: {System.IO.File.ReadAllText(f)}",
            }));

    /// <summary>Another world in the same state, with its calls still to come.</summary>
    public Scripted Again()
    {
        var again = new Scripted();
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "azure")).Where(f => Path.GetFileName(f) != "calls"))
        {
            System.IO.File.Copy(file, again.File(Path.GetFileName(file)));
        }

        return again;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File(string kind) => Path.Combine(folder, "azure", kind);

    private Task<Ended> Run(string script, IEnumerable<string> arguments, (string Name, string Value)[] environment, CancellationToken cancellation)
    {
        var all = new Dictionary<string, string?>(surroundings);
        foreach (var (name, value) in environment)
        {
            all[name] = value;
        }

        return Programs.Run("bash", [Repository.Path(script), .. arguments], cancellation, all, folder);
    }
}
