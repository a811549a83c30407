using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Roles;
using RunModes.Bot.Tests.Support;
using Sample = RunModes.Bot.Tests.Cards.Sample;

namespace RunModes.Bot.Tests.Chat;

/// <summary>The chat over a real store on disk; Graph and Azure are answered at the wire. Nothing runs by itself: what was said is read from the outbox.</summary>
internal sealed class ChatWorld : IAsyncDisposable
{
    public const string Team = "19:team@thread.tacv2";
    public const string Other = "19:other@thread.tacv2";
    private readonly string _folder = Directory.CreateTempSubdirectory("chat-").FullName;
    private readonly HashSet<string> _seen = [];
    private readonly ServiceProvider _services;
    private int _activities;

    private ChatWorld(IReadOnlyDictionary<string, string?>? more, Func<string, CancellationToken, Task<string>>? practice)
    {
        var settings = new Dictionary<string, string?>
        {
            ["MicrosoftAppTenantId"] = ScriptedGraph.Tenant, ["MicrosoftAppId"] = ScriptedGraph.App,
            ["Roles:Administrator:Groups:0"] = ScriptedGraph.Approvers, ["Roles:StandardUser:Groups:0"] = ScriptedGraph.Responders,
        };
        foreach (var (key, value) in more ?? new Dictionary<string, string?>())
        {
            settings[key] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Where(s => s.Value is not null)).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        var store = SqliteStore.OpenExclusively($"Data Source={Path.Combine(_folder, "chat.db")};Pooling=False");
        services.AddStorage(store).AddAudit(new AuditKey(RandomNumberGenerator.GetBytes(32)), AuditFiles.Of(null, store.Path)!);
        services.AddPlans(configuration, RunModes.Bot.Execution.CommandSettings.From(configuration).Readers).AddIncidents(configuration).AddInvestigation().AddExecution(configuration, sandbox: true).AddRoles(configuration);
        services.AddApprovals().AddHooks(configuration).AddRuns(configuration).AddChat().AddGraphMail();
        services.AddKeyedSingleton<TokenCredential>(GraphDirectory.Identity, new StaticCredential());
        services.PostConfigureAll<HttpClientFactoryOptions>(o => o.HttpMessageHandlerBuilderActions.Add(b => b.PrimaryHandler = new Outside(this)));
        if (practice is not null)
        {
            services.AddSingleton(new PracticeAlerts(practice));
        }

        _services = services.BuildServiceProvider();
    }

    public static Someone Ada { get; } = new("0c0c0c0c-0000-4000-8000-00000000000a", "Ada");

    public static Someone Ben { get; } = new("0c0c0c0c-0000-4000-8000-00000000000b", "Ben");

    public static Someone Sam { get; } = new("0c0c0c0c-0000-4000-8000-00000000000c", "Sam");

    public static Someone Rob { get; } = new("0c0c0c0c-0000-4000-8000-00000000000d", "Rob");

    public static Someone Gale { get; } = new("0c0c0c0c-0000-4000-8000-00000000000e", "Gale");

    /// <summary>Graph answers 503 whenever it is asked about this one.</summary>
    public static Someone Mute { get; } = new("0c0c0c0c-0000-4000-8000-00000000000f", "Mute");

    public ManualClock Clock { get; } = new();

    /// <summary>Whether Azure grants the agent everything.</summary>
    public bool Granted { get; set; } = true;

    public ILedger Ledger => Get<ILedger>();

