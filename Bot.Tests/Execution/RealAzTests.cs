using Microsoft.Extensions.Logging.Abstractions;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

/// <summary>The real Azure CLI, signed in and run by the bot's own executor, against the fake cloud behind a proxy: what it sends and how it ends.</summary>
public sealed class RealAzTests
{
    private const string Start = "aks start -n aks1 -g web";
    private static readonly string Cluster = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1";
    private static readonly string Poll = $"https://management.azure.com/subscriptions/{Known.Subscription}/providers/Microsoft.ContainerService/locations/westeurope/operations/op1?api-version=2017-08-31";

    [Theory]
    [InlineData("accepted and done", "Succeeded Accepted", 1)]
    [InlineData("403", "Failed AuthorizationFailed", 1)]
    [InlineData("404", "Failed ResourceNotFound", 1)]
    [InlineData("429 first", "Succeeded Accepted", 2)]
    [InlineData("ends failed", "Failed OverconstrainedAllocationRequest", 1)]
    [InlineData("500", "Unknown InternalServerError", 4)]
    public async Task What_Azure_answers_is_what_the_card_will_say(string answer, string expected, int posts)
    {
        await using var world = await World.New();
        var arm = world.Cloud.Arm.Faults;
        arm.Always(Operation(answer == "ends failed" ? """{"name":"op1","status":"Failed","error":{"code":"OverconstrainedAllocationRequest","message":"Allocation failed."}}""" : """{"name":"op1","status":"Succeeded"}"""), r => r.Path.Contains("/operations/", StringComparison.Ordinal));
        switch (answer)
        {
            case "403": arm.Always(Fault.Error(403, "AuthorizationFailed", "The client does not have authorization."), IsStart); break;
            case "404": arm.Always(Fault.Error(404, "ResourceNotFound", "The Resource was not found."), IsStart); break;
            case "500": arm.Always(Fault.Error(500, "InternalServerError", "Something went wrong."), IsStart); break;
            case "429 first": arm.Next(Fault.Throttled("1"), IsStart); break;
        }

        arm.Always(Accepted, IsStart);
        var result = await world.Execute(Start);
        Assert.Equal(expected, $"{result.Outcome} {result.Code}");
        Assert.Equal(posts, world.Cloud.Arm.Requests.Count(IsStart));
        Assert.DoesNotContain(Known.AgentSecret, result.Message, StringComparison.Ordinal);
        world.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Ended_in_the_middle_of_its_wait_it_has_sent_once_and_nobody_knows()
    {
        await using var world = await World.New();
        world.Cloud.Arm.Faults.Always(Accepted, IsStart);
        world.Cloud.Arm.Faults.Always(Fault.Hang, r => r.Path.Contains("/operations/", StringComparison.Ordinal));
        using var stopping = new CancellationTokenSource();
        var execution = world.Execute(Start, stopping.Token);
        for (var beginning = TimeProvider.System.GetTimestamp(); !world.Cloud.Arm.Requests.Any(IsStart);)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(90), "az never sent it.");
            Assert.False(execution.IsCompleted, execution.IsCompleted ? (await execution).ToString() : "");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await stopping.CancelAsync();
        Assert.Equal((Outcome.Unknown, "TimedOut"), ((await execution).Outcome, (await execution).Code));
        Assert.Single(world.Cloud.Arm.Requests, IsStart);
    }

