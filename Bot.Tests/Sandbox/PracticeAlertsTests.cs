using Microsoft.Extensions.Logging.Abstractions;
using RunModes.Bot.Chat;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Proposals;
using RunModes.Bot.Sandbox;
using RunModes.Bot.Tests.Incidents;

namespace RunModes.Bot.Tests.Sandbox;

public sealed class PracticeAlertsTests
{
    [Theory]
    [InlineData("prod", "Sev1", "production")]
    [InlineData("Staging", "Sev2", "staging")]
    [InlineData("stuck", "Sev2", "stuck")]
    public async Task An_alert_makes_its_app_ill_and_starts_a_run_of_its_plan(string word, string severity, string plan)
    {
        using var world = new PracticeWorld();
        var store = Store(world);

        var line = await Alerts(world, store).Raise(word, TestContext.Current.CancellationToken);

        var incident = Assert.Single(store.Requests).Incident;
        Assert.Equal((severity, plan, "Metric", $"app-service-{word}".ToLowerInvariant()), (incident.Severity, incident.Plan, incident.SignalType, incident.Target!.Name));
        Assert.Contains($"app-service-{word}".ToLowerInvariant(), line, StringComparison.Ordinal);
        Assert.Equal(Conclusion.Sick, (await world.Investigate(world.Azure.Apps.Single(app => app.Id == incident.Target.Value))).Finding.Conclusion);
    }

    [Fact]
    public async Task Every_alert_is_an_exercise_of_its_own()
    {
        using var world = new PracticeWorld();
        var store = Store(world);
        var alerts = Alerts(world, store);

        await alerts.Raise("prod", TestContext.Current.CancellationToken);
        await alerts.Raise("prod", TestContext.Current.CancellationToken);

        Assert.Equal(2, store.Requests.Select(request => request.Incident.Id).Distinct().Count());
    }

    [Fact]
    public async Task An_unknown_word_raises_nothing_and_names_the_known_ones()
    {
        using var world = new PracticeWorld();
        var store = Store(world);

        var line = await Alerts(world, store).Raise("everything", TestContext.Current.CancellationToken);

        Assert.Empty(store.Incidents);
        Assert.EndsWith("practice prod, practice staging, practice stuck.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_client_sees_both_examples_once_a_moment_apart()
    {
        using var world = new PracticeWorld();
        var store = Store(world);
        var arrivals = new Arrivals();
        using var arrival = new FirstArrival(Alerts(world, store), arrivals, world.Clock, NullLogger<FirstArrival>.Instance);
        await arrival.StartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(store.Requests);

        var client = new Arrival(new Conversation("19:team@thread.tacv2", ConversationKind.Channel, new Uri("http://localhost:1/"), "tenant", "28:bot"), First: true);
        arrivals.Tell(client);
        arrivals.Tell(client);
        // The clock stands still unless moved, and one turn of it is due only after the one before was taken.
        for (var turn = 0; turn < 100 && arrival.ExecuteTask is { IsCompleted: false }; turn++)
        {
            await Task.Yield();
            if (world.Clock.ActiveTimers > 0)
            {
                world.Clock.Advance(TimeSpan.FromSeconds(2));
            }
            else
            {
                await Task.WhenAny(arrival.ExecuteTask, Task.Delay(10, TestContext.Current.CancellationToken));
            }
        }

        await arrival.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(["production", "staging"], store.Requests.Select(request => request.Incident.Plan));
        Assert.Equal(TimeSpan.FromSeconds(2), store.Requests[1].Incident.FirstFiredAt - store.Requests[0].Incident.FirstFiredAt);
    }

    private static RunModes.Bot.Sandbox.PracticeAlerts Alerts(PracticeWorld world, HeldStore store) =>
        new(world.Azure, new IncidentInbox(store, store, store, store, world.Clock), world.Clock);

    private static HeldStore Store(PracticeWorld world)
    {
        var store = new HeldStore();
        store.Plans.AddRange(world.Get<PlanSettings>().Plans);
        return store;
    }
}
