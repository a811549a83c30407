using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Scheduled tasks over the real store; the clock begins on Wednesday 2026-03-04 at 9:00 UTC.</summary>
public sealed class TaskTests
{
    private static readonly Dictionary<string, string?> Hourly = new()
    {
        ["ScheduledTasks:0:Name"] = "waiting", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "PendingReminder", ["Agent:TimeZone"] = "Europe/Berlin",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<ChatWorld> Start(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(Hourly);
        foreach (var (key, value) in more)
        {
            settings[$"ScheduledTasks:0:{key}"] = value;
        }

        var world = await ChatWorld.Start(settings);
        await world.Get<TaskSeeding>().Seed(Cancellation);
        return world;
    }

    /// <summary>As the worker's beat does.</summary>
    private static async Task Tick(ChatWorld world)
    {
        foreach (var (_, work) in await world.Get<Ticks>().Due(Cancellation))
        {
            await work(Cancellation);
        }
    }

    private static async Task<IReadOnlyList<string>> Posted(ChatWorld world)
    {
        await Tick(world);
        return [.. (await world.News()).Where(i => i.Payload is not null).Select(i => i.Payload!.Text)];
    }

    private static async Task<ScheduledTask> Stored(ChatWorld world) => (await world.Ledger.Read(t => world.Get<ITasks>().Find(t, "waiting"), Cancellation))!;

    [Fact]
    public async Task A_reminder_lists_what_waits_and_posts_nothing_when_nothing_waits()
    {
        await using var world = await Start();
        world.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(await Posted(world));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await Posted(world));
        Assert.Equal((1, "Nothing waits; nothing was posted."), ((await Stored(world)).Runs, (await Stored(world)).LastRun!.What));

        await world.AddPlan("prod-web", RunMode.Review);
        await world.AddProposal(ProposalStatus.AwaitingApproval);
        await world.AddProposal(ProposalStatus.Denied);
        world.Clock.Advance(TimeSpan.FromHours(1));
        var text = Assert.Single(await Posted(world));
        Assert.Contains("**1 operation waits for a decision** (task waiting)", text, StringComparison.Ordinal);
        Assert.Contains("Restart App Service 'app-service-prod'", text, StringComparison.Ordinal);
        Assert.Empty(await Posted(world));
    }

