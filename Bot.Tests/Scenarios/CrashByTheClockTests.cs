using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Audit;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>The durable steps that only time brings, for which <see cref="CrashAnywhereTests"/> cannot wait: here the clock is moved.</summary>
public class CrashByTheClockTests
{
    /// <summary>Longer than any lease of a process that is gone, and than the time it is given to answer.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(95);

    internal static IReadOnlyDictionary<DurableStep, Func<Dying, Task>> Reached { get; } = new Dictionary<DurableStep, Func<Dying, Task>>
    {
        [DurableStep.KeptWaiting] = KeptWaiting,
        [DurableStep.ConfirmationExpired] = ConfirmationExpired,
        [DurableStep.WatchTaken] = Recovered,
        [DurableStep.WatchedFactChanged] = Recovered,
        [DurableStep.WatchNoted] = Unreadable,
        [DurableStep.UndeliveredNoticed] = Undelivered,
        [DurableStep.TaskTaken] = TaskTaken,
        [DurableStep.TaskTickFailed] = TaskTickFailed,
    };

    public static TheoryData<string, bool> Points
    {
        get
        {
            var points = new TheoryData<string, bool>();
            foreach (var step in Reached.Keys.Order())
            {
                points.Add(step.ToString(), false);
                points.Add(step.ToString(), true);
            }

            return points;
        }
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Killed_at_a_step_that_time_brings_the_next_process_takes_it_once(string step, bool afterItsCommit)
    {
        await using var dying = new Dying(new(step, afterItsCommit ? CrashWhen.After : CrashWhen.Before));
        await Reached[Enum.Parse<DurableStep>(step)](dying);
        Assert.True(dying.Death.Came, $"The story does not come by {step}.");
        dying.Bot.Cloud.AssertNothingUnexpected();
    }

    private static async Task KeptWaiting(Dying dying)
    {
        var card = await dying.Ask();
        await dying.Bot.WaitForAudit("Delivery");
        await dying.Bot.WaitForCount("SELECT COUNT(*) FROM waits WHERE step = 'Remind'", 1);
        dying.Bot.Clock.Advance(TimeSpan.FromMinutes(31));
        var reminder = await dying.Bot.WaitForCard("Awaiting approval: nobody has decided yet", m => m.Verbs.Contains("keepwaiting"));
        // Nobody answers the person, and only they know whether to press again.
        var unanswered = dying.Bot.Press(reminder, "keepwaiting", People.Ada);
        await dying.Restart();
        await unanswered.ContinueWith(_ => { }, TaskScheduler.Default);
        if (dying.Point.When == CrashWhen.Before)
        {
            Assert.StartsWith("It waits until", await dying.Bot.Told(reminder, "keepwaiting", People.Ada), StringComparison.Ordinal);
        }

        await dying.Bot.WaitForAudit("KeptWaiting");
        Assert.Equal(1, await dying.Audited("KeptWaiting"));
        dying.Bot.Clock.Advance(TimeSpan.FromMinutes(35));
        await dying.ApprovedAndDone(card);
    }

    private static async Task ConfirmationExpired(Dying dying)
    {
        await dying.Start();
        await dying.Bot.Install();
        await dying.Bot.Say(People.Ada, "set prod-web to autonomous");
        var question = await dying.Bot.WaitForCard("Awaiting approval: confirm");
        await dying.Bot.WaitForCount("SELECT COUNT(*) FROM messages WHERE subject LIKE 'confirmation/%'", 1);
        dying.Bot.Clock.Advance(TimeSpan.FromMinutes(11));
        await dying.Restart();
        dying.Bot.Clock.Advance(Lease);
        await dying.Bot.WaitForCard("Expired", m => m.ActivityId == question.ActivityId);
        Assert.Contains("expired", await dying.Bot.Told(question, "confirm", People.Ada), StringComparison.Ordinal);
        Assert.Equal(1, await dying.Audited("ConfirmationChanged", "Expired"));
    }

    /// <summary>Two minutes after the card the app is well again, and the card is asked anew, saying so.</summary>
    private static async Task Recovered(Dying dying)
    {
        var card = await dying.Ask();
        await dying.Bot.WaitForAudit("Delivery");
        await dying.Bot.WaitForCount("SELECT COUNT(*) FROM waits WHERE step = 'Look'", 1);
        dying.App.Memory = Series.Flat(48);
        dying.Bot.Clock.Advance(TimeSpan.FromSeconds(125));
        await dying.Restart();
        dying.Bot.Clock.Advance(TimeSpan.FromSeconds(125));
        var again = await dying.Bot.WaitForAsk(m => m.ActivityId != card.ActivityId && m.Reads.Contains("It recovered by itself", StringComparison.Ordinal));
        await dying.ApprovedAndDone(again);
        Assert.Equal(2, dying.Bot.Cloud.Teams.Posted.Count(m => m.Kind != PostKind.Update && m.Verbs.Contains("approve")));
    }

    /// <summary>A look that fails is one line on the card, and the card stays usable.</summary>
    private static async Task Unreadable(Dying dying)
    {
        var card = await dying.Ask();
        await dying.Bot.WaitForAudit("Delivery");
        await dying.Bot.WaitForCount("SELECT COUNT(*) FROM waits WHERE step = 'Look'", 1);
        dying.Bot.Cloud.Arm.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."), r => r.Method == "GET" && r.Path.Contains("/metrics", StringComparison.OrdinalIgnoreCase));
        dying.Bot.Clock.Advance(TimeSpan.FromSeconds(125));
        await dying.Restart();
        dying.Bot.Clock.Advance(TimeSpan.FromSeconds(125));
        await dying.Bot.WaitForCount("SELECT COUNT(*) FROM waits WHERE step = 'Look' AND due_at IS NOT NULL", 1);
        dying.Bot.Cloud.Arm.Faults.Clear();
        await dying.ApprovedAndDone(card);
    }

    /// <summary>The hour strikes, and the reminder is posted once, by whoever lives.</summary>
    private static async Task TaskTaken(Dying dying)
    {
        await dying.Start(new()
        {
            ["ScheduledTasks:0:Name"] = "waiting", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "PendingReminder", ["ScheduledTasks:0:RunLimit"] = "1",
            ["Agent:ApprovalExpiry"] = "2.00:00:00",
        });
        await dying.Bot.Install();
        await dying.Bot.Fire(dying.App.Id);
        var card = await dying.Bot.WaitForAsk();
        await dying.Bot.WaitForAudit("Delivery");
        dying.Bot.Clock.Advance(TimeSpan.FromMinutes(61));
        await dying.Restart();
        dying.Bot.Clock.Advance(Lease);
        await dying.Bot.WaitForText("1 operation waits for a decision");
        await dying.ApprovedAndDone(card);
        Assert.Equal(1, await dying.Audited("TaskRun"));
        Assert.Single(dying.Bot.Cloud.Teams.Posted, m => m.Reads.Contains("waits for a decision", StringComparison.Ordinal));
    }

    /// <summary>A tick that breaks counts once, and the task goes on with its next.</summary>
    private static async Task TaskTickFailed(Dying dying)
    {
        await dying.Start(new()
        {
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "0 * * * *", ["ScheduledTasks:0:Does"] = "Steps",
            ["ScheduledTasks:0:Steps:0"] = $"restart /subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/gone",
        });
        await dying.Bot.Install();
        dying.Bot.Clock.Advance(TimeSpan.FromMinutes(61));
        await dying.Bot.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%\"FailuresInARow\":1%'", 1);
        await dying.Bot.Services.GetRequiredService<ILedger>().Write(DurableStep.Unknown, t => t.Unit().Execute("UPDATE runs SET document = '{'"), BotClient.Cancellation);
        dying.Bot.Clock.Advance(TimeSpan.FromMinutes(60));
        await dying.Restart();
        dying.Bot.Clock.Advance(Lease);
        await dying.Bot.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%\"FailuresInARow\":2%'", 1);
        Assert.Equal(1, await dying.Audited("TaskRun", "unexpected error"));
    }

    private static async Task Undelivered(Dying dying)
    {
        const string Elsewhere = "19:elsewhere@thread.tacv2";
        await dying.Start(new() { ["ResponsePlans:0:Channel"] = Elsewhere });
        await dying.Bot.Install();
        await dying.Bot.Say(People.Rob, "help", Elsewhere);
        await dying.Bot.WaitForText("`plans`", m => m.ConversationId == Elsewhere);
        dying.Bot.Cloud.Teams.Faults.Always(Fault.Error(400, "BadArgument", "No cards here."),
            r => r.Method != "GET" && r.Body?.Contains("adaptive", StringComparison.Ordinal) == true && $"{r.Path}{r.Body}".Contains(Elsewhere, StringComparison.Ordinal));
        await dying.Bot.Fire(dying.App.Id);
        await dying.Bot.WaitForAudit("VerdictGiven");
        await dying.PassUntil(() => dying.Death.Came);
        await dying.Restart();
        await dying.PassUntil(() => dying.Bot.Cloud.Teams.Posted.Any(m => m.Verbs.Contains("approve")));
        var card = await dying.Bot.WaitForAsk();
        Assert.Equal(Known.Team, card.ConversationId);
        await dying.ApprovedAndDone(card);
    }

    /// <summary>A bot with a sick app that dies at its point, and the one that follows it.</summary>
    internal sealed class Dying(CrashPoint point) : IAsyncDisposable
    {
        private BotHost? _bot;
        private Dictionary<string, string?>? _settings;
        private WebApp? _app;

        public CrashPoint Point => point;

        public Death Death { get; } = new(point);

        public BotHost Bot => _bot!;

        public WebApp App => _app!;

        public async Task Start(Dictionary<string, string?>? settings = null) =>
            _bot = await BotHost.Start(cloud => _app = cloud.Sick(World.Prod), _settings = settings, Death.Strikes);

        public async Task<PostedMessage> Ask()
        {
            await Start();
            await Bot.Install();
            await Bot.Fire(App.Id);
            return await Bot.WaitForAsk();
        }

        public async Task Restart()
        {
            await Death.Wait(TimeSpan.FromSeconds(60));
            if (StoreOfTest.IsPostgreSql)
            {
                // Its leases run out while it is dead: a jump afterwards would be a time-out of whatever the next one asks.
                Bot.Clock.Advance(Lease);
            }

            Death.Bury();
            _bot = await Bot.Restart(_settings);
        }

        public async Task PassUntil(Func<bool> done)
        {
            for (var tries = 0; tries < 100 && !done(); tries++)
            {
                Bot.Clock.Advance(TimeSpan.FromSeconds(31));
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, BotClient.Cancellation);
            }
        }

        public async Task ApprovedAndDone(PostedMessage card)
        {
            Assert.Empty(Bot.Cloud.Arm.Mutations);
            await Bot.Approve(card, People.Ada);
            await Bot.WaitForCard("Done, recovered");
            Assert.Single(Bot.Cloud.Arm.Mutations);
        }

        public async Task<int> Audited(string kind, string part = "")
        {
            var (exit, output) = await Bot.Audit("--json");
            Assert.True(exit == 0, output);
            return output.Split('\n').Count(l => l.Contains($"\"{kind}\"", StringComparison.Ordinal) && l.Contains(part, StringComparison.Ordinal));
        }

        public async ValueTask DisposeAsync()
        {
            Death.Bury();
            await (_bot?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}

/// <summary>The next process is another replica here: it knows nothing but the database.</summary>
public sealed class CrashByTheClockTestsOnPostgreSql : CrashByTheClockTests;
