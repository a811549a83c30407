using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Runs;

/// <summary>What may happen to the product, each by the call through which it happens there.</summary>
internal sealed class TargetSteps(TargetWorld world)
{
    private static readonly Dictionary<string, Someone> Known_ = new() { ["Ada"] = People.Ada, ["Ben"] = People.Ben, ["Sam"] = People.Sam, ["Rob"] = People.Rob };
    private int _alerts;

    private RunTables Tables => world.Tables;

    public async Task Fire(int target, int rule, int severity, AlertCondition condition = AlertCondition.Fired)
    {
        var number = Interlocked.Increment(ref _alerts);
        await world.Get<IncidentInbox>().TakeIn(
            new(Platform.AzureMonitor, "key", $"alert-{number}", $"rule-{rule}", "Slow", condition, $"Sev{severity}", "Metric", world.Now, condition == AlertCondition.Resolved ? world.Now : null,
                ResourceId.Parse(TargetWorld.Paths[target]), null, "", $"hash-{number}"),
            CancellationToken.None);
    }

    public async Task<bool> Click(string person, GatedProposal proposal, bool approve, int revision)
    {
        var someone = Known_[person];
        var click = new Click(new(Known.Tenant, someone.ObjectId, someone.Name), TargetWorld.Channel.Id, Message(proposal.Proposal.Id, revision), null, proposal.Proposal.Id, revision);
        return await world.Get<DecisionHandler>().Decide(click, approve ? DecisionKind.Approve : DecisionKind.Deny, null, CancellationToken.None) is DecisionAnswer.Recorded;
    }

    public Task Again(string person, GatedProposal of, bool isAdministrator) =>
        world.Write(async t => await world.Get<Reinvestigation>().Begin(t, of.Proposal.Incident, Who(person), isAdministrator));

    public Task Annotate(GatedProposal proposal)
    {
        var actor = new Actor(Known.Tenant, People.Ben.ObjectId, "29:ben", People.Ben.Name);
        var action = new CardAction(actor, TargetWorld.Channel, null, null, "annotate", default, Fallback: false);
        return world.Get<FollowUps>().Take(action, new(proposal.Proposal.Id.Value, proposal.Proposal.Revision, null, "done"), Asker.Of(actor, RunModes.Bot.Roles.RoleAnswer.Told(RunModes.Bot.Roles.Role.Administrator, "You are an Administrator."), TargetWorld.Channel, null), CancellationToken.None);
    }

    /// <summary>By somebody who can write the store and has no key.</summary>
    public Task Forge(GatedProposal proposal) => world.Write(async t =>
    {
        if (await Tables.Proposals.Find(t, proposal.Proposal.Id) is not { Status: ProposalStatus.AwaitingApproval } before) return;
        var decision = new Decision(DecisionKind.Approve, Who("Ada"), world.Now, null, "card", new string('0', 64));
        await Tables.Proposals.Move(t, before, before with { Proposal = before.Proposal with { Status = ProposalStatus.Approved, Decision = decision, UseBy = world.Now.AddMinutes(15) } });
    });

    public Task Stop() => world.Write(async t => await world.Get<EmergencyStop>().Stop(t, Who("Sam")));

    public Task Start() => world.Write(async t =>
    {
        if (await Tables.Plans.ReadControl(t) is { Stopped: true } control) await world.Get<EmergencyStop>().Start(t, control, Who("Ada"));
    });

    public Task ToReview(int plan) => world.Write(async t =>
    {
        if (await Plan(t, plan) is { Mode: not RunMode.Review } now) await world.Get<Tightening>().ToReview(t, now, AuditActor.Bot);
    });

    public Task DefaultToReview() => world.Write(async t =>
    {
        if (await Tables.Plans.ReadControl(t) is { DefaultMode: RunMode.Autonomous } control) await world.Get<Tightening>().DefaultToReview(t, control, AuditActor.Bot);
    });

    /// <summary>As a confirmed change does it.</summary>
    public Task Raise(int plan) => world.Write(async t =>
    {
        var now = await Plan(t, plan);
        if (now.Mode != RunMode.Autonomous) await world.Get<PlanWrites>().Apply(t, new(now, now with { Mode = RunMode.Autonomous }), Who("Ada"), TargetWorld.Channel.Id, "confirmation/of-a-test");
    });

