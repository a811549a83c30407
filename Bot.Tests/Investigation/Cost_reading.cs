using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Cost_reading
{
    private const string Prod = "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourcegroups/rg-web/providers/microsoft.web/sites/app-prod";
    private const string Sql = "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourcegroups/rg-web/providers/microsoft.sql/servers/s/databases/d";

    [Fact]
    public async Task It_compares_the_last_seven_whole_days_with_the_seven_before()
    {
        var world = World();
        var report = await world.Cost();

        Assert.Equal((new DateOnly(2026, 11, 15), new DateOnly(2026, 11, 21)), (report.Period.From, report.Period.To));
        var sum = Assert.Single(report.Sums);
        Assert.Equal(("EUR", 30m, 10m, 1), (sum.Currency, sum.Now, sum.Before, sum.DaysBefore));
        Assert.Equal([null, null, null, null, null, 10m, 20m], sum.Daily);
        Assert.Equal([(Sql, 5m, 0m), (Prod, 25m, 22m), ("", -1m, 0m)], sum.Movers.Select(m => (m.Name, m.Now, m.Before)));
        Assert.All(world.Requests, r => Assert.Equal((HttpMethod.Post, $"{GroupWorld.Group}/providers/Microsoft.CostManagement/query?api-version=2023-11-01"), (r.Method, r.Url.PathAndQuery)));
        Assert.Equal(
            """{"type":"ActualCost","timeframe":"Custom","timePeriod":{"from":"2026-11-08T00:00:00Z","to":"2026-11-21T23:59:59Z"},"dataset":{"granularity":"Daily","aggregation":{"totalCost":{"name":"Cost","function":"Sum"}}}}""",
            world.Requests[0].Body);
        Assert.Contains("\"grouping\":[{\"type\":\"Dimension\",\"name\":\"ResourceId\"}]", world.Requests[1].Body, StringComparison.Ordinal);
        Assert.Contains("\"from\":\"2026-11-08T00:00:00Z\",\"to\":\"2026-11-14T23:59:59Z\"", world.Requests[2].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_is_looked_at_by_group()
    {
        var world = new GroupWorld { Costs = [Daily((20261121, 1, "EUR")), By("ResourceGroupName", ("rg-a", 1, "EUR")), null] };
        var report = await world.Cost(GroupWorld.Group.Subscription);

        Assert.Equal("rg-a", Assert.Single(Assert.Single(report.Sums).Movers).Name);
    }

    [Fact]
    public async Task No_content_is_no_costs_and_not_a_failure()
    {
        var report = await new GroupWorld().Cost();

        Assert.Equal((0, null), (report.Sums.Count, report.NotRead));
    }

    [Fact]
    public async Task Currencies_are_never_added_and_the_greatest_comes_first()
    {
        var report = await new GroupWorld { Costs = [Daily((20261121, 1, "USD"), (20261121, 7, "EUR")), By("ResourceId", (Prod, 1, "USD"), (Prod, 7, "EUR")), null] }.Cost();

        Assert.Equal(["EUR 7", "USD 1"], report.Sums.Select(s => $"{s.Currency} {s.Now}"));
        Assert.All(report.Sums, s => Assert.Equal(s.Now, Assert.Single(s.Movers).Now));
    }

    [Fact]
    public async Task Columns_are_found_by_name_and_in_any_order()
    {
        const string Strange = """{"properties":{"columns":[{"name":"Currency","type":"String"},{"name":"usagedate","type":"Number"},{"name":"Extra"},{"name":"PreTaxCost","type":"Number"}],"rows":[["EUR",20261121,null,1.5e1]]}}""";
        var report = await new GroupWorld { Costs = [Strange, null, null] }.Cost();

        Assert.Equal(15m, Assert.Single(report.Sums).Now);
    }

    [Fact]
    public async Task Three_hundred_resources_are_ten_movers_and_the_others_together()
    {
        var lately = Enumerable.Range(1, 300).Select(i => ($"{Prod}-{i}", (double)i, "EUR")).ToArray();
        var report = await new GroupWorld { Costs = [Daily((20261121, 45150, "EUR")), By("ResourceId", lately), null] }.Cost();

        var sum = Assert.Single(report.Sums);
        Assert.Equal((10, 290, 45150m), (sum.Movers.Count, sum.OtherCount, sum.Movers.Sum(m => m.Now) + sum.Others!.Now));
    }

    [Theory]
    [InlineData(403, """{"error":{"code":"AuthorizationFailed","message":"No."}}""", "Cost Management Reader")]
    [InlineData(401, """{"error":{"code":"RBACAccessDenied","message":"No."}}""", "Cost Management Reader")]
    [InlineData(404, """{"error":{"code":"ResourceGroupNotFound","message":"No."}}""", "does not exist")]
    [InlineData(400, """{"error":{"code":"BadRequest","message":"No."}}""", "400 (BadRequest)")]
    [InlineData(200, "", "not a JSON object")]
    [InlineData(200, "[]", "not a JSON object")]
    [InlineData(200, "{}", "not a table")]
    [InlineData(200, """{"properties":null}""", "not a table")]
    [InlineData(200, """{"properties":{}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[],"rows":[]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[[1]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[["1",20261121]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[[null,20261121]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[[1e40,20261121]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[[1,20261131]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[[1,20261122]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[[1,"yesterday"]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"},{"name":"Currency"}],"rows":[[1,20261121,{}]]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[{}]}}""", "could not be understood")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[],"nextLink":"https://evil.example/providers/Microsoft.CostManagement/query?x=1"}}""", "not where the question was asked")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[],"nextLink":"https://management.azure.com/subscriptions/x/providers/Microsoft.Compute/y"}}""", "not where the question was asked")]
    [InlineData(200, """{"properties":{"columns":[{"name":"Cost"},{"name":"UsageDate"}],"rows":[],"nextLink":7}}""", "not where the question was asked")]
    public async Task An_odd_answer_is_no_report_and_says_why(int status, string body, string why)
    {
        // Only the first question is answered so: the others must not be what refuses the report.
        var world = World();
        world.Costs[0] = body;
        var report = await (status == 200 ? world : world.Fails("CostManagement", (HttpStatusCode)status, body)).Cost();

        Assert.Contains(why, report.NotRead, StringComparison.Ordinal);
        Assert.Empty(report.Sums);
    }

    [Theory]
    [InlineData("2026-11-23T03:10:00Z", 7, "2026-11-15", "2026-11-21")]
    [InlineData("2026-11-23T00:00:00Z", 7, "2026-11-15", "2026-11-21")]
    [InlineData("2026-11-22T23:59:59Z", 7, "2026-11-14", "2026-11-20")]
    [InlineData("2026-03-02T08:00:00Z", 28, "2026-02-01", "2026-02-28")]
    [InlineData("2026-11-23T09:10:00+09:00", 1, "2026-11-21", "2026-11-21")]
    public void Days_that_are_not_over_for_a_day_are_left_out(string now, int days, string from, string to)
    {
        var period = CostReport.LastDays(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), days);

        Assert.Equal((DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture)), (period.From, period.To));
        Assert.Equal((days, period.From.AddDays(-1), days), (period.Days, period.Before.To, period.Before.Days));
    }

    private static GroupWorld World() => new()
    {
        Costs =
        [
            Daily((20261120, 10, "EUR"), (20261121, 20, "EUR"), (20261110, 10, "EUR")),
            By("ResourceId", (Prod, 25, "EUR"), (Sql, 5, "EUR"), ("", -1, "EUR")),
            By("ResourceId", (Prod.ToUpperInvariant(), 22, "EUR")),
        ],
    };

    private static string Daily(params (int Day, double Cost, string Currency)[] rows) => Table("UsageDate", "Number", rows.Select(r => new JsonArray(r.Cost, r.Day, r.Currency)));

    private static string By(string name, params (string Name, double Cost, string Currency)[] rows) => Table(name, "String", rows.Select(r => new JsonArray(r.Cost, r.Name, r.Currency)));

    private static string Table(string name, string type, IEnumerable<JsonArray> rows) => new JsonObject
    {
        ["properties"] = new JsonObject
        {
            ["nextLink"] = null,
            ["columns"] = new JsonArray(new JsonObject { ["name"] = "Cost", ["type"] = "Number" }, new JsonObject { ["name"] = name, ["type"] = type }, new JsonObject { ["name"] = "Currency", ["type"] = "String" }),
            ["rows"] = new JsonArray([.. rows]),
        },
    }.ToJsonString();
}
