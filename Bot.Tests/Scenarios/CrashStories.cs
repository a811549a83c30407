using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What happens, whichever process it happens to.</summary>
internal static partial class CrashFlows
{
    /// <summary>Whatever happens to the process: one card that asks, one approval, and at most one restart, or an end that says nobody knows.</summary>
    private static async Task Approved(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        await story.Approve(card);
        var end = await story.Ends("Done, recovered", "Indeterminate");
        Assert.True(end.Status!.StartsWith("Done", StringComparison.Ordinal) ? story.App.Restarts == 1 : story.App.Restarts <= 1, $"{end.Status}, restarted {story.App.Restarts} times");
    }

    /// <summary>One that knows no Action.Execute is answered in the thread.</summary>
    private static async Task ApprovedFromAnOldClient(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        await story.SubmitUntil(card, "approve", m => m.Text is { } said && (said.StartsWith("Your answer was taken", StringComparison.Ordinal) || said.StartsWith("Nothing was changed", StringComparison.Ordinal)));
        var end = await story.Ends("Done, recovered", "Indeterminate");
        Assert.True(end.Status!.StartsWith("Done", StringComparison.Ordinal) ? story.App.Restarts == 1 : story.App.Restarts <= 1, $"{end.Status}, restarted {story.App.Restarts} times");
    }

    private static async Task Autonomous(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire(story.Staging);
        await story.Reads("Done: I've restarted app-service-staging. Memory usage is now normal");
        Assert.Equal(1, story.Staging.Restarts);
        await story.SaidOnce("Done: I've restarted");
    }

    private static async Task Requeued(CrashStory story)
    {
        // Azure's metrics lag: the newest sample is older than the alert, and the run waits for a newer one.
        story.Cloud.Arm.Faults.Always(Fault.Rewritten(Lagging), r => r.Is("GET", "/metrics"));
        await story.Bot.Do(b => b.Install());
        await story.Fire(story.Staging);
        await story.Died();
        story.Cloud.Arm.Faults.Clear();
        await story.Reads("Done: I've restarted app-service-staging. Memory usage is now normal");
        Assert.Equal(1, story.Staging.Restarts);
    }

    private static WireAnswer Lagging(WireAnswer answer)
    {
        var body = JsonNode.Parse(answer.Body)!;
        foreach (var data in body["value"]!.AsArray().SelectMany(metric => metric!["timeseries"]!.AsArray()).Select(series => series!["data"]!.AsArray()))
        {
            for (var i = 0; i < 3 && data.Count > 0; i++)
            {
                data.RemoveAt(data.Count - 1);
            }
        }

        return answer with { Body = body.ToJsonString() };
    }