    [Fact]
    public async Task A_task_with_a_channel_lists_what_was_asked_there_and_nothing_else()
    {
        await using var here = await Start(("Channel", ChatWorld.Team));
        await here.AddProposal(ProposalStatus.AwaitingApproval, plan: null);
        here.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Contains("1 operation waits", Assert.Single(await Posted(here)), StringComparison.Ordinal);

        await using var elsewhere = await Start(("Channel", ChatWorld.Other));
        await elsewhere.AddProposal(ProposalStatus.AwaitingApproval, plan: null);
        elsewhere.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await Posted(elsewhere));
    }

    [Theory]
    [InlineData("false", null)]
    [InlineData("true", "task/waiting")]
    public async Task Each_run_posts_anew_or_all_of_them_in_one_thread(string sameThread, string? thread)
    {
        await using var world = await Start(("SameThread", sameThread));
        await world.AddProposal(ProposalStatus.AwaitingApproval, plan: null);
        for (var hour = 0; hour < 2; hour++)
        {
            world.Clock.Advance(TimeSpan.FromHours(1));
            await Tick(world);
            Assert.Equal(thread, Assert.Single(await world.News()).Thread);
        }
    }

    [Fact]
    public async Task Of_many_who_see_a_tick_one_runs_it_and_many_missed_ticks_are_one_run()
    {
        await using var world = await Start();
        await world.AddProposal(ProposalStatus.AwaitingApproval, plan: null);
        world.Clock.Advance(TimeSpan.FromHours(5.5));
        var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Get<Ticks>().Due(Cancellation)));
        await Task.WhenAll(seen.SelectMany(s => s).Select(s => s.Do(Cancellation)));

        Assert.Single(await Posted(world));
        Assert.Equal((1, new DateTimeOffset(2026, 3, 4, 15, 0, 0, TimeSpan.Zero)), ((await Stored(world)).Runs, (await Stored(world)).DueAt));
        Assert.Contains("late", Assert.Single(await world.Audit(AuditKind.TaskRun)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_run_limit_and_the_last_day_end_a_task()
    {
        await using var limited = await Start(("RunLimit", "2"));
        for (var hour = 0; hour < 4; hour++)
        {
            limited.Clock.Advance(TimeSpan.FromHours(1));
            await Tick(limited);
        }

        Assert.Equal((2, null), ((await Stored(limited)).Runs, (await Stored(limited)).DueAt));
        Assert.Contains("· ended", await limited.Ask(ChatWorld.Rob, "tasks"), StringComparison.Ordinal);

        await using var dated = await Start(("Until", "2026-03-04"), ("Cron", "0 20 * * *"));
        dated.Clock.Advance(TimeSpan.FromHours(10));
        await Tick(dated);
        Assert.Equal((1, null), ((await Stored(dated)).Runs, (await Stored(dated)).DueAt));

        // The bot was down on that evening.
        await using var missed = await Start(("Until", "2026-03-04"), ("Cron", "0 20 * * *"));
        missed.Clock.Advance(TimeSpan.FromHours(30));
        await Tick(missed);
        Assert.Equal((0, null), ((await Stored(missed)).Runs, (await Stored(missed)).DueAt));
    }

    [Fact]
    public async Task While_stopped_a_tick_passes_and_nothing_is_posted()
    {
        await using var world = await Start();
        await world.AddProposal(ProposalStatus.AwaitingApproval, plan: null);
        await world.Say(ChatWorld.Sam, "stop");
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.DoesNotContain(await Posted(world), t => t.Contains("for a decision", StringComparison.Ordinal));
        Assert.Contains("The emergency stop is on", await world.Ask(ChatWorld.Ada, "run waiting"), StringComparison.Ordinal);
        Assert.Contains("emergency stop", (await Stored(world)).LastRun!.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_this_version_does_not_run_fails_and_after_three_failures_people_are_told_and_it_stays_off()
    {
        await using var world = await Start();
        await world.Ledger.Write(DurableStep.Unknown, async t =>
        {
            var task = (await world.Get<ITasks>().Find(t, "waiting"))!;
            Assert.True(await world.Get<ITasks>().Move(t, task, task with { Does = Does.Unknown }));
        }, Cancellation);
        List<string> said = [];
        for (var hour = 0; hour < 5; hour++)
        {
            world.Clock.Advance(TimeSpan.FromHours(1));
            said.AddRange(await Posted(world));
        }

        Assert.Contains("has failed", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal((3, 3, true, null), ((await Stored(world)).Runs, (await Stored(world)).FailuresInARow, (await Stored(world)).Failed, (await Stored(world)).DueAt));
        Assert.Contains("Does: is one of", await world.Ask(ChatWorld.Ada, "resume task waiting"), StringComparison.Ordinal);
        await world.Ledger.Write(DurableStep.Unknown, async t =>
        {
            var task = (await world.Get<ITasks>().Find(t, "waiting"))!;
            Assert.True(await world.Get<ITasks>().Move(t, task, task with { Does = Does.PendingReminder }));
        }, Cancellation);
        Assert.Contains("**resumed**", await world.Ask(ChatWorld.Ada, "resume task waiting"), StringComparison.Ordinal);
        Assert.Equal((0, false), ((await Stored(world)).FailuresInARow, (await Stored(world)).Failed));
    }

    [Fact]
    public async Task A_task_is_shown_with_its_next_times_in_the_agents_zone_its_mode_and_its_last_run()
    {
        await using var world = await Start(("Cron", "every weekday at 8:30"), ("Mode", "Autonomous"));
        Assert.Contains("**waiting** · PendingReminder · every weekday at 8:30 · Autonomous (task waiting) · next Thu 2026-03-05 08:30", await world.Ask(ChatWorld.Rob, "tasks"), StringComparison.Ordinal);
        var text = await world.Ask(ChatWorld.Rob, "when does waiting run next?");
        Assert.Contains("**Next**: Thu 2026-03-05 08:30, Fri 2026-03-06 08:30, Mon 2026-03-09 08:30", text, StringComparison.Ordinal);
        Assert.Contains("every weekday at 8:30 (Europe/Berlin)", text, StringComparison.Ordinal);
        Assert.Contains("**Last run**: never", text, StringComparison.Ordinal);
        Assert.Contains("failures in a row: 0", text, StringComparison.Ordinal);
        Assert.Contains("Nearest: waiting", await world.Ask(ChatWorld.Rob, "task waitnig"), StringComparison.Ordinal);
        Assert.Contains("→ **Review (task waiting)**", await world.Ask(ChatWorld.Sam, "set waiting to review"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pausing_is_a_Standard_Users_and_resuming_and_running_are_an_Administrators()
    {
        await using var world = await Start();
        Assert.Contains("Nothing was changed", await world.Ask(ChatWorld.Rob, "pause waiting"), StringComparison.Ordinal);
        Assert.Contains("**paused**", await world.Ask(ChatWorld.Sam, "pause waiting"), StringComparison.Ordinal);
        world.Clock.Advance(TimeSpan.FromHours(2));
        await Tick(world);
        Assert.Equal(0, (await Stored(world)).Runs);
        Assert.Contains("Only Administrators", await world.Ask(ChatWorld.Sam, "resume waiting"), StringComparison.Ordinal);
        Assert.Contains("Only Administrators", await world.Ask(ChatWorld.Sam, "run waiting"), StringComparison.Ordinal);
        Assert.Contains("**resumed**", await world.Ask(ChatWorld.Ada, "resume waiting"), StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero), (await Stored(world)).DueAt);
        Assert.Contains("Ran task waiting. Nothing waits", await world.Ask(ChatWorld.Ada, "run waiting"), StringComparison.Ordinal);
        Assert.Equal([("State: enabled", "State: paused"), ("State: paused", "State: enabled")], (await world.Audit(AuditKind.TaskChanged)).Where(a => a.Before is not null).Select(a => (a.Before!, a.After!)));
    }

    [Fact]
    public async Task What_settings_say_fills_a_new_store_and_a_name_is_a_plans_or_a_tasks()
    {
        await using var world = await Start();
        await world.Ask(ChatWorld.Sam, "pause waiting");
        await world.Get<TaskSeeding>().Seed(Cancellation);
        Assert.False((await Stored(world)).Enabled);
        Assert.Single(await world.Audit(AuditKind.TaskChanged), a => a.Detail == "Created from settings.");
        Assert.False(await world.Ledger.Write(DurableStep.Unknown, t => world.Get<IPlans>().Insert(t, new ResponsePlan { Name = "Waiting" }), Cancellation));
        await world.AddPlan("web", null);
        Assert.False(await world.Ledger.Write(DurableStep.Unknown, t => world.Get<ITasks>().Insert(t, new ScheduledTask { Name = "WEB", Cron = "every hour" }), Cancellation));
    }
}
