using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Every step of both examples can be read and verified afterwards, and no secret with it.</summary>
public sealed class AuditTrailTests
{
    [Fact]
    public async Task An_approved_operation_is_on_record_from_alert_to_result_and_the_record_verifies()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Told(asking.Card, "approve", People.Sam);
        await asking.ApproveStillWorks();
        await asking.Bot.WaitForAudit("RunEnded");

        var (exit, output) = await asking.Bot.Audit("--json");
        Assert.Equal(0, exit);
        var entries = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
        foreach (var kind in (string[])["AlertReceived", "RunStarted", "FindingMade", "VerdictGiven", "Delivery", "DecisionRefused", "DecisionMade", "ExecutionStarted", "ExecutionEnded", "VerificationEnded", "RunEnded"])
        {
            Assert.Contains(entries, e => e["kind"]!.GetValue<string>() == kind);
        }

        var decision = entries.Single(e => e["kind"]!.GetValue<string>() == "DecisionMade");
        Assert.Equal(People.Ada.ObjectId, decision["actor"]!["oid"]!.GetValue<string>());
        Assert.Equal(Known.Tenant, decision["actor"]!["tenant"]!.GetValue<string>());
        Assert.Equal(("AwaitingApproval", "Approved"), (decision["before"]!.GetValue<string>(), decision["after"]!.GetValue<string>()));

        var (verified, words) = await asking.Bot.Audit("verify");
        Assert.True(verified == 0, words);
    }

    [Fact]
    public async Task No_secret_is_in_what_is_posted_stored_logged_or_audited()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
            ["Incidents:PagerDuty:SigningSecrets:0"] = FakePagerDuty.SigningSecret, [$"Incidents:PagerDuty:Services:{FakePagerDuty.Service}"] = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/quiet",
            ["Incidents:PagerDuty:ApiKey"] = FakePagerDuty.Key, ["Incidents:PagerDuty:From"] = FakePagerDuty.From, ["ResponsePlans:2:Name"] = "paged", ["ResponsePlans:2:Platform"] = "PagerDuty",
        });
        var bot = asking.Bot;
        using (var refused = await bot.PostAlert(Alerts.Metric(asking.App.Id, "x", "Sev1", bot.Clock.GetUtcNow()), key: "wrong-key-canary-77aa"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        var inbound = bot.Tokens.Good();
        using (await bot.Deliver(BotClient.Click(asking.Card, "approve"), People.Sam, inbound))
        {
        }

        await asking.ApproveStillWorks();
        asking.Cloud.Arm.Faults.Next(Fault.Garbage, World.IsRestart);
        await bot.Fire(asking.Cloud.Sick(World.Staging).Id);
        await bot.WaitForCard("Indeterminate");
        asking.Cloud.Arm.App("quiet", rg: "web", memory: Series.Flat(40), responseTime: Series.Flat(0.3));
        asking.Cloud.PagerDuty.Faults.Next(Fault.Error(500, "x", $"You sent {FakePagerDuty.Key[..8]}"));
        await bot.Page(asking.Cloud.PagerDuty.Trigger());
        await bot.WaitForCount("SELECT COUNT(*) FROM write_backs WHERE state = 'Done' OR problem IS NOT NULL", 1);
        var (_, audit) = await bot.Audit("--json");
        var seen = new Dictionary<string, byte[]>
        {
            ["posted"] = Encoding.UTF8.GetBytes(string.Join('\n', asking.Cloud.Teams.Requests.Select(r => $"{r.Url} {r.Body}"))),
            ["sent to Azure"] = Encoding.UTF8.GetBytes(string.Join('\n', asking.Cloud.Arm.Requests.Select(r => $"{r.Url} {r.Body}"))),
            ["logged"] = Encoding.UTF8.GetBytes(bot.Logs.Text),
            ["audit"] = Encoding.UTF8.GetBytes(audit),
        };
        var keyFile = AuditFiles.Of(null, Path.Combine(bot.Folder, "runmodes.db"))!.KeyFile;
        foreach (var file in Directory.GetFiles(bot.Folder).Where(f => f != keyFile && !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, BotClient.Cancellation);
            seen[Path.GetFileName(file)] = copy.ToArray();
        }

        var secrets = new List<(string Name, byte[] Value)>
        {
            ("the bot's secret", Encoding.UTF8.GetBytes(Known.AppSecret)), ("the agent's secret", Encoding.UTF8.GetBytes(Known.AgentSecret)),
            ("the webhook key", Encoding.UTF8.GetBytes(BotClient.WebhookKey)), ("a wrong webhook key", "wrong-key-canary-77aa"u8.ToArray()),
            ("the key of PagerDuty's API", Encoding.UTF8.GetBytes(FakePagerDuty.Key)), ("the secret of PagerDuty's webhooks", Encoding.UTF8.GetBytes(FakePagerDuty.SigningSecret)),
            ("the inbound token", Encoding.UTF8.GetBytes(inbound)), ("the audit key", await File.ReadAllBytesAsync(keyFile, BotClient.Cancellation)),
        };
        secrets.AddRange(asking.Cloud.Entra.Issued.Select(t => ($"token of {t.ClientId} for {t.Scope}", Encoding.UTF8.GetBytes(t.Value))));
        Assert.True(secrets.Count >= 9, "Three tokens at least were issued.");
        Assert.All(seen, place => Assert.NotEmpty(place.Value));
        var hits = from place in seen
                   from secret in secrets
                   from form in Forms(secret.Value)
                   where place.Value.AsSpan().IndexOf(form) >= 0
                   select $"{secret.Name} in {place.Key}";
        Assert.Empty(hits.Distinct());
    }

    private static IEnumerable<byte[]> Forms(byte[] secret) =>
    [
        secret, Encoding.ASCII.GetBytes(Convert.ToBase64String(secret).TrimEnd('=')), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)), Encoding.ASCII.GetBytes(Convert.ToHexString(secret)),
    ];
}
