using Microsoft.Extensions.Logging.Abstractions;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Execution;

/// <summary>The real runner and real processes; a script stands where az or kubectl would.</summary>
public sealed class ToolExecutorTests
{
    private const string Subscription = "55555555-5555-4555-8555-555555555555";
    private const string Secret = "canary-secret-of-the-agent-77ab";
    private static readonly AzureContext Context = new("AzureCloud", Agent.Tenant, Agent.Client);
    private static readonly ResourceId Cluster = ResourceId.Parse($"/subscriptions/{Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1");

    [Fact]
    public async Task It_runs_once_with_the_approved_arguments_in_an_environment_of_its_own()
    {
        using var az = FakeProgram.Az("exit 0");
        Environment.SetEnvironmentVariable("RUNMODES_CANARY", "canary-of-this-process");
        var world = new World(az.Executable);
        var result = await world.Execute("vm deallocate -n vm1 -g web");

        Assert.Equal((Outcome.Succeeded, true), (result.Outcome, result.Sent));
        Assert.Equal(["version", "login", "vm"], az.Calls.Select(c => c[0]));
        Assert.Equal($"vm deallocate --name vm1 --resource-group web --subscription {Subscription} --output json --only-show-errors", string.Join(' ', az.Calls[2]));
        var environment = az.Environment.Split('\n');
        Assert.DoesNotContain("canary-of-this-process", az.Environment, StringComparison.Ordinal);
        Assert.Contains("AZURE_CORE_COLLECT_TELEMETRY=false", environment);
        Assert.Contains("AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no", environment);
        Assert.Contains("files=0", environment);
        var folder = environment.Single(l => l.StartsWith("AZURE_CONFIG_DIR=", StringComparison.Ordinal));
        // Another execution, another folder; and none of them is left.
        await world.Execute("vm deallocate -n vm1 -g web");
        Assert.DoesNotContain(folder, az.Environment.Split('\n'));
        Assert.False(Directory.Exists(folder["AZURE_CONFIG_DIR=".Length..]));
    }

