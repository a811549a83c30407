using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <param name="TurnedAway">Answers of 503, each with Retry-After and accepted on redelivery.</param>
/// <param name="Cards">Posted when the storm was over for the test, which does not wait for the pace of Teams to let all of them out.</param>
/// <param name="PeakMegabytes">The largest resident set that any process ever had.</param>
internal sealed record StormFigures(int Alerts, int TurnedAway, int Incidents, int Merged, int Proposals, int Cards, int Violations, TimeSpan Sent, TimeSpan Judged, int PeakMegabytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Alerts:N0} alerts in {Sent.TotalSeconds:0.0} s ({TurnedAway} turned away first), {Incidents} incidents, {Merged:N0} merged, {Proposals} proposals after {Judged.TotalSeconds:0.0} s, {Cards} cards seen, {Violations} limit violations, {PeakMegabytes} MB");
}

/// <summary>
/// Everything fails at once: ten alerts of each of 200 targets, in an order that a seed fixes. Four plans share them, each with a channel of its own,
/// and while the storm lasts Teams takes nothing, so that what waits has an order to be let out in.
/// </summary>
internal sealed class Storm(FakeCloud cloud, Home home)
{
    private const int Targets = 200;
    private const int FiringsOfEach = 10;
    private const int Channels = 4;
    private const int UrgentOfEach = Targets / Channels / 10;
    private const int OrdinaryCardsSeen = 5;
    private const int HeldUp = 2;
    private const int AtOnce = 48;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private int _turnedAway;

    private static CancellationToken Cancellation => BotClient.Cancellation;

    public static Dictionary<string, string?> Settings(Home home)
    {
        var settings = home.Settings();
        for (var i = 0; i < Channels; i++)
        {
            settings[$"ResponsePlans:{i}:Name"] = $"storm-{i}";
            settings[$"ResponsePlans:{i}:Resource"] = "";
            settings[$"ResponsePlans:{i}:ResourceGroup"] = $"rg-{i}";
            settings[$"ResponsePlans:{i}:Mode"] = "Review";
            settings[$"ResponsePlans:{i}:Channel"] = Channel(i);
        }

        return settings;
    }

    public async Task<StormFigures> Run(BotClient bot, IReadOnlyList<BotProcess> processes, bool whole)
    {
        cloud.Teams.Limits.Enforced = true;
        var apps = Enumerable.Range(0, Targets).Select(i => cloud.Arm.App($"app-{i:000}", $"rg-{i % Channels}", Series.Rising(to: 94), Series.Flat(4.2))).ToList();
        await bot.Install();
        foreach (var channel in Enumerable.Range(0, Channels).Select(Channel))
        {
            await bot.Say(People.Rob, "help", channel);
            await bot.WaitForText("`plans`", m => m.ConversationId == channel);
        }

        // One card of each channel stands already: every further firing of it is a line to bring up to date.
        foreach (var app in apps.Take(Channels))
        {
            await Deliver(bot, Alert(app, 0));
            await bot.WaitForAsk(m => Shows(m, app));
        }

        cloud.Teams.Faults.Always(Fault.Throttled("2"), r => r.Method != "GET");
        var beginning = TimeProvider.System.GetTimestamp();
        var sent = await Send(bot, [.. Enumerable.Range(0, Targets * FiringsOfEach).Where(i => i >= Channels).Select(i => (apps[i % Targets], i))]);
        await Until(Targets, "SELECT COUNT(*) FROM proposals WHERE status = 'AwaitingApproval'");
        var judged = TimeProvider.System.GetElapsedTime(beginning);
        var before = cloud.Teams.Posted.Count;
        cloud.Teams.Faults.Clear();
        var cards = await Cards(before, whole ? Targets / Channels - UrgentOfEach - 1 : OrdinaryCardsSeen);
        InOrder(cards, apps);
        cloud.AssertNothingUnexpected();
        var (firings, incidents) = ((int)await home.Count("SELECT COUNT(*) FROM firings"), (int)await home.Count("SELECT COUNT(*) FROM incidents"));
        return new(
            firings, _turnedAway, incidents, firings - incidents,
            (int)await home.Count("SELECT COUNT(*) FROM proposals"), Channels + cards.Count(m => m.Kind == PostKind.Post), cloud.Teams.Limits.Violations, sent, judged, processes.Max(p => p.PeakMegabytes));
    }

