using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using static RunModes.Bot.Tests.Chat.FilledForms;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Tasks by a form, as plans are: the mode preselected and advised about, the next times shown back, nothing typed lost. The clock begins on Wednesday 2026-03-04 at 9:00 UTC.</summary>
public sealed class TaskFormTests
{
    private const string App = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/web/providers/Microsoft.Web/sites/app-service-staging";
    private const string Group = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/web";

    private static Task<ScheduledTask?> Stored(ChatWorld world, string name) => world.Ledger.Read(t => world.Get<ITasks>().Find(t, name), TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_created_task_has_Autonomous_preselected_and_exists_only_once_it_is_confirmed()
    {
        await using var world = await ChatWorld.Start();
        var form = await Open(world, ChatWorld.Ada, "create task nightly");
        Assert.Equal(("nightly", "Autonomous", "HealthCheck", "true"), (form.Value("task_name"), form.Value("task_mode"), form.Value("task_does"), form.Value("task_enabled")));
        Assert.Contains("Recommended: Autonomous for daily health checks and for cost and usage reports", form.Text, StringComparison.Ordinal);
        await Send(world, ChatWorld.Ada, form, new() { ["task_does"] = "Steps", ["task_cron"] = "every weekday at 20", ["task_steps"] = $"stop {App}\r\nstart {App}", ["task_limit"] = "3", ["task_until"] = "2027-12-31", ["task_channel"] = "Here" });
        Assert.Null(await Stored(world, "nightly"));
        var confirmation = await Asked(world);
        var text = (await world.Confirmation(confirmation)).Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains($"Stop App Service 'app-service-staging' ({App}). The app answers nothing from then on", text, StringComparison.Ordinal);
        Assert.Contains("Runs next: Wed 2026-03-04 20:00, Thu 2026-03-05 20:00, Fri 2026-03-06 20:00 (UTC)", text, StringComparison.Ordinal);
        Assert.Contains("Channel: **General**", text, StringComparison.Ordinal);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, confirmation);
        var task = (await Stored(world, "nightly"))!;
        Assert.Equal((RunMode.Autonomous, Does.Steps, 3, ChatWorld.Team), (task.Mode, task.Does, task.RunLimit, task.Channel));
        Assert.Equal([$"stop {App}", $"start {App}"], task.Steps);
        Assert.Equal((new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 4, 20, 0, 0, TimeSpan.Zero)), (task.Until, task.DueAt));
        Assert.Contains("There is a task", await Send(world, ChatWorld.Ada, await Open(world, ChatWorld.Ada, "create plan nightly"), []), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_are_confirmed_in_full_and_stored_with_their_place_and_what_is_refused_says_why()
    {
        await using var world = await ChatWorld.Start(new Dictionary<string, string?> { ["Commands:Subscriptions:0"] = "00000000-0000-0000-0000-00000000000a" });
        var form = await Open(world, ChatWorld.Ada, "create task nightly");
        Dictionary<string, string> typed = new() { ["task_does"] = "Steps", ["task_cron"] = "every weekday at 20", ["task_steps"] = "az vm deallocate -n vm1 -g web\naz group delete -n web" };
        Assert.Contains("'az group delete -n web' is not run: Deletions are refused", await Send(world, ChatWorld.Ada, form, typed), StringComparison.Ordinal);
        typed["task_steps"] = "az vm deallocate -n vm1 -g web";
        await Send(world, ChatWorld.Ada, await Read(world, form.Id), typed);
        var confirmation = await Asked(world);
        var text = (await world.Confirmation(confirmation)).Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains("Deallocate virtual machine 'vm1' (az vm deallocate --name vm1 --resource-group web --subscription 00000000-0000-0000-0000-00000000000a --output json --only-show-errors). Everything on the machine stops", text, StringComparison.Ordinal);
        Assert.Contains("az may send the request again by itself; sent twice it does the same. At once, reported afterwards", text, StringComparison.Ordinal);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, confirmation);
        Assert.Equal(["az vm deallocate -n vm1 -g web --subscription 00000000-0000-0000-0000-00000000000a"], (await Stored(world, "nightly"))!.Steps);
    }

