using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Who may change what of a task, what waits for a confirmation, and what two who change the same thing are told.</summary>
public sealed class TaskEditsTests
{
    private const string App = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/web/providers/Microsoft.Web/sites/app-service-staging";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<ChatWorld> Start(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every day at 20", ["ScheduledTasks:0:Does"] = "Steps", ["ScheduledTasks:0:Steps:0"] = $"restart {App}",
            ["ScheduledTasks:0:Mode"] = "Review",
        };
        foreach (var (key, value) in more)
        {
            settings[$"ScheduledTasks:0:{key}"] = value;
        }

        var world = await ChatWorld.Start(settings);
        await world.Get<TaskSeeding>().Seed(Cancellation);
        return world;
    }

    private static Task<ScheduledTask?> Stored(ChatWorld world) => world.Ledger.Read(t => world.Get<ITasks>().Find(t, "nightly"), Cancellation);

    [Fact]
    public async Task Raising_a_task_is_an_Administrators_and_confirmed_on_a_card_that_names_each_operation_and_its_next_times()
    {
        await using var world = await Start();
        Assert.Contains("Only Administrators", await world.Ask(ChatWorld.Sam, "set nightly to autonomous"), StringComparison.Ordinal);
        var id = await world.AskCard(ChatWorld.Ada, "set nightly to autonomous");
        var card = await world.Confirmation(id);
        Assert.Contains("Set task nightly to Autonomous", card, StringComparison.Ordinal);
        Assert.Contains($"Restart App Service 'app-service-staging' ({App})", card.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Runs next: Wed 2026-03-04 20:00, Thu 2026-03-05 20:00, Fri 2026-03-06 20:00 (UTC)", card, StringComparison.Ordinal);
        Assert.Equal(RunMode.Review, (await Stored(world))!.Mode);
        await world.Press(ChatWorld.Ada, "confirm", id);
        Assert.Equal(RunMode.Autonomous, (await Stored(world))!.Mode);
        var line = Assert.Single(await world.Audit(AuditKind.ModeChanged));
        Assert.Equal(("Review (task nightly)", "Autonomous (task nightly)", "Ada"), (line.Before, line.After, line.Actor.Name));
        Assert.Contains(ChatWorld.Team, line.Detail, StringComparison.Ordinal);
        Assert.Contains("Autonomous (task nightly)", await world.Ask(ChatWorld.Rob, "what mode is nightly in?"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tick_meanwhile_is_no_change_and_another_persons_edit_is_told()
    {
        await using var world = await Start();
        var id = await world.AskCard(ChatWorld.Ada, "set nightly to autonomous");
        await world.Ledger.Write(DurableStep.Unknown, async t =>
        {
            var task = (await world.Get<ITasks>().Find(t, "nightly"))!;
            Assert.True(await world.Get<ITasks>().Move(t, task, task with { Runs = 7 }));
        }, Cancellation);
        await world.Press(ChatWorld.Ada, "confirm", id);
        Assert.Equal((RunMode.Autonomous, 7), ((await Stored(world))!.Mode, (await Stored(world))!.Runs));

        await world.Ask(ChatWorld.Sam, "set nightly to review");
        var raced = await world.AskCard(ChatWorld.Ada, "set nightly to autonomous");
        await world.Ask(ChatWorld.Sam, "pause nightly");
        var told = Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, "confirm", raced));
        Assert.Contains("Sam changed it", told.Text, StringComparison.Ordinal);
        Assert.Contains("State: enabled → paused", told.Text, StringComparison.Ordinal);
        Assert.Equal(RunMode.Review, (await Stored(world))!.Mode);
    }

    [Fact]
    public async Task Resuming_and_running_a_task_with_operations_is_confirmed()
    {
        await using var world = await Start();
        await world.Ask(ChatWorld.Sam, "pause nightly");
        Assert.Contains("is paused", await world.Ask(ChatWorld.Ada, "run nightly"), StringComparison.Ordinal);
        var resume = await world.AskCard(ChatWorld.Ada, "resume nightly");
        Assert.Contains("Resume task nightly", await world.Confirmation(resume), StringComparison.Ordinal);
        Assert.False((await Stored(world))!.Enabled);
        await world.Press(ChatWorld.Ada, "confirm", resume);
        Assert.Equal((true, new DateTimeOffset(2026, 3, 4, 20, 0, 0, TimeSpan.Zero)), ((await Stored(world))!.Enabled, (await Stored(world))!.DueAt!.Value));

        await world.News();
        var run = await world.AskCard(ChatWorld.Ada, "run nightly");
        Assert.Contains("each operation asks on a card of its own", await world.Confirmation(run), StringComparison.Ordinal);
        await world.Press(ChatWorld.Ada, "confirm", run);
        Assert.NotNull((await Stored(world))!.LastIncident);
    }

    [Fact]
    public async Task Where_a_task_posts_is_said_in_the_channel_without_a_confirmation_and_announced_where_it_posted()
    {
        await using var world = await Start();
        await world.Say(ChatWorld.Ada, "hi", ChatWorld.Channel(ChatWorld.Other));
        Assert.Contains("Only Administrators", string.Concat((await world.Say(ChatWorld.Sam, "use this channel for nightly", ChatWorld.Channel(ChatWorld.Other))).Select(i => i.Payload?.Text)), StringComparison.Ordinal);
        Assert.Null((await Stored(world))!.Channel);
        var moved = await world.Say(ChatWorld.Ada, "use this channel for task nightly", ChatWorld.Channel(ChatWorld.Other));
        Assert.Equal(ChatWorld.Other, (await Stored(world))!.Channel);
        Assert.DoesNotContain(moved, i => i.Shows == RunModes.Bot.Reporting.Shown.Confirmation);
        Assert.Contains("nightly", Assert.Single(moved, i => i.ConversationId == ChatWorld.Team).Payload!.Text, StringComparison.Ordinal);
        Assert.Contains(await world.Say(ChatWorld.Ada, "use this channel for nightly", ChatWorld.Channel(ChatWorld.Other)), i => i.Payload?.Text.Contains("posts here already", StringComparison.Ordinal) == true);
        Assert.Contains("nobody else could approve here", await world.Ask(ChatWorld.Ada, "use this channel for nightly", ChatWorld.Personal(ChatWorld.Ada)), StringComparison.Ordinal);
        Assert.Contains("There is no plan or task nosuch", await world.Ask(ChatWorld.Ada, "use this channel for nosuch"), StringComparison.Ordinal);
        Assert.NotEmpty(await world.Audit(AuditKind.RoutingChanged));
    }

    [Fact]
    public async Task A_deleted_task_does_not_come_back_through_settings()
    {
        await using var world = await Start();
        Assert.Contains("Only Administrators", await world.Ask(ChatWorld.Sam, "delete nightly"), StringComparison.Ordinal);
        var id = await world.AskCard(ChatWorld.Ada, "delete task nightly");
        await world.Press(ChatWorld.Ada, "confirm", id);
        Assert.Null(await Stored(world));
        await world.Get<TaskSeeding>().Seed(Cancellation);
        Assert.Null(await Stored(world));
        Assert.Equal("deleted", (await world.Audit(AuditKind.TaskChanged))[^1].After);
    }

    /// <summary>Each row is what a person who is no Administrator must not be able to do to a task, by whatever field.</summary>
    [Theory]
    [InlineData("mode")]
    [InlineData("no mode of its own")]
    [InlineData("steps")]
    [InlineData("another step")]
    [InlineData("a step of az")]
    [InlineData("does")]
    [InlineData("scope")]
    [InlineData("cron")]
    [InlineData("instructions")]
    [InlineData("channel")]
    [InlineData("thread")]
    [InlineData("limit")]
    [InlineData("until")]
    [InlineData("resume")]
    [InlineData("review and steps")]
    [InlineData("pause and steps")]
    public async Task Whatever_else_than_lowering_and_pausing_is_refused_to_a_Standard_User_and_audited(string what)
    {
        await using var world = await Start(("Enabled", what == "resume" ? "false" : "true"));
        var before = (await Stored(world))!;
        var after = what switch
        {
            "mode" => before with { Mode = RunMode.Autonomous },
            "no mode of its own" => before with { Mode = null },
            "steps" => before with { Steps = [$"stop {App}"] },
            "another step" => before with { Steps = [.. before.Steps, $"stop {App}"] },
            "a step of az" => before with { Steps = [.. before.Steps, "az vm list -g web"] },
            "does" => before with { Does = Does.PendingReminder, Steps = [] },
            "scope" => before with { Scope = App },
            "cron" => before with { Cron = "every hour" },
            "instructions" => before with { Instructions = "x" },
            "channel" => before with { Channel = ChatWorld.Other },
            "thread" => before with { SameThread = true },
            "limit" => before with { RunLimit = 3 },
            "until" => before with { Until = DateTimeOffset.MaxValue },
            "resume" => before with { Enabled = true },
            "review and steps" => before with { Mode = RunMode.Review, Steps = [$"stop {App}"] },
            _ => before with { Enabled = false, Steps = [$"stop {App}"] },
        };
        var asker = new Asker(new(RunModes.Bot.Tests.Roles.ScriptedGraph.Tenant, ChatWorld.Sam.ObjectId, "Sam"),
            await world.Get<Access>().Look(ChatWorld.Actor(ChatWorld.Sam), Cancellation), ChatWorld.Channel(ChatWorld.Team), null);
        var answer = await world.Ledger.Write(DurableStep.Unknown, t => world.Get<TaskEdits>().Take(t, new(before, after), asker), Cancellation);
        Assert.Equal(EditOutcome.Refused, answer.Outcome);
        Assert.Contains("Only Administrators", answer.Text.Markdown, StringComparison.Ordinal);
        Assert.Equal(before.Version, (await Stored(world))!.Version);
        Assert.Contains(await world.Audit(AuditKind.CommandRefused), a => a.Subject.ToString() == "task/nightly");
    }
}