    private static string Channel(int number) => $"19:storm-{number}@thread.tacv2";

    /// <summary>A tenth is urgent.</summary>
    private static bool IsUrgent(int target) => target / Channels % 10 == 1;

    private static bool Shows(PostedMessage message, WebApp app) => message.Reads.Contains($"'{app.Name}'", StringComparison.Ordinal);

    private JsonObject Alert(WebApp app, int number) => Alerts.Metric(
        app.Id, "High memory", IsUrgent(number % Targets) ? number % 2 == 0 ? "Sev0" : "Sev1" : "Sev2", cloud.Clock.GetUtcNow());

    /// <summary>As fast as 100 a second, or as fast as the machine can.</summary>
    private async Task<TimeSpan> Send(BotClient bot, (WebApp App, int Number)[] alerts)
    {
        new Random(1).Shuffle(alerts);
        using var room = new SemaphoreSlim(AtOnce);
        var beginning = TimeProvider.System.GetTimestamp();
        List<Task> sent = [];
        foreach (var (app, number) in alerts)
        {
            if (Pace * sent.Count - TimeProvider.System.GetElapsedTime(beginning) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early, TimeProvider.System, Cancellation);
            }

            await room.WaitAsync(Cancellation);
            sent.Add(One(Alert(app, number)));
        }

        await Task.WhenAll(sent);
        return TimeProvider.System.GetElapsedTime(beginning);

        async Task One(JsonObject alert)
        {
            try
            {
                await Deliver(bot, alert);
            }
            finally
            {
                room.Release();
            }
        }
    }

    /// <summary>Accepted, or turned away with a time to come back at, and then accepted.</summary>
    private async Task Deliver(BotClient bot, JsonObject alert)
    {
        for (var tries = 1; ; tries++)
        {
            using var answer = await bot.PostAlert((JsonObject)alert.DeepClone());
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                return;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.InRange(tries, 1, 20);
            Interlocked.Increment(ref _turnedAway);
            await Task.Delay(Assert.NotNull(answer.Headers.RetryAfter?.Delta), TimeProvider.System, Cancellation);
        }
    }

    private async Task Until(long count, string sql)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); await home.Count(sql) is var found && found < count; await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < Patience, $"{found} of {count}: {sql}");
        }
    }

    /// <summary>Of each channel all that is urgent and the first of the others.</summary>
    private async Task<List<PostedMessage>> Cards(int before, int ordinary)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation))
        {
            var written = cloud.Teams.Posted.Skip(before).Where(m => m.ConversationId.StartsWith("19:storm-", StringComparison.Ordinal)).ToList();
            var posted = written.Where(m => m.Kind == PostKind.Post).CountBy(m => m.ConversationId).ToList();
            if (posted.Count == Channels && posted.All(p => p.Value >= UrgentOfEach + ordinary))
            {
                return written;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < Patience, string.Join(", ", posted));
        }
    }

    /// <summary>
    /// In each channel the urgent first, then the others, and no card is brought up to date while another waits to be seen; but for one or two that their
    /// sender began too late on a busy machine, which wait until it is certain that they were not sent.
    /// </summary>
    private static void InOrder(List<PostedMessage> written, List<WebApp> apps)
    {
        foreach (var channel in written.GroupBy(m => m.ConversationId))
        {
            List<int> posts = [.. channel.Where(m => m.Kind == PostKind.Post).Select(m => apps.FindIndex(a => Shows(m, a)))];
            Assert.Equal(posts.Count, posts.Distinct().Count());
            Assert.InRange(posts.TakeWhile(IsUrgent).Count(), UrgentOfEach - HeldUp, UrgentOfEach);
            Assert.InRange(channel.TakeWhile(m => m.Kind == PostKind.Post).Count(), posts.Count - HeldUp, posts.Count);
        }
    }
}
