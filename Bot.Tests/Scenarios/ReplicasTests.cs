using System.Net;
using Npgsql;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Three processes on one database behind a balancer: whatever happens, happens once.</summary>
public sealed class ReplicasOnPostgreSql
{
    [Fact]
    [FailureMode(1)]
    public async Task Each_alert_decision_execution_expiry_and_confirmation_happens_once_and_Teams_is_never_asked_too_much()
    {
        await using var cloud = await BotProcess.World();
        cloud.Teams.Limits.Enforced = true;
        await using var home = await Home.New();
        await using var bots = await Replicas.Start(3, cloud, Settings(home, expiry: "00:00:45"));
        await bots.Install();
        var apps = Enumerable.Range(1, 24).Select(i => cloud.Sick($"app-{i}")).ToList();

        // Every alert is delivered three times at once, as a source does that got no answer.
        await Task.WhenAll(apps.SelectMany(app =>
        {
            var alert = Alerts.Metric(app.Id, "High memory", "Sev1", cloud.Clock.GetUtcNow());
            return Enumerable.Range(0, 3).Select(async _ =>
            {
                using var answer = await bots.PostAlert(alert);
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            });
        }));
        var cards = await Task.WhenAll(apps.Select(app => bots.WaitForAsk(m => m.Reads.Contains($"'{app.Name}'", StringComparison.Ordinal))));
        Assert.Equal(apps.Count, cards.Select(c => c.ActivityId).Distinct().Count());

        // Two Administrators click sixty times, wherever the balancer sends them.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => bots.Press(cards[0], "approve", i % 2 == 0 ? People.Ada : People.Ben)));
        await bots.WaitForCard("Done, recovered", m => m.ActivityId == cards[0].ActivityId);
        Assert.Equal(1, apps[0].Restarts);
        Assert.Single(cloud.Arm.Mutations);

        await bots.Say(People.Ada, "set web to autonomous");
        var confirmation = await cloud.Teams.WaitFor(m => m.Verbs.Contains("confirm"), TimeSpan.FromSeconds(60), BotClient.Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bots.Press(confirmation, "confirm", People.Ada)));

        await Task.WhenAll(cards.Skip(1).Select(card => bots.WaitForCard("Expired", m => m.ActivityId == card.ActivityId)));
        Assert.Equal(apps.Count, await home.Audited("RunStarted"));
        Assert.Equal(apps.Count, await home.Audited("VerdictGiven"));
        Assert.Equal(1, await home.Audited("DecisionMade"));
        Assert.Equal(1, await home.Audited("ExecutionStarted"));
        Assert.Equal(1, await home.Audited("ExecutionEnded"));
        Assert.Equal(1, await home.Audited("ModeChanged"));
        Assert.Equal(apps.Count - 1, await home.Audited("ProposalChanged", "\"Expired\""));
        // A reminder and an escalation for each that nobody answered: the step once, and never two messages for one step.
        Assert.Equal(2 * (apps.Count - 1), await home.Audited("Reminded"));
        Assert.InRange(cloud.Teams.Posted.Count(m => m.Kind != PostKind.Update && m.Verbs.Contains("keepwaiting")), 1, 2 * (apps.Count - 1));
        Assert.Equal(apps.Count, cloud.Teams.Posted.Count(m => m.Kind == PostKind.Post && m.Card is not null && m.Verbs.Contains("approve")));
        // Of a card that is drawn anew people see nothing, so an update whose answer came too late may be made twice. A message may not.
        var expired = cloud.Teams.Posted.Where(m => m.Status?.StartsWith("Expired", StringComparison.Ordinal) == true).ToList();
        Assert.All(expired, m => Assert.Equal(PostKind.Update, m.Kind));
        Assert.Equal(cards.Length - 1, expired.DistinctBy(m => m.ActivityId).Count());
        Assert.Equal(0, cloud.Teams.Limits.Violations);
        cloud.AssertNothingUnexpected();
    }

    private static Dictionary<string, string?> Settings(Home home, string expiry)
    {
        var settings = home.Settings();
        settings["Agent:ApprovalExpiry"] = expiry;
        settings["ResponsePlans:0:Name"] = "web";
        settings["ResponsePlans:0:Resource"] = "";
        settings["ResponsePlans:0:ResourceType"] = "Microsoft.Web/sites";
        return settings;
    }
}

/// <summary>One of several is killed: what it was at is taken up, and comes to its end.</summary>
public sealed class KilledReplicaOnPostgreSql
{
    [Fact]
    public async Task What_a_killed_one_was_reading_or_saying_another_takes_up()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        var (reading, read) = Wires.Hold(cloud.Arm, r => r.Path.Contains("metrics", StringComparison.OrdinalIgnoreCase));
        await using var first = await BotProcess.Start(cloud, home.Settings());
        await first.Install();
        await first.Fire(app.Id);
        await reading.WaitAsync(TimeSpan.FromSeconds(60), BotClient.Cancellation);
        await first.Kill();

        // The next is killed while its card is on the way, which arrives.
        var (saying, said) = Wires.Hold(cloud.Teams, r => r.Body.Contains("\"approve\"", StringComparison.Ordinal));
        await using var second = await BotProcess.Start(cloud, home.Settings());
        await saying.WaitAsync(TimeSpan.FromSeconds(60), BotClient.Cancellation);
        await second.Kill();
        await using var third = await BotProcess.Start(cloud, home.Settings());

