using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

public sealed class FakeArmTests : IAsyncLifetime, IDisposable
{
    private readonly ManualClock clock = new();
    private FakeCloud cloud = null!;
    private WireCaller caller = null!;
    private WebApp app = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await FakeCloud.Start(clock, TestContext.Current.CancellationToken);
        caller = new WireCaller(cloud);
        app = cloud.Arm.App("app-service-prod", rg: "prod", memory: Series.Rising(to: 94), responseTime: Series.Flat(4.2));
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await cloud.DisposeAsync();
    }

    public void Dispose() => clock.Dispose();

    [Fact]
    public async Task An_app_and_its_plan_are_read_whatever_the_case_of_the_id()
    {
        var site = (await Get($"{app.ShoutedId}?api-version=2023-12-01"))!;
        Assert.Equal((app.Id, "Running"), (site["id"]!.GetValue<string>(), site["properties"]!["state"]!.GetValue<string>()));
        var plan = (await Get($"{site["properties"]!["serverFarmId"]}?api-version=2023-12-01"))!;
        Assert.Equal("P1v3", plan["sku"]!["name"]!.GetValue<string>());
        cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Memory_follows_the_clock_and_falls_after_a_restart()
    {
        Assert.Equal([("2026-03-04T08:57:00Z", 92.8), ("2026-03-04T08:58:00Z", 93.2), ("2026-03-04T08:59:00Z", 93.6), ("2026-03-04T09:00:00Z", 94)], await Memory(3));

        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(200, (await Post("restart")).Status);
        Assert.Equal(1, app.Restarts);

        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([("2026-03-04T09:00:00Z", 94), ("2026-03-04T09:01:00Z", 42), ("2026-03-04T09:02:00Z", 42)], await Memory(2));
    }

    [Fact]
    public async Task A_restart_that_does_not_help_leaves_memory_where_it_was()
    {
        app.MemoryAfterRestart = null;
        await Post("restart");
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.All(await Memory(2), sample => Assert.Equal(94, sample.Value));
    }

    [Fact]
    public async Task The_sample_of_the_running_minute_may_carry_a_later_time_stamp()
    {
        cloud.Arm.RunningSampleCarriesNow = true;
        clock.Advance(TimeSpan.FromSeconds(20));
        await Post("restart");
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(("2026-03-04T09:00:23Z", 42), (await Memory(2))[^1]);
    }

    [Fact]
    public async Task Missing_silent_and_unknown_metrics_are_three_different_answers()
    {
        app.Memory = Series.Missing;
        Assert.Empty((await Metric("MemoryPercentage", 2))!["value"]![0]!["timeseries"]!.AsArray());
        app.Memory = Series.Silent;
        Assert.All((await Metric("MemoryPercentage", 2))!["value"]![0]!["timeseries"]![0]!["data"]!.AsArray(), sample => Assert.Null(sample!["average"]));
        var unknown = await caller.Arm(HttpMethod.Get, $"{app.Plan.Id}/providers/microsoft.insights/metrics?api-version=2018-01-01&metricnames=Charm");
        Assert.Equal(400, unknown.Status);
    }

    [Fact]
    public async Task Stop_and_start_change_the_state_and_the_activity_log_says_who()
    {
        cloud.Arm.Deployed(app, ago: TimeSpan.FromMinutes(5));
        await Post("stop");
        Assert.Equal("Stopped", (await Get($"{app.Id}?api-version=2023-12-01"))!["properties"]!["state"]!.GetValue<string>());
        await Post("start");
        var filter = Uri.EscapeDataString($"eventTimestamp ge '2026-03-04T07:00:00Z' and eventTimestamp le '2026-03-04T09:00:00Z' and resourceUri eq '{app.Id}'");
        var log = (await Get($"/subscriptions/{Known.Subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter={filter}"))!["value"]!.AsArray();
        Assert.Equal(["Microsoft.Web/sites/stop/Action", "Microsoft.Web/sites/start/Action", "Microsoft.Web/sites/write"], log.Select(entry => entry!["operationName"]!["value"]!.GetValue<string>()));
        Assert.Equal([Known.AgentClientId, Known.AgentClientId, "pipeline@contoso.example"], log.Select(entry => entry!["caller"]!.GetValue<string>()));
        var unbounded = await caller.Arm(HttpMethod.Get, $"/subscriptions/{Known.Subscription}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=caller%20eq%20'x'");
        Assert.Equal(400, unbounded.Status);
    }

    [Fact]
    public async Task Health_is_what_the_scenario_says()
    {
        app.Health = "Degraded";
        Assert.Equal("Degraded", (await Get($"{app.Id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current?api-version=2024-02-01"))!["properties"]!["availabilityState"]!.GetValue<string>());
    }

    [Fact]
    public async Task Permissions_come_in_pages_and_the_real_call_obeys_them()
    {
        cloud.Arm.Access.Grants.Add(new Grant(app.Id, ["Microsoft.Insights/*"], []));
        cloud.Arm.PageSize = 1;
        var first = (await Get($"{app.Id}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"))!;
        Assert.Contains("Microsoft.Web/sites/restart/Action", first["value"]![0]!["actions"]!.ToJsonString(), StringComparison.Ordinal);
        var second = (await Get(new Uri(first["nextLink"]!.GetValue<string>()).PathAndQuery))!;
        Assert.Equal("""["Microsoft.Insights/*"]""", second["value"]![0]!["actions"]!.ToJsonString());
        Assert.Null(second["nextLink"]);

        cloud.Arm.Access.ReadOnly(app.Id);
        var refused = await Post("restart");
        Assert.Equal((403, "AuthorizationFailed"), (refused.Status, refused.Body!["error"]!["code"]!.GetValue<string>()));
        Assert.Equal(0, app.Restarts);
    }

    [Fact]
    public async Task A_lock_above_is_listed_at_the_resource_and_stops_the_restart()
    {
        cloud.Arm.Access.Lock($"/subscriptions/{Known.Subscription}/resourceGroups/prod");
        Assert.Single((await Get($"{app.Id}/providers/Microsoft.Authorization/locks?api-version=2020-05-01"))!["value"]!.AsArray());
        Assert.Single((await Get($"/subscriptions/{Known.Subscription}/resourceGroups/prod/providers/Microsoft.Authorization/locks?api-version=2020-05-01"))!["value"]!.AsArray());
        Assert.Single((await Get($"/subscriptions/{Known.Subscription}/providers/Microsoft.Authorization/locks?api-version=2020-05-01"))!["value"]!.AsArray());
        var refused = await Post("restart");
        Assert.Equal((409, "ScopeLocked", 0), (refused.Status, refused.Body!["error"]!["code"]!.GetValue<string>(), app.Restarts));
    }

    [Fact]
    public async Task A_deny_assignment_is_listed_and_overrides_the_role()
    {
        cloud.Arm.Access.DenyAssignments.Add(new DenyAssignment(app.Id, ["Microsoft.Web/sites/restart/*"], [], "frozen"));
        var listed = (await Get($"{app.Id}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01"))!["value"]!.AsArray();
        Assert.Equal("frozen", Assert.Single(listed)!["name"]!.GetValue<string>());
        Assert.Equal(403, (await Post("restart")).Status);
    }

    [Fact]
    public async Task What_is_gone_is_404_and_what_is_hidden_is_403()
    {
        cloud.Arm.Hide(app.Plan.Id);
        Assert.Equal(403, (await caller.Arm(HttpMethod.Get, $"{app.Plan.Id}?api-version=2023-12-01")).Status);
        cloud.Arm.Remove(app.Id);
        var gone = await caller.Arm(HttpMethod.Get, $"{app.Id}?api-version=2023-12-01");
        Assert.Equal((404, "ResourceNotFound"), (gone.Status, gone.Body!["error"]!["code"]!.GetValue<string>()));
        cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_restart_can_be_lost_after_it_took_effect_and_every_attempt_is_counted()
    {
        cloud.Arm.Faults.Next(Fault.AcceptThenDrop, request => request.Is("POST", "/restart"));
        cloud.Arm.Faults.Next(Fault.Throttled("17"), request => request.Is("POST", "/restart"));
        await Assert.ThrowsAsync<HttpRequestException>(() => Post("restart"));
        var throttled = await Post("restart");
        Assert.Equal((429, "17"), (throttled.Status, throttled.Raw.Headers.NonValidated["Retry-After"].ToString()));
        Assert.Equal((1, 2), (app.Restarts, cloud.Arm.Mutations.Count));
    }

    private async Task<JsonNode?> Get(string pathAndQuery)
    {
        var answer = await caller.Arm(HttpMethod.Get, pathAndQuery);
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }

    private Task<(int Status, JsonNode? Body, HttpResponseMessage Raw)> Post(string action) => caller.Arm(HttpMethod.Post, $"{app.Id}/{action}?api-version=2023-12-01");

    private Task<JsonNode?> Metric(string name, int minutes)
    {
        var now = clock.GetUtcNow();
        var span = Uri.EscapeDataString($"{now.AddMinutes(-minutes):yyyy-MM-ddTHH:mm:ssZ}/{now.AddSeconds(1):yyyy-MM-ddTHH:mm:ssZ}");
        return Get($"{app.Plan.Id}/providers/Microsoft.Insights/metrics?api-version=2018-01-01&timespan={span}&interval=PT1M&metricnames={name}&aggregation=Average,Maximum");
    }

    private async Task<(string At, double Value)[]> Memory(int minutes) =>
        [.. (await Metric("MemoryPercentage", minutes))!["value"]![0]!["timeseries"]![0]!["data"]!.AsArray()
            .Select(sample => (sample!["timeStamp"]!.GetValue<string>(), Math.Round(sample["average"]!.GetValue<double>(), 1)))];
}
