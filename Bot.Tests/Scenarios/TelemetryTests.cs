using System.Buffers.Text;
using System.Text;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>One trace from alert to report, what is counted, and nothing secret: seen by a collector at the other end of the wire.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task One_trace_leads_from_the_alert_over_the_wait_and_a_restart_to_the_end()
    {
        await using var otlp = await OtlpReceiver.Start();
        await using var asking = await Asking.Start(settings: otlp.Settings);
        var incident = await asking.Bot.Fire(asking.App.Id);
        await asking.Bot.WaitForAudit("Delivery");
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(7));
        await asking.Restart(otlp.Settings);
        var bot = asking.Bot;
        await asking.ApproveStillWorks();
        await bot.WaitForAudit("RunEnded");
        await bot.StopApp();

        var trace = Correlation.Of(new IncidentId(incident));
        var spans = otlp.Spans.Where(s => s.Trace == trace).ToList();
        var root = Assert.Single(spans, s => s.Name == "incident");
        Assert.Empty(root.Parent);
        var story = (string[])["investigate", "decide", "execute", "verify"];
        var parent = root;
        foreach (var name in story)
        {
            parent = Assert.Single(spans, s => s.Name == name && s.Parent == parent.Id && s.Tags.GetValueOrDefault("runmodes.state") != "Watching" && s.Tags.GetValueOrDefault("runmodes.answer") != "Refused");
        }

        Assert.Contains(spans, s => s.Name == "show" && s.Parent == parent.Id);
        Assert.Contains(spans, s => s.Name == "ResultRecorded");
        var ids = spans.Select(s => s.Id).ToHashSet();
        Assert.All(spans, s => Assert.True(s.Parent.Length == 0 || ids.Contains(s.Parent), $"{s.Name} hangs below {s.Parent}, which nobody sent."));
        // The change itself, and the question about the person, are in it; the requests that came in are linked.
        Assert.Contains(spans, s => s.Tags.GetValueOrDefault("server.address") == "management.azure.com" && s.Tags["http.request.method"] == "POST");
        Assert.Contains(spans, s => s.Tags.GetValueOrDefault("server.address") == "graph.microsoft.com");
        var click = Assert.Single(spans, s => s.Name == "decide" && s.Tags["runmodes.answer"] == "Approve");
        Assert.Contains(otlp.Spans, s => click.LinkedTraces.Contains(s.Trace) && s.Tags.GetValueOrDefault("http.route") == "/api/messages");

        // The same id where people look: on the card, in the audit, in the log.
        Assert.Contains(trace, asking.Card.Reads, StringComparison.Ordinal);
        foreach (var kind in (string[])["AlertReceived", "RunStarted", "VerdictGiven", "DecisionMade", "ExecutionStarted", "ExecutionEnded", "VerificationEnded", "RunEnded"])
        {
            Assert.Contains(trace, await bot.WaitForAudit(kind), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains(otlp.Logs, l => l.Trace == trace && l.Text.StartsWith("Posted proposal/", StringComparison.Ordinal));

        foreach (var metric in (string[])["runmodes.approvals.pending", "runmodes.approvals.oldest", "runmodes.outbox.depth", "runmodes.decision.time", "runmodes.role_check.duration", "runmodes.executions"])
        {
            Assert.Contains(metric, otlp.Metrics.Select(m => m.Key));
        }

        Assert.Contains(otlp.Metrics["runmodes.executions"], m => Encoding.UTF8.GetString(m).Contains("Succeeded", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Azure_turns_away_is_counted()
    {
        await using var otlp = await OtlpReceiver.Start();
        await using var asking = await Asking.Start(settings: otlp.Settings);
        asking.Cloud.Arm.Faults.Next(Fault.Throttled(), World.IsRestart);
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Failed");
        await asking.Bot.StopApp();
        Assert.Contains(otlp.Metrics["runmodes.throttled"], m => Encoding.UTF8.GetString(m).Contains("management.azure.com", StringComparison.Ordinal));
    }

    /// <summary>Whatever is secret, or hidden text of an alert, at the level of every log line.</summary>
    [Fact]
    public async Task No_secret_comes_out()
    {
        const string Hidden = "hidden-text-canary-8c1f";
        await using var otlp = await OtlpReceiver.Start();
        var settings = otlp.Settings;
        settings["Logging:LogLevel:Default"] = settings["Logging:LogLevel:Microsoft"] = settings["Logging:LogLevel:System.Net.Http"] = "Trace";
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202), settings);
        await asking.Bot.Fire(asking.App.Id, rule: "Other rule", change: alert => alert["description"] = $"\u200b{Hidden}");
        using (await asking.Bot.PostAlert([], key: "wrong-key-canary-77d0"))
        {
        }

        await asking.ApproveStillWorks();
        await asking.Bot.Ask(People.Ada, "health");
        await asking.Bot.WaitForAudit("RunEnded");
        var tokens = asking.Cloud.Entra.Issued.Select(t => t.Value).ToList();
        await asking.Bot.StopApp();

        Assert.NotEmpty(otlp.Logs);
        Assert.NotEmpty(otlp.Spans);
        Assert.NotEmpty(otlp.Metrics);
        Assert.NotEmpty(tokens);
        Assert.NotEmpty(asking.Cloud.Arm.LongRunning.Urls);
        string[] secrets = [BotClient.WebhookKey, "wrong-key-canary-77d0", Hidden, Known.AppSecret, Known.AgentSecret, .. tokens, .. asking.Cloud.Arm.LongRunning.Urls.Select(u => new Uri(u).Query)];
        var everything = otlp.Everything;
        foreach (var secret in secrets)
        {
            foreach (var shape in (string[])[secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Base64Url.EncodeToString(Encoding.UTF8.GetBytes(secret))])
            {
                Assert.DoesNotContain(shape, everything, StringComparison.Ordinal);
            }
        }

        Assert.DoesNotContain("url.full", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("url.query", everything, StringComparison.Ordinal);
    }

    /// <summary>Not a library is loaded for it, let alone anything that listens or sends.</summary>
    [Fact]
    public async Task Without_an_endpoint_nothing_of_it_is_there_and_a_wrong_one_is_refused()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        await using (var silent = await BotProcess.Start(cloud, home.Settings()))
        {
            Assert.DoesNotContain("OpenTelemetry", silent.Mapped, StringComparison.Ordinal);
        }

        // With the one variable that the README names, and shorter pauses: gRPC.
        await using var otlp = await OtlpReceiver.Start(grpc: true);
        var settings = home.Settings().Concat(otlp.Settings).Where(s => s.Key != "OTEL_EXPORTER_OTLP_PROTOCOL").ToDictionary();
        await using (var telling = await BotProcess.Start(cloud, settings))
        {
            Assert.Contains("OpenTelemetry", telling.Mapped, StringComparison.Ordinal);
            await telling.Install();
            for (var beginning = TimeProvider.System.GetTimestamp(); !otlp.Spans.Any(s => s.Name == "POST /api/messages") || !otlp.Metrics.Contains("runmodes.approvals.pending") || otlp.Logs.Count == 0;)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(30), "Not all of it arrived.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }

        var (exit, problems) = await BotProcess.Refused(cloud, home.Settings().Append(new("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4317")).ToDictionary());
        Assert.Equal(2, exit);
        Assert.StartsWith("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ", Assert.Single(problems), StringComparison.Ordinal);
    }
}