    [Fact]
    public async Task Four_at_once_do_not_meet()
    {
        await using var world = await World.New();
        world.Cloud.Arm.Faults.Always(Operation("""{"name":"op1","status":"Succeeded"}"""), r => r.Path.Contains("/operations/", StringComparison.Ordinal));
        world.Cloud.Arm.Faults.Always(Accepted, r => r.Method == "POST" && r.Path.EndsWith("/start", StringComparison.Ordinal));
        var results = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => world.Execute($"aks start -n aks{n} -g web")));
        Assert.All(results, r => Assert.Equal(Outcome.Succeeded, r.Outcome));
        Assert.Equal(["aks1", "aks2", "aks3", "aks4"], world.Cloud.Arm.Mutations.Select(m => m.Segments[^2]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_comes_back_whole_and_a_wrong_secret_runs_nothing()
    {
        await using var world = await World.New();
        world.Cloud.Arm.Faults.Always(Fault.Status(200, $$"""{"id":"/subscriptions/{{Known.Subscription}}/resourceGroups/web","name":"web","location":"westeurope","properties": { "provisioningState":"Succeeded" } }"""),
            r => r.Method == "GET" && r.Path.EndsWith("/resourcegroups/web", StringComparison.OrdinalIgnoreCase));
        var read = await world.Reads.Read(world.Understood("group show -n web"), TestContext.Current.CancellationToken);
        Assert.True(read.Failed is null, read.Failed);
        Assert.Contains("\"westeurope\"", read.Text, StringComparison.Ordinal);

        world.Cloud.Entra.Client(Known.AgentClientId, "another");
        var refused = await world.Execute(Start);
        Assert.Equal((Outcome.Failed, false), (refused.Outcome, refused.Sent));
        Assert.Contains("az could not sign in as the agent", refused.Message, StringComparison.Ordinal);
        Assert.Empty(world.Cloud.Arm.Mutations);
    }

    private static Fault Accepted { get; } = Fault.Answered(new WireAnswer(202, "").With("Location", Poll).With("Azure-AsyncOperation", Poll).With("Retry-After", "0"));

    private static Fault Operation(string body) => Fault.Status(200, body, retryAfter: "0");

    private static bool IsStart(WireRequest request) => request.Method == "POST" && request.Path.Equals($"{Cluster}/start", StringComparison.OrdinalIgnoreCase);

    private sealed class World(FakeCloud cloud) : IAsyncDisposable
    {
        private static readonly AzureContext Context = new("AzureCloud", Known.Tenant, Known.AgentClientId);
        private readonly CommandSettings _settings = new(Counterpart.RequireFile("/usr/bin/az", "The Azure CLI is not installed (apt-get install azure-cli)."), "/usr/bin/kubectl", [Known.Subscription], []);

        private ToolRunner? _runner;

        public FakeCloud Cloud => cloud;

        /// <summary>It stands still: a permit that is ten seconds old on a slow machine is another test's.</summary>
        private HandClock Clock { get; } = new();

        private ToolRunner Runner => _runner ??= new(new Subprocess(Clock), new ToolSurroundings(
            _settings, new(["login", "--service-principal", "--username", Known.AgentClientId, "--tenant", Known.Tenant, "--allow-no-subscriptions"], "--password", () => Known.AgentSecret), cloud.Environment), Clock);

        public ToolReads Reads => new(Runner);

        public static async Task<World> New()
        {
            var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
            cloud.Arm.Faults.Always(Fault.Status(200, $$"""{"value":[{"id":"/subscriptions/{{Known.Subscription}}","subscriptionId":"{{Known.Subscription}}","tenantId":"{{Known.Tenant}}","displayName":"Production","state":"Enabled"}]}"""),
                r => r.Method == "GET" && r.Path.TrimEnd('/').Equals("/subscriptions", StringComparison.OrdinalIgnoreCase));
            return new(cloud);
        }

        public CommandReading.Understood Understood(string typed) => Assert.IsType<CommandReading.Understood>(_settings.Read(CommandTool.Az, typed));

        public async Task<ExecutionResult> Execute(string typed, CancellationToken? cancellation = null)
        {
            using var agent = new Agent(new HttpClientHandler(), new Token("x"), Clock);
            var call = Bot.Proposals.Operation.ToolCall.Of(Understood(typed), Context);
            using var ready = await new ToolPreparation(Runner).Prepare(call, cancellation ?? TestContext.Current.CancellationToken);
            return await new ToolExecutor(Runner, Context, NullLogger<ToolExecutor>.Instance).Execute(await agent.Permit(call), ready!, cancellation ?? TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync() => cloud.DisposeAsync();
    }
}
