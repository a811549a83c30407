using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Nobody answers: a reminder, people who are mentioned, more time if an Administrator wants it, and an end that everybody sees, each of them once.</summary>
public class SilenceTests
{
    private static readonly Dictionary<string, string?> Named = new()
    {
        ["ResponsePlans:0:Escalation:0:Id"] = People.Ben.ObjectId, ["ResponsePlans:0:Escalation:0:Name"] = "Ben <b>Admin</b>",
        ["ResponsePlans:0:Escalation:1:Id"] = "grace@contoso.example", ["ResponsePlans:0:Escalation:1:Name"] = "Grace O'Hopper",
    };

    [Fact]
    [FailureMode(26)]
    public async Task Reminder_escalation_and_expiry_come_once_each_in_the_thread_and_survive_restarts()
    {
        await using var asking = await Planned(Named);
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(31));
        var reminder = await Reminder(asking, 1);
        Assert.Equal((asking.Card.ConversationId, asking.Card.RootId, PostKind.Reply), (reminder.ConversationId, reminder.RootId, reminder.Kind));
        Assert.Null(reminder.Card!["msteams"]!["entities"]);
        Assert.Equal(["keepwaiting"], reminder.Verbs);
        await asking.Restart();

        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(15));
        var escalation = await Reminder(asking, 2);
        Assert.Contains("<at>Ben bAdminb</at>, <at>Grace O'Hopper</at>", escalation.Reads, StringComparison.Ordinal);
        var entities = escalation.Card!["msteams"]!["entities"]!.AsArray();
        Assert.Equal([People.Ben.ObjectId, "grace@contoso.example"], entities.Select(e => e!["mentioned"]!["id"]!.GetValue<string>()));
        Assert.All(entities, e => Assert.Contains(e!["text"]!.GetValue<string>(), escalation.Reads, StringComparison.Ordinal));
        await asking.Restart();

        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(15));
        await asking.Bot.WaitForCard("Expired");
        await asking.Cloud.Teams.WaitFor(m => m.ActivityId == escalation.ActivityId && m.Kind == PostKind.Update && m.Verbs.Count == 0, TimeSpan.FromSeconds(60), BotClient.Cancellation);
        Assert.Equal(2, Reminders(asking));
        Assert.Equal(2, await Audited(asking, "Reminded"));
    }

    [Fact]
    public async Task Without_escalation_people_the_reminder_is_repeated_without_a_mention()
    {
        await using var asking = await Planned();
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(46));
        await asking.Bot.WaitForAudit("Reminded", 2);
        var last = await asking.Cloud.Teams.WaitFor(m => IsReminder(m) && m.Kind != PostKind.Update, TimeSpan.FromSeconds(60), BotClient.Cancellation);
        Assert.Null(last.Card!["msteams"]!["entities"]);
        Assert.InRange(Reminders(asking), 1, 2);
    }

    [Fact]
    public async Task After_a_decision_nobody_is_reminded_and_what_reminded_before_loses_its_button()
    {
        await using var asking = await Planned();
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(31));
        var reminder = await Reminder(asking, 1);
        await asking.ApproveStillWorks();
        await asking.Cloud.Teams.WaitFor(m => m.ActivityId == reminder.ActivityId && m.Kind == PostKind.Update && m.Verbs.Count == 0, TimeSpan.FromSeconds(60), BotClient.Cancellation);
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(16));
        // Something later that is seen: a reminder would have been there before it.
        await asking.Bot.Ask(People.Rob, "pending");
        Assert.Equal(1, Reminders(asking));
    }

    [Fact]
    public async Task A_reminder_that_was_overtaken_by_the_decision_in_the_outbox_is_never_sent()
    {
        await using var asking = await Planned();
        asking.Cloud.Teams.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."));
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(31));
        await asking.Bot.WaitForAudit("Reminded");
        await asking.Bot.Told(asking.Card, "deny", People.Ada);
        asking.Cloud.Teams.Faults.Clear();
        await asking.Bot.WaitForCard("Denied");
        await asking.Bot.Ask(People.Rob, "pending");
        Assert.Equal(0, Reminders(asking));
    }

    [Fact]
    [FailureMode(26)]
    public async Task An_Administrator_may_keep_it_waiting_twice_and_nobody_else_at_all()
    {
        await using var asking = await Planned();
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(31));
        var first = await Reminder(asking, 1);
        Assert.Contains("Administrator", await asking.Bot.Told(first, "keepwaiting", People.Sam), StringComparison.Ordinal);
        Assert.StartsWith("It waits until", await asking.Bot.Told(first, "keepwaiting", People.Ada), StringComparison.Ordinal);

        // The old deadline passes; the new one is not there yet, and half of what is left reminds again.
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(50));
        var second = await Reminder(asking, 2);
        Assert.Contains("for the last time", second.Reads, StringComparison.Ordinal);
        Assert.StartsWith("It waits until", await asking.Bot.Told(second, "keepwaiting", People.Ben), StringComparison.Ordinal);
        Assert.Contains("kept waiting 2 times already, by Ada Admin and Ben Admin", await asking.Bot.Told(second, "keepwaiting", People.Ada), StringComparison.Ordinal);

        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(52));
        var third = await Reminder(asking, 3);
        Assert.Empty(third.Verbs);
        Assert.Equal(2, await Audited(asking, "KeptWaiting"));
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(60));
        await asking.Bot.WaitForCard("Expired");
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Kept_waiting_it_can_be_approved_after_the_first_deadline()
    {
        await using var asking = await Planned();
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(31));
        await asking.Bot.Told(await Reminder(asking, 1), "keepwaiting", People.Ada);
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(35));
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task While_stopped_nobody_is_reminded_of_what_nobody_can_approve()
    {
        await using var asking = await Planned();
        await asking.Bot.Say(People.Sam, "stop");
        await asking.Bot.WaitForText("**Stopped.**");
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(31));
        await asking.Bot.Ask(People.Rob, "pending");
        Assert.Equal(0, Reminders(asking));
        await asking.Bot.Say(People.Ada, "start");
        await asking.Bot.Press(await asking.Bot.WaitForCard("Awaiting approval: confirm"), "confirm", People.Ada);
        await asking.Bot.WaitForCard("Done: changed");
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(3));
        await Reminder(asking, 1);
    }

    /// <summary>Delivered, and its steps are stored.</summary>
    private static async Task<Asking> Planned(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var asking = await Asking.Start(settings: settings);
        await asking.Bot.WaitForAudit("Delivery");
        await asking.Bot.WaitForCount("SELECT COUNT(*) FROM waits WHERE step IN ('Remind', 'Escalate')", 2);
        return asking;
    }

    private static bool IsReminder(PostedMessage message) => message.Status?.StartsWith("Awaiting approval: nobody has decided yet", StringComparison.Ordinal) == true;

    private static int Reminders(Asking asking) => asking.Cloud.Teams.Posted.Count(m => IsReminder(m) && m.Kind != PostKind.Update);

    private static async Task<PostedMessage> Reminder(Asking asking, int number)
    {
        var posted = await asking.Cloud.Teams.WaitFor(
            m => IsReminder(m) && m.Kind != PostKind.Update && asking.Cloud.Teams.Posted.Count(o => o.Number < m.Number && IsReminder(o) && o.Kind != PostKind.Update) == number - 1, TimeSpan.FromSeconds(60), BotClient.Cancellation);
        await asking.Bot.WaitForAudit("Reminded", number);
        // A test sees it before the bot has the connector's receipt; a restart in between would leave nobody knowing.
        var subject = ReminderPresenter.Subject(new(asking.Card.Button("approve")!["data"]!["p"]!.GetValue<string>()));
        var (ledger, outbox) = (asking.Bot.Services.GetRequiredService<ILedger>(), asking.Bot.Services.GetRequiredService<IOutbox>());
        while ((await ledger.Read(t => outbox.LatestOf(t, subject), BotClient.Cancellation))?.State != OutboxState.Done)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation);
        }

        return posted;
    }

    private static async Task<int> Audited(Asking asking, string kind) =>
        (await asking.Bot.Audit("--json")).Output.Split('\n').Count(l => l.Contains($"\"{kind}\"", StringComparison.Ordinal));
}

public sealed class SilenceTestsOnPostgreSql : SilenceTests;