    [Fact]
    public async Task What_signs_in_is_in_a_file_of_its_owner_and_in_no_argument()
    {
        using var az = FakeProgram.Az("exit 0", login: """for a in "$@"; do case "$a" in @*) stat -c %a "${a#@}" > "$0.mode"; cat "${a#@}" > "$0.secret";; esac; done; exit 0""");
        await new World(az.Executable).Execute("vm start -n vm1 -g web");
        Assert.Equal(("600", Secret), (File.ReadAllText($"{az.Executable}.mode").Trim(), File.ReadAllText($"{az.Executable}.secret")));
        Assert.DoesNotContain(az.Calls, c => string.Join(' ', c).Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, az.Environment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("az", 1, "ERROR: (AuthorizationFailed) The client does not have authorization.", "Failed AuthorizationFailed sent")]
    [InlineData("az", 3, "ERROR: (ResourceNotFound) The Resource was not found.", "Failed ResourceNotFound sent")]
    [InlineData("az", 1, "ERROR: (OverconstrainedAllocationRequest) Allocation failed.", "Failed OverconstrainedAllocationRequest sent")]
    [InlineData("az", 1, "ERROR: (InternalServerError) Try later.", "Unknown InternalServerError sent")]
    [InlineData("az", 1, "ERROR: (GatewayTimeout) Try later.", "Unknown GatewayTimeout sent")]
    [InlineData("az", 1, "ERROR: Operation returned an invalid status 'Bad Gateway'", "Unknown Exit1 sent")]
    [InlineData("az", 1, "", "Unknown Exit1 sent")]
    [InlineData("az", 143, "Terminated", "Unknown Exit143 sent")]
    [InlineData("az", 2, "ERROR: unrecognized arguments: --x", "Failed NotParsed nothing")]
    [InlineData("az", 1, "ERROR: HTTPSConnectionPool: Failed to establish a new connection", "Unknown Exit1 sent")]
    [InlineData("kubectl", 1, "Error from server (Forbidden): deployments.apps is forbidden", "Failed Forbidden sent")]
    [InlineData("kubectl", 1, "Error from server (Conflict): changed", "Failed Conflict sent")]
    [InlineData("kubectl", 1, "Error from server (Timeout): request did not complete", "Unknown Timeout sent")]
    [InlineData("kubectl", 1, "Error from server (InternalError): etcd", "Unknown InternalError sent")]
    [InlineData("kubectl", 1, "Unable to connect to the server: dial tcp 127.0.0.1:1: connect: connection refused", "Failed NotReached nothing")]
    [InlineData("kubectl", 1, "Unable to connect to the server: EOF", "Unknown Exit1 sent")]
    [InlineData("kubectl", 7, "garbage \u001b[31m", "Unknown Exit7 sent")]
    public async Task That_a_program_failed_means_that_nothing_was_done_only_where_its_server_said_so(string program, int exit, string errors, string expected)
    {
        var body = $"cat >&2 <<'END'\n{errors}\nEND\nexit {exit}";
        using var fake = program == "az" ? FakeProgram.Az(body) : new FakeProgram("kubectl", body);
        var result = await new World(fake.Executable).Execute(program == "az" ? "vm start -n vm1 -g web" : "scale deployment/web --replicas 3");
        Assert.Equal(expected, $"{result.Outcome} {result.Code} {(result.Sent ? "sent" : "nothing")}");
        Assert.DoesNotContain('\u001b', result.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_takes_too_long_or_is_stopped_ends_with_all_that_it_started_and_nobody_knows_what_it_did(bool timeOut)
    {
        using var kubectl = new FakeProgram("kubectl", """(setsid true; sleep 300) & sleep 300 & echo $! > "$0.child"; wait""");
        var world = new World(kubectl.Executable);
        using var stopping = new CancellationTokenSource();
        var execution = world.Execute("scale deployment/web --replicas 3", stopping.Token);
        var child = await Eventually(() => File.Exists($"{kubectl.Executable}.child") ? File.ReadAllText($"{kubectl.Executable}.child").Trim() : "");
        if (timeOut)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        else
        {
            await stopping.CancelAsync();
        }

        var result = await execution;
        Assert.Equal((Outcome.Unknown, "TimedOut", true), (result.Outcome, result.Code, result.Sent));
        await Eventually(() => !File.Exists($"/proc/{child}/stat") || File.ReadAllText($"/proc/{child}/stat").Contains(") Z", StringComparison.Ordinal) ? "gone" : "");
    }

    [Fact]
    public async Task A_hundred_megabytes_of_output_are_read_and_not_kept()
    {
        using var kubectl = new FakeProgram("kubectl", "head -c 100000000 /dev/zero | tr '\\0' x; exit 0");
        var world = new World(kubectl.Executable);
        var output = await world.Reads.Read(world.Understood("get pods"), TestContext.Current.CancellationToken);
        Assert.Null(output.Failed);
        Assert.Equal(Subprocess.MostKept, output.Text.Length);
    }

    [Theory]
    [InlineData("missing", "az is not at")]
    [InlineData("old", "az is 2.20.0, and the bot needs")]
    [InlineData("silent", "did not say its version")]
    [InlineData("signed out", "az could not sign in as the agent: ERROR: AADSTS7000215")]
    public async Task Without_an_az_that_is_new_enough_and_signs_in_nothing_runs_and_the_line_says_what_to_do(string how, string told)
    {
        using var az = how switch
        {
            "old" => FakeProgram.Az("exit 0", version: "2.20.0"),
            "silent" => new FakeProgram("az", "exit 0"),
            _ => FakeProgram.Az("exit 0", login: "echo 'ERROR: AADSTS7000215: wrong' >&2; exit 1"),
        };
        var result = await new World(how == "missing" ? "/nowhere/az" : az.Executable).Execute("vm start -n vm1 -g web");
        Assert.Equal((Outcome.Failed, false), (result.Outcome, result.Sent));
        Assert.Contains(told, result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(az.Calls, c => c[0] == "vm");
    }

    [Fact]
    public async Task A_permit_that_was_used_or_is_ten_seconds_old_starts_nothing()
    {
        using var az = FakeProgram.Az("exit 0");
        var world = new World(az.Executable);
        var used = await world.Permit("vm start -n vm1 -g web");
        Assert.True(used.TryUse());
        var late = await world.Permit("vm start -n vm1 -g web");
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var permit in (ExecutionPermit[])[used, late])
        {
            var result = await world.Execute(permit);
            Assert.Equal(("PermitExpired", false), (result.Code, result.Sent));
        }

        Assert.DoesNotContain(az.Calls, c => c[0] == "vm");
    }

    [Fact]
    public async Task The_sign_in_comes_before_the_permit_and_takes_none_of_its_seconds()
    {
        using var az = FakeProgram.Az("exit 0", login: """echo "$AZURE_CONFIG_DIR" > "$0.folder"; exit 0""");
        var world = new World(az.Executable);
        var call = world.Call("vm start -n vm1 -g web");
        string folder;
        using (var ready = await world.Preparation.Prepare(call, TestContext.Current.CancellationToken))
        {
            // However long that took: there is no permit yet.
            world.Clock.Advance(TimeSpan.FromSeconds(29));
            Assert.Equal(["version", "login"], az.Calls.Select(c => c[0]));
            Assert.True(Directory.Exists(folder = File.ReadAllText($"{az.Executable}.folder").Trim()));
            var permit = await world.Win(call);
            world.Clock.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal(Outcome.Succeeded, (await world.Executor.Execute(permit, ready!, TestContext.Current.CancellationToken)).Outcome);
            Assert.Equal(["version", "login", "vm"], az.Calls.Select(c => c[0]));
            Assert.Contains($"AZURE_CONFIG_DIR={folder}", az.Environment, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    [Theory]
    [InlineData("--debug")]
    [InlineData("--ids")]
    [InlineData("; id")]
    public async Task A_stored_argument_list_that_the_catalogue_would_not_write_is_not_run(string added)
    {
        using var az = FakeProgram.Az("exit 0");
        var world = new World(az.Executable);
        foreach (var altered in (Func<Operation.ToolCall, Operation.ToolCall>[])[c => c with { Arguments = [.. c.Arguments, added] }, c => c with { Arguments = [.. c.Arguments.Select(a => a == "vm1" ? "vm2" : a)] },
            c => c with { Command = "vm stop" }, c => c with { Context = c.Context with { AgentIdentity = "other" } }, c => c with { Tool = CommandTool.Kubectl }, c => c with { Scope = Cluster }])
        {
            var result = await world.Execute(await world.Win(altered(world.Call("vm start -n vm1 -g web"))));
            Assert.Equal(("NotSent", false), (result.Code, result.Sent));
        }

        Assert.DoesNotContain(az.Calls, c => c[0] is not ("version" or "login"));
    }

    [Fact]
    public async Task What_is_no_read_does_not_run_as_one()
    {
        using var az = FakeProgram.Az("exit 0");
        var world = new World(az.Executable);
        foreach (var typed in (string[])["vm start -n vm1 -g web", "webapp restart -n shop -g web"])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => world.Reads.Read(world.Understood(typed), TestContext.Current.CancellationToken));
        }

        Assert.Empty(az.Calls);
    }

    private static async Task<string> Eventually(Func<string> look)
    {
        string seen;
        for (var beginning = TimeProvider.System.GetTimestamp(); (seen = look()).Length == 0;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(30), "It never came.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        return seen;
    }

    private sealed class World
    {
        private readonly CommandSettings _settings;
        public World(string program)
        {
            _settings = new(program, program, [Subscription], [new(new("prod", Cluster, "admin", ["web"]), program)]);
            var runner = new ToolRunner(new Subprocess(Clock), new(_settings, new(["login", "--service-principal", "--username", Agent.Client, "--tenant", Agent.Tenant], "--password", () => Secret), new Dictionary<string, string>()), Clock);
            (Preparation, Executor, Reads) = (new ToolPreparation(runner), new ToolExecutor(runner, Context, NullLogger<ToolExecutor>.Instance), new ToolReads(runner));
        }

        public HandClock Clock { get; } = new();

        public ToolPreparation Preparation { get; }
        public ToolExecutor Executor { get; }
        public ToolReads Reads { get; }

        public CommandReading.Understood Understood(string typed) => Assert.IsType<CommandReading.Understood>(
            _settings.Read(KubectlCatalogue.Find(typed.Split(' ')[0]) is null ? CommandTool.Az : CommandTool.Kubectl, typed));

        public Operation.ToolCall Call(string typed) => Operation.ToolCall.Of(Understood(typed), Context);

        public Task<ExecutionPermit> Permit(string typed) => Win(Call(typed));

        public async Task<ExecutionPermit> Win(Operation operation)
        {
            using var agent = new Agent(new HttpClientHandler(), new Token("x"), Clock);
            return await agent.Permit(operation);
        }

        public async Task<ExecutionResult> Execute(string typed, CancellationToken? cancellation = null) => await Execute(await Permit(typed), cancellation);

        public async Task<ExecutionResult> Execute(ExecutionPermit permit, CancellationToken? cancellation = null)
        {
            using var ready = await Preparation.Prepare(permit.Operation, cancellation ?? TestContext.Current.CancellationToken);
            return await Executor.Execute(permit, ready!, cancellation ?? TestContext.Current.CancellationToken);
        }
    }
}
