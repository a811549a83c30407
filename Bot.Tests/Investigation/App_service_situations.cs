using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class App_service_situations
{
    private const string DeployOperation = "Microsoft.Web/sites/extensions/write";

    /// <summary>Situation → the world, the conclusion, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<AzureWorld> World, Conclusion Conclusion, string[] Says)> Table = new()
    {
        ["sick"] = (() => new(), Conclusion.Sick, ["app-service-prod is running slowly due to high memory usage"]),
        ["high memory, still quick"] = (() => new AzureWorld().Response(_ => 0.2), Conclusion.Sick, ["high memory usage (94 % of its plan)", "0.20 s"]),
        ["high memory, nobody calls"] = (() => new AzureWorld().Response(_ => null), Conclusion.Sick, ["app-service-prod has high memory usage (94 % of its plan)"]),
        ["was high, hovers below the limit"] = (() => new AzureWorld().Memory(ago => ago > 20 ? 92 : 83), Conclusion.Sick, ["high memory usage"]),
        ["restarted by somebody, in vain"] = (() => new AzureWorld().Happened(9, "Microsoft.Web/sites/restart/action"), Conclusion.Sick, ["high memory usage"]),
        ["a deployment that failed"] = (() => new AzureWorld().Happened(5, DeployOperation, status: "Failed"), Conclusion.Sick, ["high memory usage"]),
        ["a slot was deployed, not the app"] = (() => new AzureWorld().Happened(5, "Microsoft.Web/sites/slots/extensions/write",
            on: $"{AzureWorld.Group}/providers/Microsoft.Web/sites/app-service-prod/slots/staging/extensions/onedeploy"), Conclusion.Sick, ["high memory usage"]),
        ["never sick"] = (() => new AzureWorld().Memory(ago => ago < 30 ? 41 : 52).Response(_ => 0.2), Conclusion.NeverSick,
            ["running normally", "memory is 41 %", "at most 52 %", "nothing to do"]),
        ["recovered by itself"] = (() => new AzureWorld().Memory(ago => ago >= 4 ? 94 : 41).Response(ago => ago >= 4 ? 4.2 : 0.2), Conclusion.Recovered,
            ["peaked at 94 % at 03:06 UTC", "is 41 %, normal since 03:07", "nothing to do"]),
        ["deployed five minutes ago"] = (() => new AzureWorld().Happened(5, DeployOperation), Conclusion.OtherCause, ["5 minutes before", "03:05 deployed by ana@contoso.example"]),
        ["settings changed two minutes ago"] = (() => new AzureWorld().Happened(2, "Microsoft.Web/sites/config/write",
            on: $"{AzureWorld.Group}/providers/Microsoft.Web/sites/app-service-prod/config/appsettings"), Conclusion.OtherCause, ["configuration changed by ana@contoso.example"]),
        ["plan scaled down ten minutes ago"] = (() => new AzureWorld().Happened(10, "Microsoft.Web/serverfarms/write",
            on: $"{AzureWorld.Group}/providers/Microsoft.Web/serverfarms/plan-web"), Conclusion.OtherCause, ["plan changed by"]),
        ["slow without lack of memory"] = (() => new AzureWorld().Memory(_ => 41), Conclusion.OtherCause, ["not for lack of memory", "4.2 s", "41 %"]),
        ["slow for lack of CPU, no maximum stored"] = (() => new AzureWorld().Memory(_ => 41).Metric("CpuPercentage", _ => 97), Conclusion.OtherCause, ["short of CPU", "97 %", "(MaxInstances)"]),
        ["a problem of the platform"] = (() => new AzureWorld { Health = new JsonObject { ["availabilityState"] = "Unavailable", ["context"] = "Platform Initiated", ["summary"] = "Storage is down." } },
            Conclusion.OtherCause, ["problem of its platform", "Storage is down."]),
        ["held by Azure"] = (() => new AzureWorld { AvailabilityState = "DisasterRecoveryMode" }, Conclusion.OtherCause, ["DisasterRecoveryMode"]),
        ["quota used up"] = (() => new AzureWorld { UsageState = "Exceeded" }, Conclusion.OtherCause, ["quota"]),
        ["stopped by a person"] = (() => new AzureWorld { State = "Stopped" }.Happened(70, "Microsoft.Web/sites/stop/action"), Conclusion.StoppedOnPurpose,
            ["was stopped at 02:00 UTC by ana@contoso.example"]),
        ["stopped long ago"] = (() => new AzureWorld { State = "Stopped" }, Conclusion.StoppedOnPurpose, ["is stopped"]),
        ["metric without values"] = (() => new AzureWorld().Memory(_ => null), Conclusion.CouldNotTell, ["no value of MemoryPercentage between 02:10 and 03:10"]),
        ["metric that the tier does not have"] = (() => new AzureWorld().Fails("metricnames=MemoryPercentage", HttpStatusCode.BadRequest, "BadRequest"), Conclusion.CouldNotTell, ["400"]),
        ["values stopped twenty minutes ago"] = (() => new AzureWorld().Memory(ago => ago < 20 ? null : 94), Conclusion.CouldNotTell, ["from 02:50 UTC"]),
        ["high for two minutes only"] = (() => new AzureWorld().Memory(ago => ago < 3 ? 95 : 41), Conclusion.CouldNotTell, ["95 %, but only since 03:08 UTC"]),
        ["metrics forbidden"] = (() => new AzureWorld().Fails("metricnames", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell,
            ["may not read metrics of 'plan-web'", "Monitoring Reader"]),
        ["activity log forbidden"] = (() => new AzureWorld().Fails("eventtypes", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.Sick,
            ["activity log of resource group 'rg-web'", "Monitoring Reader"]),
        ["activity log hollow"] = (() => new AzureWorld().Fails("eventtypes", HttpStatusCode.OK, "", "{}"), Conclusion.Sick, ["activity log could not be read"]),
        ["app forbidden"] = (() => new AzureWorld().Fails("app-service-prod?", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read app-service-prod", "Reader"]),
        ["answer of another app"] = (() => new AzureWorld().Fails("app-service-prod?", HttpStatusCode.OK, "", """{"id":"/subscriptions/x","properties":{"state":"Running"}}"""),
            Conclusion.CouldNotTell, ["could not be understood"]),
        ["plan of another subscription"] = (() => new AzureWorld { PlanId = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/g/providers/Microsoft.Web/serverfarms/p" },
            Conclusion.CouldNotTell, ["could not be understood"]),
        ["Azure throttles"] = (() => new AzureWorld().Fails("app-service-prod?", HttpStatusCode.Conflict, "Conflict"), Conclusion.CouldNotTell, ["could not be looked at"]),
        ["gone"] = (() => new AzureWorld().Fails("app-service-prod?", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.Gone, ["does not exist or is hidden from the agent"]),
        ["function app"] = (() => new AzureWorld { Kind = "functionapp,linux" }, Conclusion.NoRunbook, ["no runbook for function apps"]),
        ["wrong type"] = (() => new AzureWorld { Type = "Microsoft.Sql/servers" }, Conclusion.NoRunbook, ["no runbook for Metric alerts on Microsoft.Sql/servers"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_only_sick_apps_get_a_remedy(string situation)
    {
        var (world, conclusion, says) = Table[situation];

        var investigated = await world().Investigate();

        Assert.Equal(conclusion, investigated.Finding.Conclusion);
        Assert.All(says, words => Assert.Contains(words, $"{investigated.Finding.Present}. {investigated.Finding.Gap}", StringComparison.Ordinal));
        Assert.Equal(conclusion == Conclusion.Sick, investigated.Remedy is not null);
    }

    [Fact]
    public void The_table_covers_every_conclusion() =>
        Assert.Equal(Enum.GetValues<Conclusion>().Except([Conclusion.Informed]).ToHashSet(), Table.Values.Select(row => row.Conclusion).ToHashSet());
}