    private static async Task Healthy(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire(story.Cloud.Arm.App("app-service-prod", rg: "fine", memory: Series.Flat(40), responseTime: Series.Flat(0.3)));
        await story.Reads("app-service-prod");
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task NowhereToPost(CrashStory story)
    {
        await story.Fire();
        await story.Died();
        await Approved(story);
    }

    private static async Task CardDeleted(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        story.Cloud.Teams.Delete(card.ActivityId);
        await story.Approve(card);
        await story.Ends("Done, recovered", "Indeterminate");
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Throttled(CrashStory story)
    {
        story.Cloud.Teams.Faults.Next(Fault.Throttled("1"), r => r.Method == "POST");
        await Approved(story);
    }

    private static async Task Refused(CrashStory story)
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

    private static async Task LockedMeanwhile(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        story.Cloud.Arm.Access.Lock(story.App.Id);
        await story.Approve(card);
        await story.Ends("Blocked");
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task Lost(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        await story.Approve(await story.Asks());
        var unknown = await story.Ends("Indeterminate", m => m.Reads.Contains("activity log", StringComparison.OrdinalIgnoreCase));
        await story.PressUntil(unknown, "annotate", m => m.Reads.Contains("noted that **it was done**", StringComparison.Ordinal));
        await story.Ends("Indeterminate", m => m.Reads.Contains("noted that **it was done**", StringComparison.Ordinal));
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Resolved(CrashStory story)
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
    private static async Task LongRunning(CrashStory story)
    {
        story.Cloud.Arm.LongRunning.Plan = new(UnderWay.Location202) { RetryAfter = "1" };
        await Approved(story);
        Assert.Equal(1, story.App.Restarts);
    }

    /// <summary>However often somebody has to tell PagerDuty, it hears each thing once.</summary>
    private static async Task WrittenBack(CrashStory story)
    {
        story.Cloud.Arm.LongRunning.Plan = new(UnderWay.Location202) { RetryAfter = "1" };
        // By the time it has answered Azure has, too, and is asked after: no kill is one during the request.
        story.Cloud.PagerDuty.Faults.Next(Fault.Slow(TimeSpan.FromSeconds(2)));
        var incident = story.Cloud.PagerDuty.Trigger();
        await story.Bot.Do(b => b.Install());
        await story.Bot.Do(b => b.Page(incident));
        await story.Approve(await story.Asks());
        // It may die while Azure's first answer is on its way: then nobody knows, and nothing is over.
        var unknown = (await story.Ends("Done, recovered", "Indeterminate")).Status!.StartsWith("Indeterminate", StringComparison.Ordinal);
        await CrashStory.So(() => (unknown || incident.Status == "resolved") && incident.Notes.Count > 0);
        await story.Died();
        await CrashStory.So(() => story.Bot.Deaths > 0);
        Assert.Single(incident.Notes);
        Assert.Equal(incident.Changes, incident.Changes.Distinct());
        Assert.InRange(story.App.Restarts, unknown ? 0 : 1, 1);
    }

    /// <summary>At most one mail, whoever goes on; where nobody knows whether it left, the card says so, and none leaves again.</summary>
    private static async Task Mailed(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var card = await story.Asks();
        var (step, when) = (Enum.Parse<DurableStep>(story.Point.Step), story.Point.When);
        var unknown = (step, when) is (DurableStep.MailBegun, CrashWhen.After) or (DurableStep.MailEnded, CrashWhen.Before);
        Assert.Contains(unknown ? "may have been sent" : "was accepted", card.Reads, StringComparison.Ordinal);
        Assert.Equal((step, when) is (DurableStep.MailBegun, CrashWhen.After) ? 0 : 1, story.Cloud.Graph.Mail.Sent.Count);
        await story.Approve(card);
        await story.Ends("Done, recovered");
        Assert.Equal(1, story.App.Restarts);
        Assert.InRange(story.Cloud.Graph.Requests.Count(r => r.Is("POST", "/sendMail")), 0, 1);
    }

    private static async Task Expired(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        await story.Ends("Expired");
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task Rechecked(CrashStory story)
    {
        story.Cloud.Arm.Access.Lock(story.App.Id);
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var blocked = await story.Ends("Blocked");
        story.Cloud.Arm.Access.Locks.Clear();
        await story.Press(blocked, "recheck", People.Sam);
        await story.PressUntil(blocked, "recheck", m => m.Verbs.Contains("approve"));
        Assert.Empty(story.Cloud.Arm.Mutations);
    }

    private static async Task InvestigatedAgain(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        var denied = await story.PressUntil(await story.Asks(), "deny", m => m.Status?.StartsWith("Denied", StringComparison.Ordinal) == true);
        await story.Press(denied, "investigate", People.Ada);
        await story.Approve(await story.Asks(m => m.Number > denied.Number));
        await story.Ends("Done, recovered");
        Assert.Equal(1, story.App.Restarts);
    }

    /// <summary>What was done is taken back by one proposal, however often somebody had to click.</summary>
    private static async Task Undone(CrashStory story)
    {
        (story.App.Memory, story.App.Plan.Workers) = (Series.Flat(40), 2);
        story.App.Plan.Metrics["CpuPercentage"] = Series.Flat(97);
        await story.Bot.Do(b => b.Install());
        await story.Fire();
        await story.Approve(await story.Asks());
        var done = await story.Ends("Done, recovered", m => m.Verbs.Contains("undo"));
        await story.Approve(await story.PressUntil(done, "undo", m => m.Verbs.Contains("approve") && m.Reads.Contains("asks to take back", StringComparison.Ordinal)));
        await story.Ends("Done", m => m.Reads.Contains("asks to take back", StringComparison.Ordinal));
        Assert.Equal(2, story.App.Plan.Workers);
    }

    private static async Task Raised(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        var question = await story.Say("set prod-web to autonomous", m => m.Verbs.Contains("confirm"));
        await story.PressUntil(question, "confirm", m => m.Status?.StartsWith("Done: changed", StringComparison.Ordinal) == true);
        await story.Fire();
        await story.Reads("Done: I've restarted app-service-prod");
        Assert.Equal(1, story.App.Restarts);
    }

    private static async Task Asked(CrashStory story)
    {
        await story.Bot.Do(b => b.Install());
        await story.Say("plans", m => m.Text?.Contains("prod-web", StringComparison.Ordinal) == true);
    }
}