    public IProposals Proposals => Get<IProposals>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ChatWorld> Start(IReadOnlyDictionary<string, string?>? settings = null, Func<string, CancellationToken, Task<string>>? practice = null)
    {
        var world = new ChatWorld(settings, practice);
        await world.Get<IInbound>().OnInstalled(new(Channel(Team), "Ada"), Cancellation);
        await world.News();
        return world;
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public static Conversation Channel(string id) =>
        new(id, ConversationKind.Channel, new Uri("https://smba.trafficmanager.net/teams/"), ScriptedGraph.Tenant, "28:bot", Team, id, id == Team ? "General" : "Other");

    public static Conversation Personal(Someone who) =>
        new($"a:{who.Name}", ConversationKind.Personal, new Uri("https://smba.trafficmanager.net/teams/"), ScriptedGraph.Tenant, "28:bot");

    public static Actor Actor(Someone who) => new(ScriptedGraph.Tenant, who.ObjectId, $"29:{who.Name}", who.Name);

    /// <summary>What the bot has to say since the last look.</summary>
    public async Task<IReadOnlyList<OutboxItem>> News()
    {
        var rows = await Ledger.Read(t => Get<IOutbox>().Due(t, Clock.GetUtcNow() + TimeSpan.FromDays(1), 500), Cancellation);
        var news = rows.Where(r => _seen.Add(r.Id)).ToList();
        // As if sent, so that a later row for the same subject is seen as a further one.
        foreach (var row in news)
        {
            await Ledger.Write(DurableStep.Unknown, t => Get<IOutbox>().Finish(t, row, OutboxState.Done, null), Cancellation);
        }

        return [.. news.Select(r => r.Item)];
    }

    public async Task<IReadOnlyList<OutboxItem>> Say(Someone who, string text, Conversation? where = null)
    {
        var id = $"in-{++_activities}";
        await Get<IInbound>().OnMessage(new(Actor(who), where ?? Channel(Team), id, where?.Kind == ConversationKind.Personal ? null : id, text), Cancellation);
        return await News();
    }

    /// <summary>The one reply in words.</summary>
    public async Task<string> Ask(Someone who, string text, Conversation? where = null) =>
        Assert.Single(await Say(who, text, where), i => i is { Shows: Shown.Notice, ConversationId: not null, Urgency: Urgency.Reply }).Payload!.Text;

    /// <summary>Says something that is answered by a confirmation card; returns its id.</summary>
    public async Task<string> AskCard(Someone who, string text) =>
        Assert.Single(await Say(who, text), i => i.Shows == Shown.Confirmation).Subject["confirmation/".Length..];

    public Task<CardReply> Press(Someone who, string verb, string id, int revision = 1, Conversation? where = null, string? message = "card-1", bool fallback = false, string? choice = null, string? reason = null) =>
        PressRaw(who, verb, JsonSerializer.SerializeToElement(new { p = id, r = revision, choice, reason }), where, message, fallback);

    public Task<CardReply> PressRaw(Someone who, string verb, JsonElement data, Conversation? where = null, string? message = "card-1", bool fallback = false) =>
        Get<IInbound>().OnCardAction(new(Actor(who), where ?? Channel(Team), "root-1", message, verb, data, fallback), Cancellation);

    /// <summary>A confirmation's card as it would be sent now.</summary>
    public async Task<string> Confirmation(string id) => string.Join("\n", Cards.Nodes.Texts((await Get<IEnumerable<IPresenter>>().Single(p => p.Shows.Contains(Shown.Confirmation))
        .Present(new OutboxItem(Shown.Confirmation, $"confirmation/{id}", Urgency.Reply), Cancellation))!.Message.Card!));

    public Task<Control> Control() => Ledger.Read(Get<IPlans>().ReadControl, Cancellation);

    public Task<ResponsePlan?> Plan(string name) => Ledger.Read(t => Get<IPlans>().Find(t, name.ToLowerInvariant()), Cancellation);

    public Task AddPlan(string name, RunMode? mode, Func<ResponsePlan, ResponsePlan>? change = null)
    {
        var plan = new ResponsePlan { Name = name, Mode = mode };
        return Ledger.Write(DurableStep.Unknown, t => Get<IPlans>().Insert(t, change?.Invoke(plan) ?? plan), Cancellation);
    }

    /// <summary>A proposal of an incident of its own, its card shown in the team's channel as "card-1".</summary>
    public async Task<GatedProposal> AddProposal(ProposalStatus status, string? plan = "prod-web", RunMode mode = RunMode.Review, ModeSource source = ModeSource.Plan, Func<Proposal, Proposal>? change = null, string title = "High memory")
    {
        var now = Clock.GetUtcNow();
        var id = new ProposalId(Guid.NewGuid().ToString("N"));
        var incident = new Incident
        {
            Id = new($"incident-{id}"), Platform = Platform.AzureMonitor, Rule = $"rule-{id}", Title = title, Severity = "Sev1", SignalType = "Metric", Target = Sample.App, Plan = plan,
            PlanWhy = "It matches.", FirstFiredAt = now, LastFiredAt = now, MergeUntil = now.AddHours(3), Firings = 1, Attempts = 1, Version = 1,
        };
        var effective = new EffectiveMode(mode, source, source == ModeSource.Plan ? plan : null);
        var run = new Run
        {
            Id = new($"run-{id}"), Incident = incident.Id, Trigger = Trigger.Incident, Plan = plan, Mode = effective, Attempt = 1, CreatedAt = now, DueAt = now, Version = 1,
            State = ProposalLifecycle.IsFinal(status) || status == ProposalStatus.Indeterminate ? RunState.Ended : RunState.Acting,
        };
        var proposal = Sample.Proposal(status) with { Id = id, Run = run.Id, Incident = incident.Id, Plan = plan, CreatedAt = now, DeliveredAt = now };
        proposal = status switch
        {
            ProposalStatus.Approved => proposal with { Decision = Sample.Approval, UseBy = now.AddMinutes(15) },
            ProposalStatus.Cleared => proposal with { ClearedSeal = "seal", UseBy = now.AddMinutes(5) },
            ProposalStatus.Denied => proposal with { Decision = Sample.Denial with { At = now } },
            ProposalStatus.Indeterminate => proposal with { Decision = Sample.Approval, Execution = Sample.Ran(Outcome.Unknown, null, null) },
            _ => proposal,
        };
        var gated = new GatedProposal(change?.Invoke(proposal) ?? proposal, effective, new Verdict(VerdictKind.AskFirst, [$"The run mode is {effective}."]));
        await Ledger.Write(DurableStep.Unknown, 
            async t =>
            {
                await Get<IIncidents>().Insert(t, incident);
                await Get<IRuns>().Insert(t, run);
                await Proposals.Insert(t, gated);
                await Get<IOutbox>().Remember(t, new(gated.Proposal.Subject, 1, new(Team, "card-1", "root-1"), "hash", now));
            },
            Cancellation);
        return gated;
    }

    public async Task<GatedProposal> Now(GatedProposal proposal) => (await Ledger.Read(t => Proposals.Find(t, proposal.Proposal.Id), Cancellation))!;

    public async Task<IReadOnlyList<AuditEntry>> Audit(AuditKind kind) =>
        [.. (await Get<IAuditLog>().ReadUnsealed(1000, Cancellation)).Select(r => r.Entry).Where(e => e.Kind == kind)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Clock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Outside(ChatWorld world) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            return (request.RequestUri.Host, path) switch
            {
                ("graph.microsoft.com", _) => Graph(path, body),
                ("login.microsoftonline.com", _) => Json("""{"token_type":"Bearer","expires_in":3600,"access_token":"agent-token"}"""),
                ("management.azure.com", var at) when at.EndsWith("/permissions", StringComparison.Ordinal) =>
                    Json(world.Granted ? """{"value":[{"actions":["*"],"notActions":[]}]}""" : """{"value":[{"actions":["*/read"],"notActions":[]}]}"""),
                ("management.azure.com", _) => Json("""{"value":[]}"""),
                _ => throw new InvalidOperationException($"No script for {request.Method} {request.RequestUri}"),
            };
        }

        private static HttpResponseMessage Graph(string path, string body)
        {
            var id = path.Split('/')[3];
            return (id == Mute.ObjectId, path.EndsWith("/checkMemberGroups", StringComparison.Ordinal)) switch
            {
                (true, _) => new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("{}", Encoding.UTF8, "application/json") },
                (_, true) => Json(JsonSerializer.Serialize(new { value = GroupsOf(id).Where(g => body.Contains(g, StringComparison.Ordinal)) })),
                _ => Json($$"""{"id":"{{id}}","accountEnabled":true,"userType":"{{(id == Gale.ObjectId ? "Guest" : "Member")}}","externalUserState":null}"""),
            };
        }

        private static string[] GroupsOf(string id) =>
            id == Ada.ObjectId || id == Ben.ObjectId || id == Gale.ObjectId ? [ScriptedGraph.Approvers] : id == Sam.ObjectId ? [ScriptedGraph.Responders] : [];

        private static HttpResponseMessage Json(string json) => new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
    }
}
