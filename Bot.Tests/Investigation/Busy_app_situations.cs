using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Busy_app_situations
{
    private const string Deploy = "Microsoft.Web/sites/extensions/write";

    private static AzureWorld Cpu(Func<double, double?> byMinutesAgo, AzureWorld? world = null) => (world ?? new AzureWorld()).Memory(_ => 41).Metric(AppServiceBusyRunbook.CpuMetric, byMinutesAgo);

    private static AzureWorld Busy(AzureWorld? world = null) => Cpu(ago => ago < 25 ? 97 : 30, world);

    private static JsonArray Ruled(bool enabled) => [new JsonObject { ["properties"] = new JsonObject { ["enabled"] = enabled, ["targetResourceUri"] = new AzureWorld().PlanId.ToUpperInvariant() } }];

    /// <summary>Situation → the world, the conclusion, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<AzureWorld> World, Conclusion Conclusion, string[] Says)> Table = new()
    {
        ["sick"] = (() => Busy(), Conclusion.Sick, ["app-service-prod is short of CPU: its plan is at 97 %, high since 02:46 UTC"]),
        ["an autoscale setting that is off"] = (() => Busy(new() { Autoscale = Ruled(false) }), Conclusion.Sick, ["short of CPU"]),
        ["activity log forbidden (403)"] = (() => Busy().Fails("eventtypes", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.Sick, ["Whether somebody just changed it is not known"]),
        ["autoscale settings forbidden (403)"] = (() => Busy().Fails("autoscalesettings", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.Sick, ["Whether Azure scales the plan by itself is not known"]),
        ["never sick"] = (() => Cpu(ago => ago < 30 ? 31 : 44), Conclusion.NeverSick, ["CPU", "it is 31 % and was at most 44 %"]),
        ["recovered"] = (() => Cpu(ago => ago >= 4 ? 97 : 31), Conclusion.Recovered, ["CPU peaked at 97 % at 03:06 UTC and is 31 %, normal since 03:07"]),
        ["deployed five minutes ago"] = (() => Busy().Happened(5, Deploy), Conclusion.OtherCause, ["03:05 deployed by ana@contoso.example", "look at that change first"]),
        ["at the stored maximum"] = (() => Busy(new() { Instances = 4 }), Conclusion.OtherCause, ["has 4 of the 4 instances that the response plan allows"]),
        ["above the stored maximum"] = (() => Busy(new() { Instances = 7 }), Conclusion.OtherCause, ["has 7 of the 4 instances"]),
        ["at the limit of its tier"] = (() => Busy(new() { Tier = "Basic", Instances = 3 }), Conclusion.OtherCause, ["has 3 instances, and the tier Basic ends at 3"]),
        ["at the limit that Azure states"] = (() => Busy(new() { OfPlan = new() { ["maximumNumberOfWorkers"] = 2 } }), Conclusion.OtherCause, ["ends at 2"]),
        ["a free tier"] = (() => Busy(new() { Tier = "Shared" }), Conclusion.OtherCause, ["the tier Shared"]),
        ["an isolated environment"] = (() => Busy(new() { OfPlan = new() { ["hostingEnvironmentProfile"] = new JsonObject { ["id"] = "x" } } }), Conclusion.OtherCause, ["environment of its own"]),
        ["scaled by Azure"] = (() => Busy(new() { OfPlan = new() { ["elasticScaleEnabled"] = true } }), Conclusion.OtherCause, ["scaled by Azure itself"]),
        ["an autoscale setting"] = (() => Busy(new() { Autoscale = Ruled(true) }), Conclusion.OtherCause, ["an autoscale setting of Azure decides"]),
        ["its last scaling is not over"] = (() => Busy(new() { OfPlan = new() { ["provisioningState"] = "InProgress" } }), Conclusion.OtherCause, ["is not over (InProgress)"]),
        ["a problem of the platform"] = (() => Busy(new() { Health = new() { ["availabilityState"] = "Unavailable", ["context"] = "Platform Initiated", ["summary"] = "Storage is down." } }), Conclusion.OtherCause, ["Storage is down."]),
        ["stopped by a person"] = (() => Busy(new() { State = "Stopped" }).Happened(70, "Microsoft.Web/sites/stop/action"), Conclusion.StoppedOnPurpose, ["was stopped at 02:00 UTC by ana"]),
        ["metric missing"] = (() => Cpu(_ => null), Conclusion.CouldNotTell, ["no value of CpuPercentage"]),
        ["metric stopped twenty minutes ago"] = (() => Cpu(ago => ago < 20 ? null : 97), Conclusion.CouldNotTell, ["from 02:50 UTC"]),
        ["high for two minutes only"] = (() => Cpu(ago => ago < 3 ? 97 : 31), Conclusion.CouldNotTell, ["97 %, but only since 03:08 UTC"]),
        ["metrics forbidden (403)"] = (() => Busy().Fails("metricnames=CpuPercentage", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read metrics of 'plan-web'"]),
        ["plan forbidden (403)"] = (() => Busy().Fails("plan-web?", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["whether the plan can grow cannot be told"]),
        ["gone"] = (() => Busy().Fails("app-service-prod?", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.Gone, ["does not exist"]),
        ["wrong kind"] = (() => Busy(new() { Kind = "functionapp" }), Conclusion.NoRunbook, ["no runbook for function apps"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_only_a_busy_plan_with_room_gets_an_instance(string situation)
    {
        var (world, conclusion, says) = Table[situation];

        var (finding, remedy) = await world().Investigate(plan: AtMost4);

        Assert.Equal(conclusion, finding.Conclusion);
        Assert.All(says, words => Assert.Contains(words, $"{finding.Present}. {finding.Gap}", StringComparison.Ordinal));
        Assert.Equal(conclusion == Conclusion.Sick, remedy is not null);
    }

    [Fact]
    public void The_table_covers_every_conclusion() =>
        Assert.Equal(Enum.GetValues<Conclusion>().Except([Conclusion.Informed]).ToHashSet(), Table.Values.Select(row => row.Conclusion).ToHashSet());

    [Theory]
    [InlineData(2, " from 2 to 3 instances")]
    [InlineData(1, " from 1 to 2 instances")]
    public async Task The_remedy_is_one_instance_more_as_an_absolute_number_and_the_plan_as_it_was_seen(int instances, string after)
    {
        var (_, remedy) = await Busy(new() { Instances = instances }).Investigate(plan: AtMost4);

        var call = Assert.IsType<Operation.ArmCall>(remedy!.Operation);
        Assert.Equal($"Scale App Service plan 'plan-web'{after}", call.Title);
        Assert.Equal("PUT", call.Method);
        Assert.Equal(new AzureWorld().PlanId, call.Path);
        Assert.Equal(
            $$$"""{"kind":"linux","location":"West Europe","tags":{"env":"prod"},"sku":{"name":"P1v3","tier":"PremiumV3","size":"P1v3","family":"Pv3","capacity":{{{instances + 1}}}},"properties":{"reserved":true,"isXenon":false,"hyperV":false,"perSiteScaling":false,"zoneRedundant":false}}""",
            call.Body);
        Assert.Equal(
            [$"instances of the plan is {instances}", "plan size is P1v3", """tags of the plan is {"env":"prod"}""", "scaling by app is none", "zone redundancy is none"],
            call.Preconditions.Select(p => $"{p.Label} is {p.Value}"));
        Assert.Equal($"Scale App Service plan 'plan-web' from {instances + 1} to {(instances == 1 ? "1 instance" : $"{instances} instances")}", remedy.Undo!.Title);
        Assert.Equal($"{instances + 1}", remedy.Undo.Preconditions[0].Value);
        Assert.Equal(new RecoverySignal(ResourceId.Parse(new AzureWorld().PlanId), "CpuPercentage", "Average", "CPU", "%", 80), remedy.Recovery);
    }

    [Theory]
    [InlineData(97, 25, "97 %, high since 02:46 UTC")]
    [InlineData(88, 12, "88 %, high since 02:59 UTC")]
    public async Task Another_series_gives_other_numbers(double now, double since, string says)
    {
        var (finding, _) = await Cpu(ago => ago < since ? now : 30).Investigate(plan: AtMost4);

        Assert.EndsWith(says, finding.Present, StringComparison.Ordinal);
        Assert.StartsWith($"30 % at 02:11 → {now} % at 03:09 UTC", finding.Evidence.Single(line => line.Label == "CPU").Text, StringComparison.Ordinal);
        Assert.Equal(now, finding.Symptom!.Value);
    }

    /// <summary>With both short, memory is mended first.</summary>
    [Fact]
    public async Task High_memory_and_high_CPU_is_a_restart()
    {
        var (_, remedy) = await new AzureWorld().Metric(AppServiceBusyRunbook.CpuMetric, _ => 97).Investigate(plan: AtMost4 with { Runbooks = [] });

        Assert.Equal("Restart App Service 'app-service-prod'", remedy!.Operation.Title);
    }

    private static ResponsePlan AtMost4 => new() { Name = "prod-web", Runbooks = [AppServiceBusyRunbook.Name], MaxInstances = 4 };
}
