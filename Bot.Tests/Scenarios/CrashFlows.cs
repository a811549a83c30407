using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Short stories that pass by every durable step, told by people and sources that try again until they are answered.</summary>
internal static class CrashFlows
{
    /// <summary>What was executed by a replica that died is given up after 75 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private static readonly CrashPoint SentAndLost = new(nameof(DurableStep.ResultRecorded), CrashWhen.Before);

    /// <summary>Steps that only come after another process was lost with its request sent.</summary>
    private static readonly DurableStep[] AfterLoss = [DurableStep.EvidenceShown, DurableStep.Annotated];

    /// <summary>Steps that silence brings.</summary>
    private static readonly DurableStep[] Short = [DurableStep.Expired, DurableStep.Reminded, DurableStep.WaitOver];

    /// <summary>Which story comes by a step.</summary>
    public static IReadOnlyDictionary<DurableStep, Func<Story, Task>> Reached { get; } = new Dictionary<DurableStep, Func<Story, Task>>
    {
        [DurableStep.Started] = Approved,
        [DurableStep.PlansSeeded] = Approved,
        [DurableStep.LeftoversRecovered] = Approved,
        [DurableStep.ConversationAdded] = Approved,
        [DurableStep.AlertTakenIn] = Approved,
        [DurableStep.InvestigationStarted] = Approved,
        [DurableStep.Proposed] = Approved,
        [DurableStep.SendingStarted] = Approved,
        [DurableStep.MessageRecorded] = Approved,
        [DurableStep.Decided] = Approved,
        [DurableStep.ClickAnswered] = Approved,
        [DurableStep.Claimed] = Approved,
        [DurableStep.ResultRecorded] = Approved,
        [DurableStep.MessageFinished] = Approved,
        [DurableStep.Verified] = Approved,
        [DurableStep.RunSettled] = Autonomous,
        [DurableStep.InvestigationRequeued] = Requeued,
        [DurableStep.NothingToDo] = Healthy,
        [DurableStep.MessageParked] = NowhereToPost,
        [DurableStep.MessageForgotten] = CardDeleted,
        [DurableStep.MessagePostponed] = Throttled,
        [DurableStep.DecisionRefused] = Refused,
        [DurableStep.NotStarted] = LockedMeanwhile,
        [DurableStep.EvidenceShown] = Lost,
        [DurableStep.Annotated] = Lost,
        [DurableStep.Remeasured] = Resolved,
        [DurableStep.Expired] = Expired,
        [DurableStep.Reminded] = Expired,
        [DurableStep.WaitsPlanned] = Approved,
        [DurableStep.LeaseTaken] = Approved,
        [DurableStep.LeaseReleased] = Approved,
        [DurableStep.PollTaken] = LongRunning,
        [DurableStep.ProgressRecorded] = LongRunning,
        [DurableStep.Rechecked] = Rechecked,
        [DurableStep.ClickAudited] = Rechecked,
        [DurableStep.InvestigatedAgain] = InvestigatedAgain,
        [DurableStep.CommandChanged] = Raised,
        [DurableStep.CommandAnswered] = Asked,
        [DurableStep.Confirmed] = Raised,
    };

    public static IReadOnlyDictionary<DurableStep, string> NotKilledAt { get; } = new Dictionary<DurableStep, string>
    {
        [DurableStep.Unknown] = "is no step",
        [DurableStep.ConversationRemoved] = "writes one row that an event repeats",
        [DurableStep.StorePutBack] = "comes of a copy that was put back; the next start compares again",
        [DurableStep.StoreMoved] = "is a command, whose interruption has tests of its own",
        [DurableStep.MessageRouted] = "notes where rows go, which is looked up again when they are sent",
        [DurableStep.ConversationHeld] = "holds a conversation after a 429, which is answered again if forgotten",
        [DurableStep.TurnRenewed] = "lengthens a lease that ends by itself",
        [DurableStep.LeaseRenewed] = "lengthens a lease that ends by itself",
        [DurableStep.KeptWaiting] = "is one guarded row, as a decision is; its click is repeated until it is answered",
        [DurableStep.WaitOver] = "takes a row that is over out of the way",
        [DurableStep.WatchTaken] = "moves on a time to look again",
        [DurableStep.WatchNoted] = "writes a line on a card that the next look writes again",
        [DurableStep.WatchedFactChanged] = "comes minutes after the card, by the clock of the machine; it is the step that NotStarted takes",
        [DurableStep.UndeliveredNoticed] = "comes after every place refused a card; the row stays due until it commits",
        [DurableStep.ClockChanged] = "comes of a clock that was set; the next tick compares again",
        [DurableStep.CommandRefused] = "changes nothing and answers that it changed nothing",
        [DurableStep.TamperFound] = "writes an audit line that the next look writes again",
        [DurableStep.WorkerLost] = "is LeftoversRecovered where the lock file proves it, and elsewhere comes after a minute by the clock of the machine",
        [DurableStep.ConfirmationExpired] = "is ten minutes after the question, by the clock of the machine",
        [DurableStep.AuditSealed] = "gives places to rows that are there already; the next pass does it",
        [DurableStep.HealthProbed] = "writes nothing",
    };

