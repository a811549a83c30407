using System.Net;
using System.Net.Http.Json;
using System.Text;
using RunModes.Bot.Incidents;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class PagerDutyWebhookTests
{
    private const string Route = "/api/incidents/pagerduty";
    private const string Old = "old-secret";
    private const string New = "new-secret";

    private static byte[] Event(string type = "incident.triggered", string id = "E1", string service = "PSHOP1", string title = "Shop is slow", string? priority = "P2", string incident = "Q1", string status = "triggered") => Encoding.UTF8.GetBytes(
        $$$$"""{"event":{"id":"{{{{id}}}}","event_type":"{{{{type}}}}","resource_type":"incident","occurred_at":"2026-05-04T11:59:00Z","data":{"id":"{{{{incident}}}}","type":"incident","status":"{{{{status}}}}","title":"{{{{title}}}}","service":{"id":"{{{{service}}}}","summary":"Shop"},"priority":{{{{(priority is null ? "null" : $$"""{"summary":"{{priority}}"}""")}}}},"urgency":"high"}}}""");

    private static byte[] Note(string incident = "Q1") => Encoding.UTF8.GetBytes(
        $$$$"""{"event":{"id":"E7","event_type":"incident.annotated","resource_type":"incident","occurred_at":"2026-05-04T11:59:00Z","data":{"incident":{"id":"{{{{incident}}}}","type":"incident_reference"},"id":"PNOTE1","content":"We look.","type":"incident_note"}}}""");

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
    [InlineData("incident.priority_updated", "PSHOP1", nameof(AlertCondition.Reprioritised), ShopWeb)]
    [InlineData("incident.triggered", "PELSE9", nameof(AlertCondition.Fired), null)]
    public void A_service_is_a_resource_only_where_settings_say_so(string type, string service, string condition, string? target)
    {
        var services = new Dictionary<string, Bot.Proposals.ResourceId> { ["PSHOP1"] = Bot.Proposals.ResourceId.Parse(ShopWeb) };

        var alert = PagerDutyEvent.Parse(Event(type, service: service), "signature", services).Alert!;

        Assert.Equal((condition, target, "P2", "Q1", "E1", "Shop is slow"), (alert.Condition.ToString(), alert.Target?.Value, alert.Severity, alert.AlertId, alert.EventId, alert.Title));
        Assert.Equal(target is null, alert.TargetProblem is not null);
    }

    [Fact]
    public void A_ping_is_taken_in_and_starts_nothing() => Assert.Equal(
        AlertCondition.Unknown,
        PagerDutyEvent.Parse("""{"event":{"id":"E9","event_type":"pagey.ping","occurred_at":"2026-05-04T11:59:00Z","data":{"message":"Hello"}}}"""u8.ToArray(),
            "signature", new Dictionary<string, Bot.Proposals.ResourceId>()).Alert!.Condition);

    /// <summary>People rename incidents while they work on them.</summary>
    [Fact]
    public async Task Events_of_one_PagerDuty_incident_are_one_incident_whatever_its_title_says_by_then()
    {
        await using var host = await Host();
        var opened = await Accepted(host, Event());
        Assert.Equal(opened, await Accepted(host, Event("incident.reopened", "E2", title: "Shop is slow [looked at by Ben]")));
        Assert.Equal(opened, await Accepted(host, Note()));
        Assert.Equal(opened, await Accepted(host, Event("incident.resolved", "E3", title: "Shop was slow")));

        var incident = Assert.Single(host.Store.Incidents);
        Assert.Equal(("Shop is slow", "Q1", 2), (incident.Rule, incident.AlertId, incident.Firings));
        Assert.NotNull(incident.ResolvedAt);
        Assert.Contains("Remeasure", host.Store.Told);
        Assert.Equal(["E1", "E2", "E7", "E3"], host.Store.Firings.Select(f => f.EventId));
    }

    [Fact]
    public async Task The_next_incident_of_the_same_title_joins_as_any_firing_of_a_rule_does_and_one_moved_to_another_service_does_not()
    {
        await using var host = await WebhookHost.Start(("Incidents:PagerDuty:SigningSecrets:0", New),
            ("Incidents:PagerDuty:Services:PSHOP1", ShopWeb), ("Incidents:PagerDuty:Services:PTWO", ShopWeb + "2"));
        var opened = await Accepted(host, Event());
        Assert.Equal(opened, await Accepted(host, Event(id: "E2", incident: "Q2")));
        Assert.NotEqual(opened, await Accepted(host, Event("incident.reopened", "E3", service: "PTWO")));
    }

    /// <summary>Priorities are set by people and rules after the trigger: then it is decided who handles it, and whether it became worse.</summary>
    [Theory]
    [InlineData(null, "P2", "P1", nameof(Situation.NeverRun), 1)]
    [InlineData(null, "P2", "P3", nameof(Situation.NeverRun), 0)]
    [InlineData("P2", "P2", "P1", nameof(Situation.InProgress), 2)]
    [InlineData("P2", "P2", "P2", nameof(Situation.InProgress), 1)]
    [InlineData("P1", "P2", "P2", nameof(Situation.InProgress), 1)]
    [InlineData("P2", "P2", "P1", nameof(Situation.Denied), 1)]
    [InlineData("P2", "P2", null, nameof(Situation.InProgress), 1)]
    public async Task A_changed_priority_starts_a_run_where_a_plan_takes_it_only_now_or_it_rose(string? first, string lowest, string? then, string situation, int runs)
    {
        await using var host = await Host();
        host.Store.Plans.Clear();
        host.Store.Plans.Add(Plan() with { Platform = Bot.Plans.Platform.PagerDuty, Severities = lowest == "P2" ? ["P1", "P2"] : [] });
        host.Store.Situation = Enum.Parse<Situation>(situation);
        var opened = await Accepted(host, Event(priority: first));

        Assert.Equal(opened, await Accepted(host, Event("incident.priority_updated", "E2", priority: then)));
        Assert.Equal(runs, host.Store.Requests.Count);
        Assert.Equal(1, Assert.Single(host.Store.Incidents).Firings);
    }

    [Fact]
    public async Task A_priority_set_where_there_was_none_is_shown_and_interrupts_nothing()
    {
        await using var host = await Host();
        host.Store.Plans.Clear();
        host.Store.Plans.Add(Plan() with { Platform = Bot.Plans.Platform.PagerDuty });
        await Accepted(host, Event(priority: null));
        await Accepted(host, Event("incident.priority_updated", "E2", priority: "P1"));

        Assert.Single(host.Store.Requests);
        Assert.Equal(("P1", "Counted"), (Assert.Single(host.Store.Incidents).Severity, Assert.Single(host.Store.Told)));
    }

    [Theory]
    [InlineData("triggered", 1)]
    [InlineData("acknowledged", 1)]
    [InlineData("resolved", 0)]
    public async Task An_open_incident_that_is_first_heard_of_by_its_priority_is_its_first_firing(string status, int firings)
    {
        await using var host = await Host();
        await Accepted(host, Event("incident.priority_updated", status: status));

        Assert.Equal(firings, Assert.Single(host.Store.Incidents).Firings);
    }

    [Theory]
    [InlineData("incident.triggered", "service", false)]
    [InlineData("incident.resolved", "", false)]
    [InlineData("service.updated", "incident", false)]
    [InlineData("service.updated", "service", true)]
    [InlineData("pagey.ping", "pagey", true)]
    public async Task An_event_about_something_else_is_kept_as_a_note_and_one_that_contradicts_itself_is_refused(string type, string resource, bool taken)
    {
        await using var host = await Host();
        var body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Event(type)).Replace("\"resource_type\":\"incident\"", $"\"resource_type\":\"{resource}\"", StringComparison.Ordinal));
        using var answer = await host.Post(Route, body, ("X-PagerDuty-Signature", Sign(New, body)));

        Assert.Equal(taken ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest, answer.StatusCode);
        // "Q1" is then the id of a service, and no incident's.
        Assert.Equal(taken ? ["E1"] : [], host.Store.Incidents.Select(i => i.AlertId));
        Assert.All(host.Store.Incidents, i => Assert.Equal(0, i.Firings));
    }

    private static async Task<string> Accepted(WebhookHost host, byte[] body)
    {
        using var answer = await host.Post(Route, body, ("X-PagerDuty-Signature", Sign(New, body)));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Accepted>(TestContext.Current.CancellationToken))!.Incident;
    }
}
