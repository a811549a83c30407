using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Storage;

public class WriteBackTableTests
{
    private static readonly RunId Run = new("r1");

    [Fact]
    public async Task What_is_owed_is_planned_once_taken_by_one_and_recorded_by_whoever_took_it_last()
    {
        await using var world = await StoreWorld.Open();
        var rows = new WriteBackTable(world.Unreadable);
        for (var i = 0; i < 3; i++)
        {
            await world.Write(t => rows.Plan(t, Run, WriteBackKind.Note, "PABC123", world.Now));
        }

        var due = Assert.Single(await world.Read(t => rows.Due(t, world.Now, 10)));
        var takers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Write(t => rows.Take(t, due, world.Now.AddSeconds(30)))));
        var first = Assert.Single(takers.OfType<WriteBack>());
        Assert.Empty(await world.Read(t => rows.Due(t, world.Now.AddSeconds(29), 10)));

        // Whoever took it is silent for too long; another one takes it, and the first then has nothing to say.
        var again = Assert.Single(await world.Read(t => rows.Due(t, world.Now.AddSeconds(30), 10)));
        var second = await world.Write(t => rows.Take(t, again, world.Now.AddSeconds(60)));
        Assert.Equal(2, second!.Attempts);
        Assert.False(await world.Write(t => rows.Record(t, first, WriteBackState.Done, world.Now, null)));
        Assert.True(await world.Write(t => rows.Record(t, second, WriteBackState.Done, world.Now, "Noted.")));
        await world.Write(t => rows.Plan(t, Run, WriteBackKind.Note, "PABC123", world.Now));
        Assert.Empty(await world.Read(t => rows.Due(t, world.Now.AddYears(1), 10)));
    }

    [Fact]
    public async Task Troubled_is_what_failed_and_waits_and_what_was_given_up_lately()
    {
        await using var world = await StoreWorld.Open();
        var rows = new WriteBackTable(world.Unreadable);
        foreach (var (alert, state) in new[] { ("fresh", (WriteBackState?)null), ("failing", WriteBackState.Pending), ("lost", WriteBackState.GivenUp), ("done", WriteBackState.Done) })
        {
            await world.Write(t => rows.Plan(t, Run, WriteBackKind.Resolve, alert, world.Now));
            var row = (await world.Read(t => rows.Find(t, Run, WriteBackKind.Resolve, alert)))!;
            _ = state is { } to && await world.Write(t => rows.Record(t, row, to, world.Now.AddMinutes(1), "Why."));
        }

        Assert.Equal(["failing", "lost"], (await world.Read(t => rows.Troubled(t, world.Now.AddDays(-7), 10))).Select(r => r.Alert).Order());
        Assert.Equal(["failing"], (await world.Read(t => rows.Troubled(t, world.Now.AddMinutes(1), 10))).Select(r => r.Alert));
        await world.Write(t => rows.PullAlong(t, TimeSpan.FromHours(-1), world.Now));
        Assert.Contains(await world.Read(t => rows.Due(t, world.Now, 10)), r => r.Alert == "failing");
        await world.Write(t => rows.Void(t, "The store was put back."));
        Assert.Empty(await world.Read(t => rows.Due(t, world.Now.AddYears(1), 10)));
        Assert.Equal(["lost"], (await world.Read(t => rows.Troubled(t, world.Now.AddDays(-7), 10))).Select(r => r.Alert));
    }

    [Fact]
    public async Task Approved_or_begun_and_not_acknowledged_is_found_until_it_is_planned()
    {
        await using var world = await StoreWorld.Open();
        var rows = new WriteBackTable(world.Unreadable);
        await world.Propose(ProposalStatus.AwaitingApproval);
        Task<IReadOnlyList<RunId>> Open(params Platform[] platforms) => world.Read(t => rows.Unacknowledged(t, platforms, 10));
        Assert.Empty(await Open(Platform.AzureMonitor));

        await world.Propose(ProposalStatus.Approved);
        Assert.Equal([Run], await Open(Platform.AzureMonitor, Platform.PagerDuty));
        Assert.Empty(await Open(Platform.PagerDuty));
        await world.Write(t => rows.Plan(t, Run, WriteBackKind.Acknowledge, "a1", world.Now));
        Assert.Empty(await Open(Platform.AzureMonitor));
    }

    [Fact]
    public async Task The_incident_of_an_alert_is_found_by_the_sources_own_id_however_long_it_is()
    {
        await using var world = await StoreWorld.Open();
        var id = new string('€', 1024);
        await world.Write(t => world.Incidents.AddFiring(t, new(new("i1"), "s", "d", "c", id, AlertCondition.Fired, "", world.Now, world.Now, "", "E1")));

        Assert.Equal("i1", (await world.Read(t => world.Incidents.FindByAlert(t, Platform.AzureMonitor, id)))?.Id.Value);
        Assert.Null(await world.Read(t => world.Incidents.FindByAlert(t, Platform.PagerDuty, id)));
        Assert.Null(await world.Read(t => world.Incidents.FindByAlert(t, Platform.AzureMonitor, id[1..])));
    }
}