    [Fact]
    public async Task A_task_that_can_only_post_is_stored_at_once_and_its_next_times_are_said()
    {
        await using var world = await ChatWorld.Start();
        var form = await Open(world, ChatWorld.Ada, "create task waiting");
        var said = await Send(world, ChatWorld.Ada, form, new() { ["task_does"] = "PendingReminder", ["task_cron"] = "30 8 * * 1-5" });
        Assert.Contains("Task waiting is created. Next: Thu 2026-03-05 08:30, Fri 2026-03-06 08:30, Mon 2026-03-09 08:30 (UTC).", said.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(RunMode.Autonomous, (await Stored(world, "waiting"))!.Mode);
        Assert.Contains("created in", Assert.Single(await world.Audit(AuditKind.TaskChanged)).Detail, StringComparison.Ordinal);
    }

    /// <summary>One line says what is accepted, nothing is changed, and what was typed stands there still.</summary>
    [Theory]
    [InlineData("task_cron", "every 7 minutes", "Schedule: 'every 7 minutes': every 7 minutes does not divide the hour evenly")]
    [InlineData("task_cron", "whenever", "write five cron fields")]
    [InlineData("task_cron", "", "Schedule: is missing; write five cron fields")]
    [InlineData("task_mode", "Automatically", "Run mode: is Autonomous, Review, or the agent's default.")]
    [InlineData("task_does", "Everything", "Does: is one of")]
    [InlineData("task_scope", "rg-web", "is no Azure id")]
    [InlineData("task_steps", "restart everything", "a HealthCheck has none; remove them.")]
    [InlineData("task_limit", "0", "Ends after so many runs: takes a whole number from 1 to 1000000, or nothing.")]
    [InlineData("task_until", "tomorrow", "Last day: takes a day as in 2027-12-31, or nothing.")]
    [InlineData("task_until", "2020-01-01", "Last day: is reached already")]
    [InlineData("task_name", "stop", "Name: 'stop' is a word of the chat commands")]
    [InlineData("task_name", "<b>x</b>", "Name: may hold letters, digits")]
    [InlineData("task_channel", "19:somewhere@thread.tacv2", "Posts: is the agent's place, or here.")]
    public async Task What_cannot_be_read_is_said_and_nothing_typed_is_lost(string field, string typed, string said)
    {
        await using var world = await ChatWorld.Start();
        var form = await Open(world, ChatWorld.Ada, "create task daily");
        Dictionary<string, string> fields = new() { ["task_cron"] = "every day at 8", ["task_scope"] = Group, ["task_instructions"] = "Call us." };
        fields[field] = typed;
        var answer = (await Send(world, ChatWorld.Ada, form, fields)).Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains(said, answer, StringComparison.Ordinal);
        var again = await Read(world, form.Id);
        Assert.Equal((2, "Call us."), (again.Revision, again.Value("task_instructions")));
        Assert.Equal(typed, again.Value(field) ?? "");
        Assert.Empty(await world.Ledger.Read(t => world.Get<ITasks>().All(t), TestContext.Current.CancellationToken));
        if (field is not ("task_cron" or "task_until"))
        {
            Assert.Contains("Runs next: Thu 2026-03-05 08:00", again.Text.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Steps_that_cannot_be_read_are_named_one_by_one_and_going_against_the_advice_is_warned_about()
    {
        await using var world = await ChatWorld.Start();
        var form = await Open(world, ChatWorld.Ada, "create task prod-nightly");
        var said = await Send(world, ChatWorld.Ada, form, new() { ["task_does"] = "Steps", ["task_cron"] = "every day at 4", ["task_steps"] = "restart the app\nreboot vm" });
        Assert.Contains("'restart the app' is no step; write restart", said.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Not recommended: for changes of production Review is", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_touches_only_what_was_changed_and_of_two_the_second_sees_the_first()
    {
        await using var world = await ChatWorld.Start();
        await Send(world, ChatWorld.Ada, await Open(world, ChatWorld.Ada, "create task waiting"), new() { ["task_does"] = "PendingReminder", ["task_cron"] = "every hour", ["task_thread"] = "true" });
        var (adas, bens) = (await Open(world, ChatWorld.Ada, "edit task waiting"), await Open(world, ChatWorld.Ben, "edit waiting"));
        Assert.Equal((null, "every hour", "true"), (adas.Value("task_name"), adas.Value("task_cron"), adas.Value("task_thread")));
        await Send(world, ChatWorld.Ben, bens, new() { ["task_cron"] = "every day at 8" });
        Assert.Contains("Ben changed it", await Send(world, ChatWorld.Ada, adas, new() { ["task_limit"] = "3" }), StringComparison.Ordinal);
        Assert.Equal("Superseded", await Status(world, adas));
        var task = (await Stored(world, "waiting"))!;
        Assert.Equal(("every day at 8", null, true, new DateTimeOffset(2026, 3, 5, 8, 0, 0, TimeSpan.Zero)), (task.Cron, task.RunLimit, task.SameThread, task.DueAt!.Value));
        var line = (await world.Audit(AuditKind.TaskChanged))[^1];
        Assert.Equal(("Schedule: every hour", "Schedule: every day at 8", "Ben"), (line.Before, line.After, line.Actor.Name));
    }
}
