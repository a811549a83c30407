using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Incidents;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>Alerts of every published kind and PagerDuty's events, broken; and calls of whoever has not the key or the secret, whose body may be as good as it likes.</summary>
internal sealed class WebhookInputs(FakeCloud cloud, string resource)
{
    public const string Family = "webhooks";
    public const string PagerDutySecret = "pagerduty-secret-canary-77aa";
    public const string Service = "PSVC001";

    private static readonly int[] Closed = [401, 413];
    private static readonly string[] Kinds = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "Bot.Tests", "Incidents", "Alerts"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    public FuzzInput Of(int seed)
    {
        var dice = new Dice(seed);
        var input = dice.OneIn(4) ? PagerDuty(seed, dice) : AzureMonitor(seed, dice);
        return input with { Chunked = dice.OneIn(8), ContentType = dice.OneIn(20) ? dice.Pick(Hostile.ContentTypes) : "application/json" };
    }

    private FuzzInput AzureMonitor(int seed, Dice dice)
    {
        var alert = dice.OneIn(6) ? Alerts.Metric(resource, dice.Pick(["High memory", "Slow", dice.Guid()]), $"Sev{dice.Below(5)}", cloud.Clock.GetUtcNow()) : (JsonObject)JsonNode.Parse(Samples.Payload(dice.Pick(Kinds)))!;
        var body = JsonMutation.Of(alert, dice);
        var path = "/api/incidents/azure-monitor";
        return dice.Below(10) switch
        {
            < 6 => new(Family, seed, $"{path}?key={BotClient.WebhookKey}", body),
            6 => new(Family, seed, path, body) { Headers = [("X-Webhook-Key", BotClient.WebhookKey)] },
            7 => new(Family, seed, $"{path}?key={Uri.EscapeDataString(WrongKey(dice))}", body) { Only = Closed },
            8 => new(Family, seed, path, body) { Only = Closed, Headers = dice.OneIn(2) ? [] : [("X-Webhook-Key", WrongKey(dice).Trim())] },
            _ => new(Family, seed, path, body) { Only = Closed, Headers = [("Authorization", dice.Pick(["Bearer x", "Bearer a.b.c", "Basic a2V5OmtleQ==", $"Bearer {BotClient.WebhookKey}", cloud.Login.TokensFor(Known.AppId).Good() is var t ? $"Bearer {t}" : ""]))] },
        };
    }

    private static FuzzInput PagerDuty(int seed, Dice dice)
    {
        var body = JsonMutation.Of(Event(dice), dice);
        var good = Samples.Sign(PagerDutySecret, body);
        var (wrong, signature) = dice.Below(6) switch
        {
            < 3 => (false, good),
            3 => (false, $"v1={new string('0', 64)},{good}"),
            4 => (true, Samples.Sign(dice.Pick(["", "x", PagerDutySecret + " ", PagerDutySecret.ToUpperInvariant()]), body)),
            _ => (true, dice.Pick(["", "v1=", good[3..], "v0" + good[2..], good[..^2], good + "00", "v1=" + new string('z', 64), string.Join(',', Enumerable.Repeat("v1=00", 500))])),
        };
        return new(Family, seed, "/api/incidents/pagerduty", body) { Headers = [("X-PagerDuty-Signature", signature)], Only = wrong ? Closed : null };
    }

    private static string WrongKey(Dice dice) => dice.Below(6) switch
    {
        0 => BotClient.WebhookKey[..^1],
        1 => BotClient.WebhookKey + "x",
        2 => BotClient.WebhookKey.ToUpperInvariant(),
        3 => new string('k', 1 + dice.Below(4000)),
        4 => $"{BotClient.WebhookKey},{BotClient.WebhookKey}",
        _ => dice.Pick(Hostile.Texts.Where(t => t.All(c => c is > ' ' and < '\u007f')).ToArray()),
    };

    private static JsonObject Event(Dice dice) => new()
    {
        ["event"] = new JsonObject
        {
            ["id"] = dice.Guid(), ["event_type"] = dice.Pick(["incident.triggered", "incident.resolved", "incident.acknowledged", "incident.reopened", "incident.priority_updated", "incident.annotated", "pagey.ping"]), ["resource_type"] = "incident",
            ["occurred_at"] = "2026-05-04T12:00:00Z", ["agent"] = new JsonObject { ["id"] = "P1", ["type"] = "user_reference" }, ["client"] = null,
            ["data"] = new JsonObject
            {
                ["id"] = "Q1", ["type"] = "incident", ["number"] = 7, ["title"] = dice.Pick(Hostile.Texts), ["status"] = "triggered", ["urgency"] = "high", ["html_url"] = "https://acme.pagerduty.com/incidents/Q1",
                ["service"] = new JsonObject { ["id"] = dice.OneIn(2) ? Service : "PSVC404", ["summary"] = "web", ["type"] = "service_reference" }, ["priority"] = new JsonObject { ["id"] = "PP", ["summary"] = "P1" }, ["assignees"] = new JsonArray(),
            },
        },
    };
}