    /// <param name="home">The store: on PostgreSQL another replica takes over, on SQLite the next process.</param>
    public static async Task Run(CrashPoint point, Home home)
    {
        await using var story = await Story.Begin(point, home);
        await Reached[Enum.Parse<DurableStep>(point.Step)](story);
        await story.Over();
    }

    /// <summary>Whatever happens to the process: one card that asks, one approval, and at most one restart, or an end that says nobody knows.</summary>
    private static async Task Approved(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        await story.Approve(card);
        var end = await story.Ends("Done, recovered", "Indeterminate");
        Assert.True(end.Status!.StartsWith("Done", StringComparison.Ordinal) ? story.App.Restarts == 1 : story.App.Restarts <= 1, $"{end.Status}, restarted {story.App.Restarts} times");
    }

    private static async Task Autonomous(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire(story.Staging);
        await story.Reads("Done: I've restarted app-service-staging. Memory usage is now normal");
        Assert.Equal(1, story.Staging.Restarts);
        await story.SaidOnce("Done: I've restarted");
    }

    private static async Task Requeued(Story story)
    {
        // By the source's clock it fired a minute later than the newest sample, which covers one: the run waits for a newer one.
        await story.Bot.Do(b => b.Install());
        await story.Fire(story.Staging, story.Cloud.Clock.GetUtcNow().AddSeconds(66));
        await story.Reads("Done: I've restarted app-service-staging. Memory usage is now normal");
        Assert.Equal(1, story.Staging.Restarts);
    }

