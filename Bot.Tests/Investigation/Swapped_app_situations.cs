using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Swapped_app_situations
{
    private const string Swap = "Microsoft.Web/sites/slots/slotsswap/action";

    /// <summary>A healthy load, and a swap of the slot "staging" twenty minutes ago.</summary>
    private static AzureWorld Swapped(Func<double, double?> errorsByMinutesAgo, Action<AzureWorld>? change = null)
    {
        var world = new AzureWorld { Swapped = (20, "staging", "Production") }.Memory(_ => 41).Response(_ => 0.2).Metric(AppServiceSwapRunbook.ErrorMetric, errorsByMinutesAgo);
        change?.Invoke(world);
        return world.Happened(20, Swap, on: $"{world.Id}/slots/staging").Happened(20, "Microsoft.Web/sites/slotsswap/action");
    }

    private static AzureWorld Broken(Action<AzureWorld>? change = null) => Swapped(ago => ago < 20 ? 24 : 0, change);

    /// <summary>Situation → the world, the conclusion, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<AzureWorld> World, Conclusion Conclusion, string[] Says)> Table = new()
    {
        ["sick"] = (() => Broken(), Conclusion.Sick, ["app-service-prod answers with 5xx since slots were swapped at 02:50 UTC by ana@contoso.example: 24 a minute, before 0"]),
        ["a few errors before, many after"] = (() => Swapped(ago => ago < 20 ? 60 : 2), Conclusion.Sick, ["60 a minute, before 2"]),
        ["production was the source of the swap"] = (() => Broken(world => world.Swapped = (20, "production", "staging")), Conclusion.Sick, ["answers with 5xx since"]),
        ["never sick"] = (() => Swapped(_ => 1), Conclusion.NeverSick, ["answers without errors worth mention since the swap at 02:50 UTC"]),
        ["no swap, no errors"] = (() => new AzureWorld().Memory(_ => 41), Conclusion.NeverSick, ["no slot was swapped in the last two hours"]),
        ["recovered"] = (() => Swapped(ago => ago is > 8 and < 20 ? 24 : 0), Conclusion.Recovered, ["answered with 5xx after the swap at 02:50 UTC, and does so no more"]),
        ["errors began before the swap"] = (() => Swapped(_ => 24), Conclusion.OtherCause, ["did so before the swap at 02:50 UTC (24 a minute)"]),
        ["errors without a swap"] = (() => new AzureWorld().Memory(_ => 41).Metric(AppServiceSwapRunbook.ErrorMetric, _ => 24), Conclusion.OtherCause, ["no slot was swapped"]),
        ["deployed five minutes ago, after the swap"] = (() => Broken().Happened(5, "Microsoft.Web/sites/extensions/write"), Conclusion.OtherCause, ["It was changed since, at 03:05 deployed by ana"]),
        ["Azure remembers no swap"] = (() => Broken(world => world.Swapped = null), Conclusion.OtherCause, ["does not say which slot was swapped"]),
        ["Azure remembers another swap"] = (() => Broken(world => world.Swapped = (300, "staging", "Production")), Conclusion.OtherCause, ["does not say which slot was swapped"]),
        ["two slots, neither production"] = (() => Broken(world => world.Swapped = (20, "staging", "blue")), Conclusion.OtherCause, ["does not say which slot was swapped"]),
        ["the slot was deployed since"] = (() => Broken(world => world.InSlot = ("d-newer", 10)), Conclusion.OtherCause, ["does not hold what production served before the swap (its deployment is from 03:00)"]),
        ["both serve the same"] = (() => Broken(world => world.InSlot = ("d-new", 40)), Conclusion.OtherCause, ["does not hold what production served before"]),
        ["a problem of the platform"] = (() => Broken(world => world.Health = new() { ["availabilityState"] = "Unavailable", ["context"] = "Platform Initiated", ["summary"] = "Storage is down." }), Conclusion.OtherCause, ["Storage is down."]),
        ["stopped by a person"] = (() => Broken(world => world.State = "Stopped").Happened(70, "Microsoft.Web/sites/stop/action"), Conclusion.StoppedOnPurpose, ["was stopped at 02:00 UTC by ana"]),
        ["swapped a moment ago"] = (() => new AzureWorld { Swapped = (2, "staging", "Production") }.Memory(_ => 41).Metric(AppServiceSwapRunbook.ErrorMetric, _ => 24).Happened(2, Swap), Conclusion.CouldNotTell, ["only minutes ago"]),
        ["metric missing"] = (() => Swapped(_ => null), Conclusion.CouldNotTell, ["no value of Http5xx"]),
        ["metrics forbidden (403)"] = (() => Broken().Fails("metricnames=Http5xx", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read metrics"]),
        ["log forbidden (403)"] = (() => Broken().Fails("eventtypes", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["whether a swap broke app-service-prod cannot be told"]),
        ["deployments forbidden (403)"] = (() => Broken().Fails("/deployments", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read the deployments of 'app-service-prod'"]),
        ["the slot is gone"] = (() => Broken().Fails("/slots/staging/deployments", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.CouldNotTell, ["'app-service-prod/staging' does not exist"]),
        ["the slot records no deployment"] = (() => Broken(world => world.InSlot = null), Conclusion.CouldNotTell, ["records no deployment as the one that 'app-service-prod/staging' serves"]),
        ["gone"] = (() => Broken().Fails("app-service-prod?", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.Gone, ["does not exist"]),
        ["wrong kind"] = (() => Broken(world => world.Kind = "functionapp"), Conclusion.NoRunbook, ["no runbook for function apps"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_only_a_swap_that_broke_production_is_swapped_back(string situation)
    {
        var (world, conclusion, says) = Table[situation];

        var (finding, remedy) = await world().Investigate(plan: OnlySwaps);

        Assert.Equal(conclusion, finding.Conclusion);
        Assert.All(says, words => Assert.Contains(words, finding.Present, StringComparison.Ordinal));
        Assert.Equal(conclusion == Conclusion.Sick, remedy is not null);
    }

    [Fact]
    public void The_table_covers_every_conclusion() =>
        Assert.Equal(Enum.GetValues<Conclusion>().Except([Conclusion.Informed]).ToHashSet(), Table.Values.Select(row => row.Conclusion).ToHashSet());

    [Fact]
    public async Task The_remedy_swaps_the_recorded_slot_back_while_both_serve_the_deployments_that_were_seen()
    {
        var world = Broken();

        // Also where everything is allowed: a swap that broke the app comes first.
        var (finding, remedy) = await world.Investigate();

        var call = Assert.IsType<Operation.ArmCall>(remedy!.Operation);
        Assert.Equal(("Swap into production the slot 'app-service-prod/staging'", $"{world.Id}/slots/staging/slotsswap"), (call.Title, call.Path));
        Assert.Equal(
            [
                $"{world.Id} properties.slotSwapStatus.timestampUtc 2026-03-04T02:50:30.0000000Z", $"{world.Id} properties.state Running",
                $"{world.Id}/deployments/d-new properties.active true", $"{world.Id}/slots/staging/deployments/d-old properties.active true",
            ],
            call.Preconditions.Select(p => $"{p.Resource} {p.Member} {p.Value}"));
        Assert.Equal(
            [$"{world.Id}/deployments/d-old", $"{world.Id}/slots/staging/deployments/d-new"],
            Assert.IsType<Operation.ArmCall>(remedy.Undo).Preconditions.Select(p => p.Resource.Value));
        Assert.Equal(new RecoverySignal(ResourceId.Parse(world.Id), "Http5xx", "Total", "5xx rate", "a minute", 5), remedy.Recovery);
        Assert.Equal("app-service-prod answered with 5xx after a slot swap", finding.Past);
        Assert.Equal(
            [
                "Swap: 02:50 UTC, slot 'staging' and production, by ana@contoso.example", "In production now: deployment d-new of 02:30",
                "In the slot now: deployment d-old of 2026-03-02 01:10, which production served before",
            ],
            finding.Evidence.Take(3).Select(line => $"{line.Label}: {line.Text}"));
    }

    [Theory]
    [InlineData(24, 0, "24 a minute, before 0")]
    [InlineData(90, 3, "90 a minute, before 3")]
    public async Task Another_series_gives_other_numbers(double after, double before, string says)
    {
        var (finding, _) = await Swapped(ago => ago < 20 ? after : before).Investigate(plan: OnlySwaps);

        Assert.EndsWith(says, finding.Present, StringComparison.Ordinal);
        Assert.Equal(after, finding.Symptom!.Value);
    }

    private static ResponsePlan OnlySwaps => new() { Name = "prod-web", Runbooks = [AppServiceSwapRunbook.Name] };
}
