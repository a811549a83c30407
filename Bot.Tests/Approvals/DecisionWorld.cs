using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Roles;
using RunModes.Bot.Tests.Storage;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Approvals;

/// <summary>One delivered card on the real store, and people whom the directory at the wire knows.</summary>
internal sealed class DecisionWorld : IAsyncDisposable
{
    public const string Channel = "19:channel@thread.tacv2";
    public const string Message = "m1";

    private readonly FakeCloud cloud;
    private readonly ServiceProvider services;

    private DecisionWorld(StoreWorld store, FakeCloud cloud, bool selfApproval)
    {
        Store = store;
        this.cloud = cloud;
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MicrosoftAppTenantId"] = Known.Tenant, ["MicrosoftAppId"] = Known.AppId, ["Roles:Administrator:Groups:0"] = Known.Administrators,
            ["Roles:AllowSelfApproval"] = selfApproval ? "true" : "false",
        }).Build();
        var registered = new ServiceCollection().AddLogging();
        registered.AddSingleton<TimeProvider>(store.Clock);
        registered.AddKeyedSingleton<TokenCredential>(GraphDirectory.Identity, new AtTheWire(cloud));
        registered.AddRoles(settings);
        registered.AddHttpClient(GraphDirectory.HttpClientName).ConfigurePrimaryHttpMessageHandler(cloud.CreateHandler);
        services = registered.BuildServiceProvider();
        Seals = new Seals(store.Key);
        Handler = new DecisionHandler(
            new ApprovalTables(store.Ledger, store.Proposals, store.Plans, store.Outbox), services.GetRequiredService<RoleLookup>(), services.GetRequiredService<RoleOptions>(), Seals, store.Clock);
    }

    public static Person Ada { get; } = new(Known.Tenant, "aaaaaaaa-0000-4000-8000-000000000001", "Ada");

    public static Person Grace { get; } = new(Known.Tenant, "aaaaaaaa-0000-4000-8000-000000000002", "Grace");

    public static Person Stranger { get; } = new(Known.Tenant, "aaaaaaaa-0000-4000-8000-000000000003", "Mallory");

    public StoreWorld Store { get; }

    public Seals Seals { get; }

    public DecisionHandler Handler { get; }

    public FakeGraph Graph => cloud.Graph;

    public GatedProposalRow Card { get; private set; } = null!;

    public static async Task<DecisionWorld> Open(bool selfApproval = true, bool delivered = true, bool remembered = true)
    {
        // Only what is due moves this clock: a busy machine never makes a directory answer too late.
        var store = await StoreWorld.Open();
        var cloud = await FakeCloud.Start(cancellation: StoreWorld.Ct);
        cloud.Graph.Directory.Group(Known.Administrators, "SRE approvers");
        cloud.Graph.Directory.Person(Ada.ObjectId!, "Ada", Known.Administrators);
        cloud.Graph.Directory.Person(Grace.ObjectId!, "Grace", Known.Administrators);
        cloud.Graph.Directory.Person(Stranger.ObjectId!, "Mallory");
        var world = new DecisionWorld(store, cloud, selfApproval);
        var proposal = await store.Propose(ProposalStatus.AwaitingApproval, but: p => p with
        {
            Revision = 2, DeliveredAt = delivered ? store.Now : null, StartedBy = new(Known.Tenant, Ada.ObjectId!, "Ada"),
        });
        await store.Write(async t =>
        {
            await store.Outbox.Remember(t, new(proposal.Proposal.Subject, 1, new(Channel, "m0", "m0"), "old card", store.Now));
            if (remembered)
            {
                await store.Outbox.Remember(t, new(proposal.Proposal.Subject, 2, new(Channel, Message, "m0"), "card", store.Now));
            }
        });
        world.Card = new(proposal.Proposal.Id, proposal.Proposal.Subject);
        return world;
    }

    public Click Click(Person? by = null, int revision = 2, string? message = Message, string conversation = Channel) =>
        new(by ?? Ada, conversation, message, "m0", Card.Id, revision);

    public Task<DecisionAnswer> Approve(Click? click = null) => Handler.Decide(click ?? Click(), DecisionKind.Approve, null, StoreWorld.Ct);

    public async Task<Proposal> Now() => (await Store.Read(t => Store.Proposals.Find(t, Card.Id)))!.Proposal;

    public Task Move(Func<Proposal, Proposal> change) => Store.Write(async t =>
    {
        var before = (await Store.Proposals.Find(t, Card.Id))!;
        Assert.True(await Store.Proposals.Move(t, before, before with { Proposal = change(before.Proposal) }));
    });

    /// <summary>A row of the outbox whose message may or may not have arrived.</summary>
    public Task Doubt() => Store.Write(async t =>
    {
        await Store.Outbox.Enqueue(t, new(Shown.Proposal, Card.Subject, Urgency.Approval), Store.Now);
        var row = (await Store.Outbox.Due(t, Store.Now, 1)).Single();
        await Store.Outbox.Postpone(t, row, Store.Now.AddHours(9), "500", Postponed.InDoubt);
    });

    /// <summary>The outbox is at the card's subject at this moment: posting it, or bringing what stands there up to date.</summary>
    public Task BeingSent() => Store.Write(async t =>
    {
        await Store.Outbox.Enqueue(t, new(Shown.Proposal, Card.Subject, Urgency.Cosmetic), Store.Now);
        Assert.NotNull(await Store.Outbox.StartSending(t, (await Store.Outbox.Due(t, Store.Now, 1)).Single(), "sender"));
    });

    public Task<IReadOnlyList<AuditRow>> Audit(AuditKind kind) => Store.Audit(kind);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await cloud.DisposeAsync();
        await Store.DisposeAsync();
    }

    internal sealed record GatedProposalRow(ProposalId Id, string Subject);

    /// <summary>A token that the fake Graph takes, without asking the fake Entra for each click.</summary>
    private sealed class AtTheWire(FakeCloud cloud) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(Token(), DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(new AccessToken(Token(), DateTimeOffset.MaxValue));

        private string Token() => cloud.Entra.Issue(Known.AppId, "https://graph.microsoft.com");
    }
}