    private static async Task Healthy(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire(story.Cloud.Arm.App("app-service-prod", rg: "fine", memory: Series.Flat(40), responseTime: Series.Flat(0.3)));
        await story.Reads("app-service-prod");
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task NowhereToPost(Story story)
    {
        await story.Fire();
        await Task.Delay(TimeSpan.FromSeconds(2), BotClient.Cancellation);
        await Approved(story);
    }

    private static async Task CardDeleted(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        story.Cloud.Teams.Delete(card.ActivityId);
        await story.Approve(card);
        await story.Ends("Done, recovered", "Indeterminate");
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Throttled(Story story)
    {
        story.Cloud.Teams.Faults.Next(Fault.Throttled("1"), r => r.Method == "POST");
        await Approved(story);
    }

    private static async Task Refused(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        await story.Press(card, "approve", People.Sam);
        Assert.Empty(story.Cloud.Arm.Mutations);
        await story.Approve(card);
        await story.Ends("Done, recovered");
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task LockedMeanwhile(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        story.Cloud.Arm.Access.Lock(story.App.Id);
        await story.Approve(card);
        await story.Ends("Blocked");
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task Lost(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        await story.Approve(await story.Asks());
        var unknown = await story.Ends("Indeterminate", m => m.Reads.Contains("activity log", StringComparison.OrdinalIgnoreCase));
        await story.Press(unknown, "annotate", People.Ada);
        await story.Ends("Indeterminate", m => m.Reads.Contains("noted that **it was done**", StringComparison.Ordinal));
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Resolved(Story story)
    {
        await story.Bot.Do(b => b.Install());
        var alert = await story.Fire();
        await story.Asks();
        alert["data"]!["essentials"]!["monitorCondition"] = "Resolved";
        alert["data"]!["essentials"]!["resolvedDateTime"] = DateTimeOffset.UtcNow.ToString("o");
        await story.Deliver(alert);
        await story.Died();
        await story.Approve(await story.Asks());
        await story.Ends("Done, recovered", "Indeterminate");
    }

    /// <summary>Azure says that it is at it, and is asked until it is done.</summary>
    private static async Task LongRunning(Story story)
    {
        story.Cloud.Arm.LongRunning.Plan = new(UnderWay.Location202) { RetryAfter = "1" };
        await Approved(story);
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Expired(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        await story.Ends("Expired");
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task Rechecked(Story story)
    {
        story.Cloud.Arm.Access.Lock(story.App.Id);
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var blocked = await story.Ends("Blocked");
        story.Cloud.Arm.Access.Locks.Clear();
        await story.Press(blocked, "recheck", People.Sam);
        await story.Press(blocked, "recheck", People.Ada);
        await story.Asks();
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task InvestigatedAgain(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        await story.Press(await story.Asks(), "deny", People.Ada);
        var denied = await story.Ends("Denied");
        await story.Press(denied, "investigate", People.Ada);
        await story.Approve(await story.Asks(m => m.Number > denied.Number));
        await story.Ends("Done, recovered");
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Raised(Story story)
    {
        await story.Bot.Do(b => b.Install());
        var question = await story.Say("set prod-web to autonomous", m => m.Verbs.Contains("confirm"));
        await story.Press(question, "confirm", People.Ada);
        await story.Ends("Done: changed");
        await story.Fire();
        await story.Reads("Done: I've restarted app-service-prod");
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Asked(Story story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Say("plans", m => m.Text?.Contains("prod-web", StringComparison.Ordinal) == true);
    }

    /// <summary>One world, one supervised bot, and the point at which it dies.</summary>
    internal sealed class Story : IAsyncDisposable
    {
        private readonly CrashPoint _point;
        private readonly int _points;

        private Story(FakeCloud cloud, CrashPoint point, Home home)
        {
            (Cloud, _point) = (cloud, point);
            (App, Staging) = (cloud.Sick(World.Prod), cloud.Sick(World.Staging));
            var step = Enum.Parse<DurableStep>(point.Step);
            CrashPoint[] points = AfterLoss.Contains(step) ? [SentAndLost, point] : [point];
            _points = points.Length;
            var settings = home.Settings();
            if (Short.Contains(step))
            {
                settings["Agent:ApprovalExpiry"] = "00:00:06";
            }

            Bot = new Supervised(cloud, settings, points, replicas: home.Database is not null);
        }

        public FakeCloud Cloud { get; }

        public Supervised Bot { get; }

        public WebApp App { get; }

        public WebApp Staging { get; }

        public static async Task<Story> Begin(CrashPoint point, Home home) => new(await BotProcess.World(), point, home);

        public async Task<JsonObject> Fire(WebApp? app = null, DateTimeOffset? at = null)
        {
            var alert = Alerts.Metric((app ?? App).Id, "High memory", "Sev1", at ?? Cloud.Clock.GetUtcNow());
            await Deliver(alert);
            return alert;
        }

        /// <summary>The same alert until it is accepted, as an action group does.</summary>
        public Task Deliver(JsonObject alert) => Bot.Do(async b =>
        {
            using var answer = await b.PostAlert((JsonObject)alert.DeepClone());
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                throw new HttpRequestException($"answered {answer.StatusCode}");
            }
        });

        public Task<PostedMessage> Asks(Func<PostedMessage, bool>? fits = null) =>
            Ends("Awaiting approval", m => m.Verbs.Contains("approve") && (fits?.Invoke(m) ?? true));

        /// <summary>A person who gets no answer presses again; one who is told that it was decided has what they wanted.</summary>
        public Task Approve(PostedMessage card) => Bot.Do(async b =>
        {
            var told = await b.Told(card, "approve", People.Ada);
            if (told.Contains("did not answer in time", StringComparison.Ordinal))
            {
                throw new HttpRequestException(told);
            }

            Assert.True(told.StartsWith("Approved", StringComparison.Ordinal) || told.Contains("Already approved", StringComparison.Ordinal), told);
        });

        public Task Press(PostedMessage card, string verb, Someone who) => Bot.Do(b => b.Press(card, verb, who));

        /// <summary>Written once; written again only if no answer came, as people do.</summary>
        public async Task<PostedMessage> Say(string text, Func<PostedMessage, bool> answer)
        {
            await Bot.Do(b => b.Say(People.Ada, text));
            return await Until(answer);
        }

        public Task<PostedMessage> Ends(string status, params string[] or) =>
            Until(m => m.Status is { } s && or.Prepend(status).Any(o => s.StartsWith(o, StringComparison.Ordinal)));

        public Task<PostedMessage> Ends(string status, Func<PostedMessage, bool> fits) =>
            Until(m => m.Status?.StartsWith(status, StringComparison.Ordinal) == true && fits(m));

        public Task Reads(string text) => Until(m => m.Text?.Contains(text, StringComparison.Ordinal) == true);

        /// <summary>A message may stand twice only where the kill left nobody knowing whether it had arrived.</summary>
        public Task SaidOnce(string text)
        {
            var said = Cloud.Teams.Posted.Count(m => m.Kind != PostKind.Update && m.Text?.Contains(text, StringComparison.Ordinal) == true);
            Assert.InRange(said, 1, _point is { Step: nameof(DurableStep.MessageRecorded), When: CrashWhen.Before } ? 2 : 1);
            return Task.CompletedTask;
        }

        public async Task Died()
        {
            for (var i = 0; Bot.Deaths == 0 && i < 300; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), BotClient.Cancellation);
            }
        }

        public async Task Over()
        {
            await Died();
            Assert.True(Bot.Deaths == _points, $"It died {Bot.Deaths} of {_points} times: the story does not come by {_point}.");
            Assert.All(Cloud.Arm.Mutations.GroupBy(r => r.Path), g => Assert.Single(g));
            Cloud.AssertNothingUnexpected();
        }

        public async ValueTask DisposeAsync()
        {
            await Bot.DisposeAsync();
            await Cloud.DisposeAsync();
        }

        private Task<PostedMessage> Until(Func<PostedMessage, bool> fits) => Cloud.Teams.WaitFor(fits, Patience, BotClient.Cancellation);
    }
}
