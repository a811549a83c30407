using System.Net;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Group_health_reading
{
    private const string App = "Microsoft.Web/sites/app-prod";

    private static GroupWorld Well => new GroupWorld().Status(App, "Available");

    [Fact]
    public async Task Healthy_is_said_when_health_and_alerts_were_read_and_something_is_available()
    {
        var health = await Well.Health();

        Assert.Equal((GroupVerdict.Healthy, 1, 0, 0), (health.Verdict, health.Tally!.Available, health.Firing, health.Changed));
    }

    /// <summary>Each row spoils one thing: "healthy" must not be what is said.</summary>
    public static TheoryData<string, int, string> Unread()
    {
        var rows = new TheoryData<string, int, string>();
        foreach (var of in new[] { "ResourceHealth", "AlertsManagement" })
        {
            foreach (var (status, body) in new (int, string)[]
            {
                (403, """{"error":{"code":"AuthorizationFailed","message":"No."}}"""), (404, """{"error":{"code":"ResourceGroupNotFound","message":"No."}}"""), (429, ""), (500, "oops"), (502, "<html>"), (200, ""),
                (200, "null"), (200, "[]"), (200, "{}"), (200, """{"value":null}"""), (200, """{"value":{}}"""), (200, """{"value":[],"nextLink":"https://evil.example/next"}"""), (200, """{"value":[1]}"""),
                (200, """{"value":[null]}"""), (200, """{"value":[{}]}"""), (200, """{"value":["""), (200, """{"value":[{"properties":[]}]}"""), (200, """{"value":[],"nextLink":7}"""),
            })
            {
                rows.Add(of, status, body);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Unread))]
    public async Task What_is_not_read_or_not_understood_is_never_healthy_and_says_why(string of, int status, string body)
    {
        var health = await Well.Fails(of, (HttpStatusCode)status, body).Health();

        Assert.Equal(GroupVerdict.CouldNotTell, health.Verdict);
        Assert.NotEmpty(Assert.Single(health.Gaps));
    }

    [Fact]
    public async Task An_empty_group_is_not_healthy()
    {
        var health = await new GroupWorld().Health();

        Assert.Equal((GroupVerdict.CouldNotTell, 0, 0), (health.Verdict, health.Tally!.All, health.Gaps.Count));
    }

    [Theory]
    [InlineData("Unavailable", nameof(GroupVerdict.Unhealthy))]
    [InlineData("Degraded", nameof(GroupVerdict.Unhealthy))]
    [InlineData("degraded", nameof(GroupVerdict.Unhealthy))]
    [InlineData("Unknown", nameof(GroupVerdict.CouldNotTell))]
    [InlineData("StoppedByPeople", nameof(GroupVerdict.CouldNotTell))]
    [InlineData("Sparkling", nameof(GroupVerdict.CouldNotTell))]
    [InlineData("4", nameof(GroupVerdict.CouldNotTell))]
    public async Task One_state_alone(string state, string verdict) =>
        Assert.Equal(verdict, (await new GroupWorld().Status(App, state).Health()).Verdict.ToString());

    [Fact]
    public async Task An_entry_without_a_state_is_an_event_and_no_status()
    {
        var health = await Well.Status("Microsoft.Web/sites/other", state: null).Health();

        Assert.Equal((GroupVerdict.Healthy, 1), (health.Verdict, health.Tally!.All));
    }

    [Theory]
    [InlineData("Customer Initiated")]
    [InlineData("UserInitiated")]
    public async Task What_people_stopped_is_counted_by_itself(string context)
    {
        var health = await Well.Status("Microsoft.Compute/virtualMachines/vm-1", "Unavailable", context).Health();

        Assert.Equal((GroupVerdict.Healthy, 1), (health.Verdict, health.Tally!.StoppedByPeople));
    }

    [Theory]
    [InlineData("/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-other/providers/Microsoft.Web/sites/x/providers/Microsoft.ResourceHealth/availabilityStatuses/current")]
    [InlineData("/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-web/providers/Microsoft.ResourceHealth/availabilityStatuses/current")]
    [InlineData("/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-web/providers/Microsoft.Web/sites/x")]
    [InlineData("/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-web/providers/Microsoft.Web/sites/../x/providers/Microsoft.ResourceHealth/availabilityStatuses/current")]
    [InlineData("")]
    public async Task An_entry_of_nothing_in_the_group_is_a_gap(string id)
    {
        var health = await Well.Status("", "Available", id: id).Health();

        Assert.Equal((GroupVerdict.CouldNotTell, "1 entry of resource health could not be understood"), (health.Verdict, Assert.Single(health.Gaps)));
    }

    [Fact]
    public async Task A_resource_that_is_listed_twice_is_as_its_worst_entry_says()
    {
        var health = await Well.Status(App, "Degraded").Status("microsoft.web/sites/APP-PROD", "Available").Health();

        Assert.Equal((1, 1), (health.Tally!.All, health.Tally.Degraded));
    }

    [Fact]
    public async Task Unhealthy_is_said_even_where_something_else_was_not_read()
    {
        var health = await Well.Status("Microsoft.Sql/servers/s/databases/d", "Degraded").Fails("AlertsManagement", HttpStatusCode.Forbidden).Health();

        Assert.Equal((GroupVerdict.Unhealthy, null), (health.Verdict, health.Firing));
        Assert.Contains("Monitoring Reader", Assert.Single(health.Gaps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_of_one_rule_and_resource_are_one_line_with_the_first_time_and_the_worst_severity()
    {
        var health = await Well.Alert(severity: "Sev2").Alert(since: "2026-11-22T09:00:00Z").Alert("https://portal.example/#rule", target: null, severity: "Sev0").Health();

        Assert.Equal((3, 2, GroupVerdict.Unhealthy), (health.Firing, health.AlertKinds, health.Verdict));
        Assert.Equal(("the alert's own name", "Sev0", null), (health.Alerts[0].Rule, health.Alerts[0].Severity, health.Alerts[0].Target));
        Assert.Equal(("High memory", "Sev1", 2, new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero)), (health.Alerts[1].Rule, health.Alerts[1].Severity, health.Alerts[1].Times, health.Alerts[1].Since));
    }

    [Fact]
    public async Task What_Azure_did_not_filter_is_filtered_here()
    {
        const string Elsewhere = "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-other/providers/Microsoft.Web/sites/x";
        var health = await Well.Alert(condition: "Resolved").Alert(target: Elsewhere, group: "rg-other").Alert(state: "Closed").Health();

        Assert.Equal((GroupVerdict.Healthy, 0, 1), (health.Verdict, health.Firing, health.Closed));
    }

    [Fact]
    public async Task An_alert_on_a_resource_elsewhere_that_Azure_counts_to_the_group_is_firing()
    {
        var health = await Well.Alert(target: "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/w").Health();

        Assert.Equal(1, health.Firing);
    }

    [Fact]
    public async Task It_asks_for_what_fires_in_the_last_thirty_days_in_this_group()
    {
        var world = Well;
        await world.Health();

        var asked = Assert.Single(world.Requests, r => r.Url.AbsolutePath.EndsWith("/alerts", StringComparison.Ordinal)).Url;
        Assert.Equal(
            "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/providers/Microsoft.AlertsManagement/alerts?api-version=2018-05-05&targetResourceGroup=rg-web&monitorCondition=Fired&timeRange=30d&pageCount=250",
            asked.PathAndQuery);
        Assert.All(world.Requests, r => Assert.Equal(HttpMethod.Get, r.Method));
    }

    [Fact]
    public async Task Changes_are_what_was_written_newest_first_and_the_same_together()
    {
        var health = await Well
            .Event("Microsoft.Web/sites/config/write", $"{App}/config/appsettings", "2026-11-23T01:00:00Z", correlation: "a").Event("Microsoft.Web/sites/config/write", $"{App}/config/appsettings", "2026-11-23T01:05:00Z", correlation: "b")
            .Event("Microsoft.Sql/servers/databases/write", "Microsoft.Sql/servers/s/databases/d", "2026-11-23T02:00:00Z")
            .Event("Microsoft.Storage/storageAccounts/delete", "Microsoft.Storage/storageAccounts/gone", "2026-11-22T05:00:00Z")
            // None of these changed anything.
            .Event("Microsoft.Web/sites/write", App, status: "Started", correlation: "f").Event("Microsoft.Web/sites/write", App, status: "Failed", correlation: "f")
            .Event("Microsoft.Storage/storageAccounts/listKeys/action", "Microsoft.Storage/storageAccounts/x").Event("Microsoft.Authorization/policies/audit/write", App, category: "Policy")
            .Health();

        Assert.Equal(4, health.Changed);
        Assert.Equal(["s/d changed 1", "app-prod/appsettings configuration changed 2", "gone deleted 1"], health.Changes.Select(c => $"{c.Resource} {c.What} {c.Times}"));
    }

    [Fact]
    public async Task A_deployment_that_writes_many_under_one_correlation_id_is_many_changes()
    {
        var health = await Well.Event("Microsoft.Sql/servers/write", "Microsoft.Sql/servers/a").Event("Microsoft.Sql/servers/write", "Microsoft.Sql/servers/b").Health();

        Assert.Equal(2, health.Changed);
    }

    [Fact]
    public async Task Changes_that_cannot_be_read_say_nothing_about_health()
    {
        var health = await Well.Fails("eventtypes", HttpStatusCode.Forbidden).Health();

        Assert.Equal((GroupVerdict.Healthy, null), (health.Verdict, health.Changed));
        Assert.Contains("Monitoring Reader", health.ChangesGap, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_thousand_the_worst_are_kept_and_all_are_counted()
    {
        var world = Well;
        foreach (var i in Enumerable.Range(0, 1000))
        {
            world.Status($"Microsoft.Web/sites/app-{i}", i % 2 == 0 ? "Degraded" : "Unavailable");
        }

        var health = await world.Health();

        Assert.Equal((1001, 1000, 50), (health.Tally!.All, health.Tally.Sick, health.NotAvailable.Count));
        Assert.All(health.NotAvailable, r => Assert.Equal(Availability.Unavailable, r.State));
    }
}
