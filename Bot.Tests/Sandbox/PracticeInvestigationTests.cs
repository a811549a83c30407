using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Sandbox;

namespace RunModes.Bot.Tests.Sandbox;

public sealed class PracticeInvestigationTests
{
    [Theory]
    [InlineData("prod")]
    [InlineData("staging")]
    [InlineData("stuck")]
    public async Task An_ill_app_is_found_in_the_words_of_the_product_with_its_numbers_and_a_restart(string word)
    {
        using var world = new PracticeWorld();
        var app = App(world, word);
        app.FallIll(world.Clock.GetUtcNow());

        var (finding, remedy) = await world.Investigate(app);

        Assert.Equal((Conclusion.Sick, $"app-service-{word} is running slowly due to high memory usage", $"app-service-{word} was running slowly"),
            (finding.Conclusion, finding.Present, finding.Past));
        Assert.InRange(finding.Symptom!.Value, 93, 95);
        Assert.True(finding.Symptom.At <= world.Clock.GetUtcNow() && finding.Symptom.At > world.Clock.GetUtcNow().AddMinutes(-1));
        Assert.DoesNotContain(finding.Evidence, line => line.Label == "Not read");
        Assert.Contains(finding.Evidence, line => line.Label == "Response time" && line.Text.Contains("4.2 s", StringComparison.Ordinal));
        Assert.Equal(app.Id, remedy!.Operation.Match(arm => arm.Target.Value));
    }

    [Fact]
    public async Task Before_any_alert_nothing_is_wrong()
    {
        using var world = new PracticeWorld();

        foreach (var app in world.Azure.Apps)
        {
            Assert.Equal(Conclusion.NeverSick, (await world.Investigate(app)).Finding.Conclusion);
        }
    }

    [Theory]
    [InlineData("prod")]
    [InlineData("staging")]
    public async Task A_restart_heals_and_verification_sees_it_within_seconds(string word)
    {
        using var world = new PracticeWorld();
        var app = App(world, word);
        app.FallIll(world.Clock.GetUtcNow());
        var (_, remedy) = await world.Investigate(app);

        var result = await world.Execute(remedy!.Operation);
        var done = world.Clock.GetUtcNow();
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        var starting = await world.Memory(remedy.Recovery!, done);
        world.Clock.Advance(TimeSpan.FromSeconds(3));
        var after = await world.Memory(remedy.Recovery!, done);

        Assert.Equal((Outcome.Succeeded, true), (result.Outcome, result.Sent));
        Assert.InRange(starting!.Value, 93, 95);
        Assert.InRange(after!.Value, 40, 42);

        world.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Conclusion.Recovered, (await world.Investigate(app)).Finding.Conclusion);
    }

    [Fact]
    public async Task The_stuck_app_is_as_ill_after_its_restart()
    {
        using var world = new PracticeWorld();
        world.Azure.Stuck.FallIll(world.Clock.GetUtcNow());
        var (_, remedy) = await world.Investigate(world.Azure.Stuck);

        await world.Execute(remedy!.Operation);
        var done = world.Clock.GetUtcNow();
        world.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.False(remedy.Recovery!.IsNormal((await world.Memory(remedy.Recovery, done))!.Value));
        var again = await world.Investigate(world.Azure.Stuck);
        Assert.Equal(Conclusion.Sick, again.Finding.Conclusion);
        Assert.Contains(again.Finding.Evidence, line => line.Label == "Changes" && line.Text.Contains("restarted by this agent", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restarted_app_falls_ill_again_for_the_next_exercise_and_leaves_its_neighbours_alone()
    {
        using var world = new PracticeWorld();
        world.Azure.Production.FallIll(world.Clock.GetUtcNow());
        await world.Execute((await world.Investigate(world.Azure.Production)).Remedy!.Operation);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        world.Azure.Production.FallIll(world.Clock.GetUtcNow());

        Assert.Equal(Conclusion.Sick, (await world.Investigate(world.Azure.Production)).Finding.Conclusion);
        Assert.Equal(Conclusion.NeverSick, (await world.Investigate(world.Azure.Staging)).Finding.Conclusion);
    }

    [Fact]
    public async Task The_agent_may_restart_and_nothing_locks_the_apps()
    {
        using var world = new PracticeWorld();
        world.Azure.Production.FallIll(world.Clock.GetUtcNow());
        var (_, remedy) = await world.Investigate(world.Azure.Production);

        var preflight = await world.Get<PermissionProbe>().Look(remedy!.Operation, anew: true, TestContext.Current.CancellationToken);

        Assert.Equal((PermissionState.Granted, LockState.None), (preflight.Permission.State, preflight.Lock.State));
    }

    [Theory]
    [InlineData("/subscriptions/5a4db0c5-0000-4000-8000-0000000005b0/resourceGroups/practice/providers/Microsoft.Web/sites/app-service-other")]
    [InlineData("/subscriptions/5a4db0c5-0000-4000-8000-0000000005b0/resourceGroups/other/providers/Microsoft.Web/sites/app-service-prod")]
    [InlineData("/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/practice/providers/Microsoft.Web/sites/app-service-prod")]
    public async Task What_is_not_there_is_not_found_as_in_Azure(string id)
    {
        using var world = new PracticeWorld();

        var answer = await world.Get<ArmReader>().Get(ResourceId.Parse(id), "", "2023-12-01", [], TestContext.Current.CancellationToken);

        Assert.IsType<ArmAnswer.NotFound>(answer);
    }

    private static PracticeApp App(PracticeWorld world, string word) => world.Azure.Apps.Single(app => app.Word == word);
}
