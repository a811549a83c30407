using System.Net;
using System.Text;
using RunModes.Bot.Incidents;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class PagerDutyWebhookTests
{
    private const string Route = "/api/incidents/pagerduty";
    private const string Old = "old-secret";
    private const string New = "new-secret";

    private static byte[] Event(string type = "incident.triggered", string id = "E1", string service = "PSHOP1", string more = "") => Encoding.UTF8.GetBytes(
        $$$$"""{"event":{"id":"{{{{id}}}}","event_type":"{{{{type}}}}","resource_type":"incident","occurred_at":"2026-05-04T11:59:00Z","data":{"id":"Q1","title":"Shop is slow","service":{"id":"{{{{service}}}}","summary":"Shop"},"priority":{"summary":"P2"},"urgency":"high"{{{{more}}}}}}}""");

    private static Task<WebhookHost> Host() => WebhookHost.Start(
        ("Incidents:PagerDuty:SigningSecrets:0", Old), ("Incidents:PagerDuty:SigningSecrets:1", New), ("Incidents:PagerDuty:Services:PSHOP1", ShopWeb));

    public static TheoryData<string, bool> Signatures => new()
    {
        { "old", true }, { "new", true }, { "wrong and new", true }, { "two headers", true },
        { "none", false }, { "empty", false }, { "wrong", false }, { "without version", false }, { "v0", false }, { "cut", false }, { "of another body", false },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public async Task One_good_signature_over_the_raw_bytes_is_enough_and_none_is_not(string kind, bool opens)
    {
        await using var host = await Host();
        var body = Event();
        const string Header = "X-PagerDuty-Signature";
        (string, string)[] headers = kind switch
        {
            "old" => [(Header, Sign(Old, body))],
            "new" => [(Header, Sign(New, body))],
            "wrong and new" => [(Header, Sign("x", body) + "," + Sign(New, body))],
            "two headers" => [(Header, Sign("x", body)), (Header, Sign(Old, body))],
            "none" => [],
            "empty" => [(Header, "")],
            "wrong" => [(Header, Sign("x", body))],
            "without version" => [(Header, Sign(New, body)[3..])],
            "v0" => [(Header, "v0" + Sign(New, body)[2..])],
            "cut" => [(Header, Sign(New, body)[..^1])],
            _ => [(Header, Sign(New, Event(id: "E2")))],
        };

        using var answer = await host.Post(Route, body, headers);

        Assert.Equal(opens ? HttpStatusCode.Accepted : HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(opens ? 1 : 0, host.Store.Incidents.Count);
    }

    [Fact]
    public async Task Without_a_secret_the_source_is_closed()
    {
        await using var host = await WebhookHost.Start();
        using var answer = await host.Post(Route, Event(), ("X-PagerDuty-Signature", Sign("", Event())));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_replay_by_event_id_is_the_same_incident_and_one_firing()
    {
        await using var host = await Host();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await host.Post(Route, Event(), ("X-PagerDuty-Signature", Sign(New, Event())));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        Assert.Equal((1, 1), (host.Store.Incidents.Count, host.Store.Firings.Count));
    }

    [Fact]
    public async Task A_signed_body_that_is_no_event_is_400_and_one_that_is_too_long_413()
    {
        await using var host = await Host();
        byte[] wrong = "{\"event\":{}}"u8.ToArray(), large = new byte[IncidentEndpoint.BodyLimit + 1];
        using var malformed = await host.Post(Route, wrong, ("X-PagerDuty-Signature", Sign(New, wrong)));
        using var tooLong = await host.Post(Route, large, ("X-PagerDuty-Signature", Sign(New, large)));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge), (malformed.StatusCode, tooLong.StatusCode));
    }

    [Theory]
    [InlineData("incident.triggered", "PSHOP1", nameof(AlertCondition.Fired), ShopWeb)]
    [InlineData("incident.reopened", "PSHOP1", nameof(AlertCondition.Fired), ShopWeb)]
    [InlineData("incident.resolved", "PSHOP1", nameof(AlertCondition.Resolved), ShopWeb)]
    [InlineData("incident.acknowledged", "PSHOP1", nameof(AlertCondition.Unknown), ShopWeb)]
    [InlineData("incident.triggered", "PELSE9", nameof(AlertCondition.Fired), null)]
    public void A_service_is_a_resource_only_where_settings_say_so(string type, string service, string condition, string? target)
    {
        var services = new Dictionary<string, Bot.Proposals.ResourceId> { ["PSHOP1"] = Bot.Proposals.ResourceId.Parse(ShopWeb) };

        var alert = PagerDutyEvent.Parse(Event(type, service: service), "signature", services).Alert!;

        Assert.Equal((condition, target, "P2", "E1", "Shop is slow"), (alert.Condition.ToString(), alert.Target?.Value, alert.Severity, alert.AlertId, alert.Title));
        Assert.Equal(target is null, alert.TargetProblem is not null);
    }

    [Fact]
    public void A_ping_is_taken_in_and_starts_nothing() => Assert.Equal(
        AlertCondition.Unknown,
        PagerDutyEvent.Parse("""{"event":{"id":"E9","event_type":"pagey.ping","occurred_at":"2026-05-04T11:59:00Z","data":{"message":"Hello"}}}"""u8.ToArray(),
            "signature", new Dictionary<string, Bot.Proposals.ResourceId>()).Alert!.Condition);
}