    public Task Enable(int plan, bool enabled) => world.Write(async t =>
    {
        var now = await Plan(t, plan);
        if (now.Enabled != enabled) await world.Get<PlanWrites>().Apply(t, new(now, now with { Enabled = enabled }), Who("Ada"), TargetWorld.Channel.Id, null);
    });

    public async Task Investigate(Run queued)
    {
        var flow = world.Get<RunFlow>();
        await flow.Investigate(queued, CancellationToken.None);
        // What nobody works on any more goes back, as the worker has it.
        if (await world.Read(t => Tables.Runs.Find(t, queued.Id)) is { State: RunState.Investigating } left) await flow.Requeue(left, CancellationToken.None);
    }

    public Task Execute(GatedProposal ready) => world.Get<Executions>().Execute(ready, CancellationToken.None);

    public async Task Settle()
    {
        foreach (var run in await Open(RunState.Acting, RunState.Verifying)) await world.Get<RunFlow>().Settle(run, CancellationToken.None);
    }

    public async Task Expire()
    {
        foreach (var overdue in await world.Read(t => Tables.Proposals.Overdue(t, world.Now, 100)))
        {
            await world.Write(async t =>
            {
                if (await Tables.Proposals.Find(t, overdue.Proposal.Id) is { } now && now.Proposal.Version == overdue.Proposal.Version)
                {
                    await world.Get<ProposalSteps>().Take(t, now, ProposalEvent.DeadlinePasses, "");
                }
            });
        }
    }

    public Task GateAgain() => world.Get<EmergencyStop>().GateAgain(CancellationToken.None);

    public async Task Verify()
    {
        foreach (var watched in await world.Read(t => Tables.Proposals.Watched(t, world.Now, 100))) await world.Get<Verifier>().Check(watched, CancellationToken.None);
    }

    public async Task Remeasure()
    {
        foreach (var asked in await world.Read(t => Tables.Proposals.ToRemeasure(t, 100))) await world.Get<ProposalWatch>().Remeasure(asked, CancellationToken.None);
    }

    /// <summary>Twice, as beats follow one another: what is planned now may be due at once.</summary>
    public async Task Watch()
    {
        for (var beat = 0; beat < 2; beat++)
        {
            foreach (var (_, look) in await world.Get<Vigil>().Due(CancellationToken.None)) await look(CancellationToken.None);
        }
    }

    /// <summary>The channel confirms whatever is to be shown.</summary>
    public Task Deliver() => world.Write(async t =>
    {
        foreach (var shown in await Tables.Proposals.InStatus(t, [ProposalStatus.AwaitingApproval, ProposalStatus.Indeterminate], 1000))
        {
            var p = shown.Proposal;
            if (p is { Status: ProposalStatus.AwaitingApproval, DeliveredAt: not null }) continue;
            await Tables.Outbox.Remember(t, new(p.Subject, p.Revision, new(TargetWorld.Channel.Id, Message(p.Id, p.Revision), null), "card", world.Now));
            await world.Get<RunPresenter>().Delivered(t, new(Shown.Proposal, p.Subject, Urgency.Approval), p.Revision, Message(p.Id, p.Revision), world.Now);
        }
    });

    /// <summary>The run that was made as the n-th, ended or not.</summary>
    public Task<Run> RunOf(int n) => world.Read(async t => (await Tables.Runs.Find(t, new((await TargetWorld.Runs(t))[n].Id)))!);

    /// <summary>In the order they were made. Of those that have not ended: the product lists no others.</summary>
    public Task<IReadOnlyList<Run>> Open(params RunState[] states) => world.Read<IReadOnlyList<Run>>(async t =>
    {
        List<Run> all = [];
        foreach (var state in states) all.AddRange(await Tables.Runs.InState(t, state, DateTimeOffset.MaxValue, 1000));
        return [.. all.OrderBy(r => r.CreatedAt)];
    });

    private async Task<ResponsePlan> Plan(ITransaction t, int plan) => (await Tables.Plans.Find(t, TargetWorld.PlanNames[plan]))!;

    private static Who Who(string person) => new(Known.Tenant, Known_[person].ObjectId, person);

    private static string Message(ProposalId proposal, int revision) => $"{proposal}-{revision}";
}
