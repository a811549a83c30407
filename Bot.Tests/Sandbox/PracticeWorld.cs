using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Roles;
using RunModes.Bot.Sandbox;
using RunModes.Bot.Teams;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Sandbox;

/// <summary>The product's own folders, wired as the program wires them for the sandbox, on the clock of the test.</summary>
internal sealed class PracticeWorld : IDisposable
{
    private readonly SandboxFolder folder = new();
    private readonly ServiceProvider services;

    public PracticeWorld()
    {
        Configuration.AddSandboxSettings(folder);
        services = new ServiceCollection()
            .AddLogging().AddSingleton<TimeProvider>(Clock)
            .AddPlans(Configuration).AddExecution(Configuration, sandbox: true).AddInvestigation().AddRoles(Configuration).AddTeams(Configuration, sandbox: true)
            .AddSandbox()
            .PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(
                builder => builder.PrimaryHandler = new Recorder { InnerHandler = builder.PrimaryHandler }))
            .BuildServiceProvider();
    }

    public ConfigurationManager Configuration { get; } = new();

    public ManualClock Clock { get; } = new(ManualClock.Start.AddSeconds(20));

    public PracticeAzure Azure => Get<PracticeAzure>();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public HttpClient Client(string name) => Get<IHttpClientFactory>().CreateClient(name);

    public Task<Investigated> Investigate(PracticeApp app) => Get<IInvestigator>().Investigate(
        new Incident
        {
            Id = new("i1"), Platform = Platform.AzureMonitor, Rule = "rule", Title = "High memory", Severity = app.Severity, SignalType = "Metric",
            Target = ResourceId.Parse(app.Id), PlanWhy = "", FirstFiredAt = Clock.GetUtcNow(), LastFiredAt = Clock.GetUtcNow(), MergeUntil = Clock.GetUtcNow(),
            Firings = 1, Attempts = 0, Version = 1,
        },
        null, TestContext.Current.CancellationToken);

    public async Task<ExecutionResult> Execute(Operation operation)
    {
        var proposal = new Proposal
        {
            Id = new("p1"), Run = new("r1"), Incident = new("i1"), Revision = 1, Version = 1, Operation = operation, Fingerprint = Fingerprint.Of(operation),
            Provenance = Provenance.Runbook, Finding = new(Conclusion.Sick, "app", "", "", [], null, Clock.GetUtcNow()),
            Status = ProposalStatus.Approved, CreatedAt = Clock.GetUtcNow(), ApprovalExpiry = TimeSpan.FromHours(1),
        };
        var claim = await ExecutionPermit.Win(new AlwaysWins(proposal), proposal, _ => true, Clock, TestContext.Current.CancellationToken);
        return await Get<ArmExecutor>().Execute(Assert.IsType<Claim.Won>(claim).Permit, TestContext.Current.CancellationToken);
    }

    /// <summary>What verification reads: the latest memory at or after <paramref name="from"/>.</summary>
    public async Task<double?> Memory(RecoverySignal signal, DateTimeOffset from) =>
        await Get<MetricReader>().Samples(signal.Resource, signal.Metric, signal.Aggregation, from, Clock.GetUtcNow().AddMinutes(1), TestContext.Current.CancellationToken)
            is MetricReading.Samples { Points: var points } ? points[^1].Value : null;

    public void Dispose()
    {
        services.Dispose();
        Configuration.Dispose();
        Clock.Dispose();
        folder.Dispose();
    }

    private sealed class AlwaysWins(Proposal proposal) : IClaims
    {
        public Task<Proposal?> TryClaim(ProposalId id, long version, ClaimId claim, CancellationToken cancellation) => Task.FromResult<Proposal?>(proposal);
    }

    /// <summary>What the practice subscription answers is judged by Microsoft's definitions like every other fake.</summary>
    private sealed class Recorder : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri is not { Host: "management.azure.com" } url) return response;
            var asked = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var answer = new WireAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
            ExchangeLog.Write(
                new WireRequest(url.Host, request.Method.Method, url.AbsolutePath, url.Query, [], new Dictionary<string, string>(),
                    request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value)), asked, default),
                response.Headers.Aggregate(answer, (sum, header) => sum.With(header.Key, string.Join(',', header.Value))),
                scripted: false);
            return response;
        }
    }
}
