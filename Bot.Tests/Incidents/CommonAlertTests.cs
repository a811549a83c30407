using System.Text;
using System.Text.Json.Nodes;
using RunModes.Bot.Incidents;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class CommonAlertTests
{
    private const string Vm = $"/subscriptions/{Subscription}/resourcegroups/rg-vm/providers/microsoft.compute/virtualmachines/vm-01";
    private const string Insights = $"/subscriptions/{Subscription}/resourcegroups/rg-web/providers/microsoft.insights/components/shop-insights";

    [Theory]
    [InlineData("metric-static-fired", "Metric", "Sev2", ShopWeb)]
    [InlineData("metric-static-resolved", "Metric", "Sev2", ShopWeb)]
    [InlineData("metric-dynamic-fired", "Metric", "Sev3", $"/subscriptions/{Subscription}/resourcegroups/rg-data/providers/Microsoft.Storage/storageAccounts/shopdata")]
    [InlineData("metric-multi-resource-fired", "Metric", "Sev1", Vm)]
    [InlineData("metric-availability-fired", "Metric", "Sev0", Insights)]
    [InlineData("metric-two-targets", "Metric", "Sev2", null)]
    [InlineData("log-v1-results", "Log (Log Analytics)", "Sev1", null)]
    [InlineData("log-v1-measurement", "Log (Log Analytics)", "Sev2", Vm)]
    [InlineData("log-application-insights", "Log (Application Insights)", "Sev2", Insights)]
    [InlineData("log-v2-by-resource", "Log (Log Alerts V2)", "Sev2", ShopWeb)]
    [InlineData("log-v2-dimension-only", "Log (Log Alerts V2)", "Sev2", ShopWeb)]
    [InlineData("log-v2-workspace-only", "Log (Log Alerts V2)", "Sev2", null)]
    [InlineData("activity-administrative", "Activity Log (Activity Log - Administrative)", "Sev4", Vm)]
    [InlineData("activity-policy", "Activity Log (Activity Log - Policy)", "Sev4", $"/subscriptions/{Subscription}/resourcegroups/rg-data/providers/Microsoft.Storage/storageAccounts/shopdata")]
    [InlineData("activity-autoscale", "Activity Log (Activity Log - Autoscale)", "Sev4", $"/subscriptions/{Subscription}/resourcegroups/rg-vm/providers/Microsoft.Compute/virtualMachineScaleSets/pool")]
    [InlineData("activity-security", "Activity Log (Activity Log - Security)", "Sev4", $"/subscriptions/{Subscription}")]
    [InlineData("service-health", "ActivityLog (ServiceHealth)", "Sev4", $"/subscriptions/{Subscription}")]
    [InlineData("resource-health", "Activity Log (Resource Health)", "Sev4", Vm)]
    [InlineData("smart-detection", "Log (SmartDetector)", "Sev3", Insights)]
    [InlineData("prometheus", "Metric (Prometheus)", "Sev3", $"/subscriptions/{Subscription}/resourcegroups/rg-aks/providers/microsoft.containerservice/managedclusters/aks-01")]
    [InlineData("budget-actual", "CostAlerts", "", null)]
    [InlineData("budget-forecast", "CostAlerts", "", null)]
    public void Every_published_kind_is_taken_in_as_what_it_is(string sample, string signal, string severity, string? target)
    {
        var alert = Parsed(Payload(sample));

        Assert.Equal(signal, alert.SignalType);
        Assert.Equal(severity, alert.Severity);
        Assert.Equal(target, alert.Target?.Value);
        Assert.Equal(target is null, alert.TargetProblem is { Length: > 0 });
        Assert.NotEmpty(alert.Rule);
        Assert.NotEmpty(alert.Title);
    }

    [Fact]
    public void Every_sample_file_is_in_the_table() =>
        Assert.Equal(
            Directory.GetFiles(Path.Combine(Support.Repository.Root, "Bot.Tests", "Incidents", "Alerts"), "*.json").Select(Path.GetFileNameWithoutExtension).Order(),
            typeof(CommonAlertTests).GetMethod(nameof(Every_published_kind_is_taken_in_as_what_it_is))!
                .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
                .Select(a => (string?)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value).Order());

    [Fact]
    public void A_metric_alert_fired_and_resolved_is_complete()
    {
        var fired = Parsed(Payload("metric-static-fired"));
        var resolved = Parsed(Payload("metric-static-resolved"));

        Assert.Equal(AlertCondition.Fired, fired.Condition);
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 8, 15, 30, TimeSpan.Zero).AddTicks(1234567), fired.FiredAt);
        Assert.EndsWith("/metricAlerts/shop-web-memory", fired.Rule, StringComparison.Ordinal);
        Assert.Equal("shop-web-memory", fired.Title);
        Assert.Equal("Memory is high", fired.Description);
        Assert.Equal(AlertCondition.Resolved, resolved.Condition);
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 8, 40, 0, TimeSpan.Zero), resolved.ResolvedAt);
        Assert.Equal((fired.AlertId, fired.RuleKey, fired.TargetKey), (resolved.AlertId, resolved.RuleKey, resolved.TargetKey));
    }

    [Fact]
    public void A_budget_alert_without_a_rule_goes_by_its_budget() => Assert.Equal("team-budget", Parsed(Payload("budget-actual")).Rule);

    [Theory]
    [InlineData($"/subscriptions/{Subscription}/resourceGroups/rg/providers/Microsoft.Web/sites/a?x=1")]
    [InlineData($"/subscriptions/{Subscription}/resourceGroups/rg/providers/Microsoft.Web/sites/../../other")]
    [InlineData($"/subscriptions/{Subscription}/resourceGroups/rg/providers/Microsoft.Web/sites/a%2f..%2fb")]
    [InlineData("https://management.azure.com@evil.example/subscriptions")]
    [InlineData("")]
    public void A_hostile_target_id_leaves_no_target_and_says_so(string id)
    {
        var alert = Parsed(Payload("metric-static-fired", root => root.Essentials()["alertTargetIDs"] = new JsonArray(id)));

        Assert.Null(alert.Target);
        Assert.Contains("not an Azure resource id", alert.TargetProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void One_hostile_id_among_good_ones_leaves_no_target() =>
        Assert.Null(Parsed(Payload("metric-static-fired", root => root.Essentials()["alertTargetIDs"] = new JsonArray(ShopWeb, "/nonsense"))).Target);

    [Fact]
    public void The_same_target_named_twice_in_different_case_is_one() =>
        Assert.NotNull(Parsed(Payload("metric-static-fired", root => root.Essentials()["alertTargetIDs"] = new JsonArray(ShopWeb, ShopWeb.ToUpperInvariant()))).Target);

    [Fact]
    public void Unknown_members_are_no_trouble() =>
        Assert.NotNull(Parsed(Payload("metric-static-fired", root => { root["extra"] = 1; root.Essentials()["new"] = new JsonObject(); root["data"]!.AsObject().Remove("alertContext"); })).Target);

    public static TheoryData<string, string> Wrong => new()
    {
        { "schemaId", "\"AzureMonitorMetricAlert\"" }, { "schemaId", "null" }, { "data", "[]" }, { "essentials", "null" },
        { "alertId", "null" }, { "alertId", "5" }, { "alertId", "\"  \"" }, { "alertId", $"\"{new string('a', 1025)}\"" },
        { "monitorCondition", "\"Firing\"" }, { "monitorCondition", "null" }, { "firedDateTime", "\"yesterday\"" }, { "firedDateTime", "null" },
        { "resolvedDateTime", "\"soon\"" }, { "severity", "\"Sev9\"" }, { "severity", "2" }, { "alertTargetIDs", "\"x\"" }, { "alertTargetIDs", "[1]" },
        { "alertRule", "{}" }, { "description", "[]" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_used_and_wrong_is_named(string member, string json)
    {
        var body = Payload("metric-static-fired", root =>
        {
            var holder = member switch { "schemaId" or "data" => root, "essentials" => root["data"]!.AsObject(), _ => root.Essentials() };
            holder[member] = JsonNode.Parse(json);
        });

        var reading = CommonAlert.Parse(body, "key");

        Assert.Null(reading.Alert);
        Assert.Contains(member, reading.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"schemaId\":\"azureMonitorCommonAlertSchema\"")]
    [InlineData("{\"schemaId\":\"azureMonitorCommonAlertSchema\",\"schemaId\":\"azureMonitorCommonAlertSchema\"}")]
    [InlineData("{\"schemaId\":\"\\uD800\"}")]
    public void What_is_no_alert_at_all_is_malformed(string body)
    {
        var reading = CommonAlert.Parse(Encoding.UTF8.GetBytes(body), "key");

        Assert.Null(reading.Alert);
        Assert.NotEmpty(reading.Problem!);
    }
}