        var cards = await Both(cloud);
        Assert.Equal(1, await home.Audited("RunStarted"));
        Assert.Equal(1, await home.Audited("VerdictGiven"));
        // A click on the twin that nobody recorded counts as one on the other.
        await third.Approve(cards[0], People.Ada);
        await third.WaitForCard("Done, recovered", m => m.ActivityId == cards[0].ActivityId);
        await third.WaitForCard("Done, recovered", m => m.ActivityId == cards[1].ActivityId);
        Assert.Equal(1, app.Restarts);
        read.SetResult();
        said.SetResult();
    }

    private static async Task<List<PostedMessage>> Both(FakeCloud cloud)
    {
        static bool Asks(PostedMessage m) => m.Kind != PostKind.Update && m.Verbs.Contains("approve");
        var first = await cloud.Teams.WaitFor(Asks, TimeSpan.FromSeconds(60), BotClient.Cancellation);
        var second = await cloud.Teams.WaitFor(m => Asks(m) && m.ActivityId != first.ActivityId, TimeSpan.FromSeconds(60), BotClient.Cancellation);
        return [first, second];
    }
}

/// <summary>One of several is paused, or loses sight of the database, and comes back.</summary>
public sealed class LostReplicaOnPostgreSql
{
    [Fact]
    public async Task One_that_slept_through_its_lease_says_and_changes_nothing_when_it_wakes()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        var (asking, asked) = Wires.Hold(cloud.Entra, r => r.Body.Contains("botframework", StringComparison.Ordinal));
        await using var sleeper = await BotProcess.Start(cloud, home.Settings());
        await sleeper.Install();
        await asking.WaitAsync(TimeSpan.FromSeconds(60), BotClient.Cancellation);

        // Asleep between taking its turn and the first byte.
        await sleeper.Pause();
        await using (var other = await BotProcess.Start(cloud, home.Settings()))
        {
            await other.WaitForText("Hello, I'm");
            asked.SetResult();
            await sleeper.Wake();
            await sleeper.Ask(People.Ada, "plans");
            Assert.Single(cloud.Teams.Posted, m => m.Text?.Contains("Hello, I'm", StringComparison.Ordinal) == true);
        }

        // Asleep between its claim and the first byte.
        await sleeper.Fire(app.Id);
        var card = await sleeper.WaitForAsk();
        var claimed = false;
        var (checking, checkedAgain) = Wires.Hold(cloud.Arm, r => r.IsRead && r.Path.Contains("permissions", StringComparison.OrdinalIgnoreCase) && (claimed = claimed || Claimed(home)));
        await sleeper.Approve(card, People.Ada);
        await checking.WaitAsync(TimeSpan.FromSeconds(60), BotClient.Cancellation);
        await sleeper.Pause();
        await using var witness = await BotProcess.Start(cloud, home.Settings());
        await LeaseIsOver(home, "execute/");
        // Its start, and its beats, took nothing from one that may be alive.
        Assert.Equal(1, Wires.Count(home, "SELECT COUNT(*) FROM proposals WHERE status = 'Executing'"));
        checkedAgain.SetResult();
        await sleeper.Wake();

        await witness.WaitForCard("Failed");
        Assert.Empty(cloud.Arm.Mutations);
    }

    [Fact]
    public async Task One_that_is_cut_off_from_the_database_says_so_the_others_go_on_and_it_recovers()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var (prod, staging) = (cloud.Sick(World.Prod), cloud.Sick(World.Staging));
        var direct = new NpgsqlConnectionStringBuilder(home.Database);
        await using var relay = new Relay(Path.Combine(direct.Host!, ".s.PGSQL.5432"));
        var settings = home.Settings();
        settings["Store:ConnectionString"] = new NpgsqlConnectionStringBuilder(home.Database) { Host = "127.0.0.1", Port = relay.Port }.ConnectionString;
        await using var cut = await BotProcess.Start(cloud, settings);
        await using var whole = await BotProcess.Start(cloud, home.Settings());
        await cut.Install();

        relay.Cut();
        using (var refused = await cut.PostAlert(Alerts.Metric(prod.Id, "High memory", "Sev1", cloud.Clock.GetUtcNow())))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Readiness(cut));
        await whole.Fire(staging.Id);
        await whole.WaitForText("Done:");

        relay.Mend();
        for (var tries = 0; await Readiness(cut) != HttpStatusCode.OK; tries++)
        {
            Assert.True(tries < 100, "It did not recover.");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, BotClient.Cancellation);
        }

        await cut.Fire(prod.Id);
        await whole.Approve(await whole.WaitForAsk(), People.Ada);
        await whole.WaitForCard("Done, recovered");
        Assert.Equal((1, 1), (prod.Restarts, staging.Restarts));
    }

    private static async Task<HttpStatusCode> Readiness(BotProcess bot)
    {
        using var answer = await bot.Raw(new HttpRequestMessage(HttpMethod.Get, "/readyz"));
        return answer.StatusCode;
    }

    private static bool Claimed(Home home) => Wires.Count(home, "SELECT COUNT(*) FROM proposals WHERE claim_id IS NOT NULL") > 0;

    private static async Task LeaseIsOver(Home home, string kind)
    {
        while (Wires.Count(home, $"SELECT COUNT(*) FROM leases WHERE name LIKE '{kind}%' AND until > {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}") > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, BotClient.Cancellation);
        }
    }
}

internal static class Wires
{
    /// <summary>The next call that fits takes effect and gets no answer until the test says so.</summary>
    public static (Task Arrived, TaskCompletionSource Release) Hold(WireEnd end, Func<WireRequest, bool> fits)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        end.Faults.Next(Fault.HeldUntil(release.Task), r =>
        {
            if (!fits(r))
            {
                return false;
            }

            arrived.TrySetResult();
            return true;
        });
        return (arrived.Task, release);
    }

    public static long Count(Home home, string sql)
    {
        using var connection = new NpgsqlConnection(home.Database);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }
}
