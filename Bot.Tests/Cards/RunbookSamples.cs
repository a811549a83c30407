using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Cards;

/// <summary>What the runbooks beside the restart put on a card.</summary>
internal static class RunbookSamples
{
    public static CardModel Start(ProposalStatus status)
    {
        Precondition State(string value) => new("state of the app", Sample.App, "2023-12-01", "properties.state", value);
        var operation = Operation.ArmCall.Of(ArmAction.StartWebApp, Sample.App, Sample.Azure) with { DependsOn = [State("Stopped")] };
        return Of(status, "App is down", operation, RecoverySignal.OfState("App state", State("Running"), "Stopped"), before: 0, after: 1, new(
            Conclusion.Sick, "app-service-prod",
            "app-service-prod was stopped at 02:20 UTC by application 0c1d2e3f-4444-4555-8666-777788889999 for a deployment (02:25 deployed) and never started again",
            "app-service-prod was stopped",
            [
                new("State", "Stopped at 03:03 UTC"),
                new("Changes", "02:25 deployed by application 0c1d2e3f-4444-4555-8666-777788889999; 02:20 stopped by application 0c1d2e3f-4444-4555-8666-777788889999"),
                new("Azure health", "Unknown: the app is stopped"),
            ],
            new("State", 0, "", Sample.Fired.AddMinutes(1)), Sample.Fired.AddMinutes(1)));
    }

    public static CardModel Machine(ProposalStatus status)
    {
        var id = ResourceId.Parse($"{Sample.App.Group}/providers/Microsoft.Compute/virtualMachines/vm-shop-1");
        var operation = Operation.ArmCall.Of(ArmAction.RestartVirtualMachine, id, Sample.Azure) with
        {
            DependsOn =
            [
                new("power state", id, "2024-03-01", "statuses.PowerState", "running") { View = "instanceView" }, new("provisioning state", id, "2024-03-01", "properties.provisioningState", "Succeeded"),
                new("machine", id, "2024-03-01", "properties.vmId", "0f47b100-583c-48e3-a4c0-aefc2c9bbcc1"),
            ],
        };
        var signal = new RecoverySignal(id, "VmAvailabilityMetric", "Average", "Availability", "", 0) { NormalFrom = 1, InWords = new("available", "unavailable") };
        return Of(status, "Machine down", operation, signal, before: 0, after: 1, new(
            Conclusion.Sick, "vm-shop-1", "vm-shop-1 is powered on but does not answer since 02:43 UTC (its guest agent: Not Ready)", "vm-shop-1 was unavailable",
            [
                new("Availability", "did not answer in 19 of 59 minutes until 03:02 UTC ████████▁▁▁▁"), new("Power state", "running at 03:03 UTC"), new("Guest agent", "Not Ready"),
                new("CPU", "3 % at 03:02 UTC"), new("Size", "Standard_D2s_v5"), new("Changes", "none in the last 2 hours (activity log)"),
            ],
            new("VmAvailabilityMetric", 0, "", Sample.Fired), Sample.Fired.AddMinutes(1)));
    }

    public static CardModel Scale(ProposalStatus status)
    {
        var id = Sample.Memory.Resource;
        var operation = Operation.ArmCall.Of(ArmAction.ScaleAppServicePlan, id, Sample.Azure, new OperationParameters.Scale(
            new("linux", "West Europe", "P1v3", "PremiumV3", "P1v3", "Pv3", [KeyValuePair.Create("env", "prod")]) { Linux = true, Xenon = false, HyperV = false, PerSiteScaling = false, ZoneRedundant = false }, 2, 3)) with
        {
            DependsOn =
            [
                new("instances of the plan", id, "2023-12-01", "sku.capacity", "2"), new("plan size", id, "2023-12-01", "sku.name", "P1v3"), new("tags of the plan", id, "2023-12-01", "tags", """{"env":"prod"}"""),
                new("scaling by app", id, "2023-12-01", "properties.perSiteScaling", "false"), new("zone redundancy", id, "2023-12-01", "properties.zoneRedundant", "false"),
            ],
        };
        return Of(status, "High CPU", operation, new(id, "CpuPercentage", "Average", "CPU", "%", 80), before: 97, after: 55, new(
            Conclusion.Sick, "app-service-prod", "app-service-prod is short of CPU: its plan is at 97 %, high since 02:38 UTC", "app-service-prod was short of CPU",
            [
                new("Memory", "41 % at 02:04 → 44 % at 03:02 UTC ▃▄▄▅▅▄▆▅▆▇▇█"), new("Response time", "0.2 s at 02:04 → 3.9 s at 03:02 UTC ▁▁▁▁▁▁▃▆▇█▇█"), new("CPU", "30 % at 02:04 → 97 % at 03:02 UTC ▁▁▁▁▁▂▃██▇██"),
                new("Plan", "plan-prod, P1v3 × 2 instances"), new("Changes", "no deployment or configuration change in the last 2 hours (activity log)"),
            ],
            new("CpuPercentage", 97, "%", Sample.Fired), Sample.Fired.AddMinutes(1)));
    }

    public static CardModel SwapBack(ProposalStatus status)
    {
        var slot = ResourceId.Parse($"{Sample.App}/slots/staging");
        Precondition Serves(string label, ResourceId site, string deployment) => new(label, ResourceId.Parse($"{site}/deployments/{deployment}"), "2023-12-01", "properties.active", "true");
        var operation = Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, slot, Sample.Azure) with
        {
            DependsOn =
            [
                new("last swap", Sample.App, "2023-12-01", "properties.slotSwapStatus.timestampUtc", "2026-11-24T02:41:12.52Z"), new("state of the app", Sample.App, "2023-12-01", "properties.state", "Running"),
                Serves("deployment 9f31c2aa04b1 is active in production", Sample.App, "9f31c2aa04b1"), Serves("deployment 1b7e5d90c3f2 is active in the slot", slot, "1b7e5d90c3f2"),
            ],
        };
        return Of(status, "Many server errors", operation, new(Sample.App, "Http5xx", "Total", "5xx rate", "a minute", 5), before: 24, after: 0, new(
            Conclusion.Sick, "app-service-prod", "app-service-prod answers with 5xx since slots were swapped at 02:41 UTC by ana@contoso.example: 24 a minute, before 0", "app-service-prod answered with 5xx after a slot swap",
            [
                new("Swap", "02:41 UTC, slot 'staging' and production, by ana@contoso.example"), new("In production now", "deployment 9f31c2aa04b1 of 02:30"),
                new("In the slot now", "deployment 1b7e5d90c3f2 of 2026-11-21 14:05, which production served before"),
                new("Server errors", "504 answers with 5xx in the last hour, between 02:42 and 03:02 UTC"), new("Changes", "02:41 slots swapped by ana@contoso.example"),
            ],
            new("Http5xx", 24, "a minute", Sample.Fired), Sample.Fired.AddMinutes(1)));
    }

    public static CardModel Traffic(ProposalStatus status)
    {
        var id = ResourceId.Parse($"{Sample.App.Group}/providers/Microsoft.App/containerApps/shop");
        Precondition On(string revision, string label, string member, string value) => new(label, ResourceId.Parse($"{id}/revisions/{revision}"), "2024-03-01", member, value);
        var operation = Operation.ArmCall.Of(ArmAction.SendTraffic, id, Sample.Azure, new OperationParameters.Traffic("West Europe", [new("shop--v1", 100)])) with
        {
            DependsOn =
            [
                new("latest revision", id, "2024-03-01", "properties.latestRevisionName", "shop--v2"), new("revision mode", id, "2024-03-01", "properties.configuration.activeRevisionsMode", "Multiple"),
                On("shop--v2", "traffic of shop--v2", "properties.trafficWeight", "100"), On("shop--v1", "health of shop--v1", "properties.healthState", "Healthy"), On("shop--v1", "shop--v1 is active", "properties.active", "true"),
            ],
        };
        var signal = RecoverySignal.OfState("Traffic", On("shop--v1", "traffic", "properties.trafficWeight", "100"), "") with { InWords = new("on shop--v1", "on shop--v2") };
        return Of(status, "Revision unhealthy", operation, signal, before: 0, after: 1, new(
            Conclusion.Sick, "shop", "the latest revision of shop, shop--v2, is unhealthy and gets 100 % of its traffic", "the latest revision of shop was unhealthy",
            [
                new("Revisions", "shop--v2 Unhealthy, Degraded, 100 %, since 02:31; shop--v1 Healthy, Running, 0 %, since 2026-11-21 09:12"), new("Revision mode", "Multiple"),
                new("Changes", "02:31 container app changed by pipeline@contoso.example"),
            ],
            new("Traffic", 0, "", Sample.Fired), Sample.Fired.AddMinutes(1)));
    }

    /// <summary>A scaled plan whose undo is offered, was asked for, or came too late.</summary>
    public static CardModel Undo(Undone? undone)
    {
        var scaled = Scale(ProposalStatus.Succeeded);
        var call = (Operation.ArmCall)scaled.Proposal.Operation;
        var back = (OperationParameters.Scale)call.Parameters! with { From = 3, To = 2 };
        return scaled with
        {
            Gated = scaled.Gated with { Proposal = scaled.Proposal with { Undo = Operation.ArmCall.Of(ArmAction.ScaleAppServicePlan, call.Target, call.Context, back), Undone = undone } },
        };
    }

    public static CardModel Of(ProposalStatus status, string title, Operation operation, RecoverySignal signal, double before, double after, Finding finding)
    {
        var proposal = (status == ProposalStatus.AwaitingApproval ? Sample.Proposal(status, operation) : Sample.Decided(status, operation)) with { Finding = finding, Recovery = signal };
        if (status == ProposalStatus.Succeeded)
        {
            proposal = proposal with
            {
                Execution = Sample.Ran(Outcome.Succeeded, "Accepted", operation.Match(_ => "accepted (200)", _ => "kubectl ended well")),
                Verification = Sample.Watch(VerificationState.Recovered, after) with { Signal = signal, Before = before },
            };
        }

        return Sample.Model(proposal) with
        {
            Incident = new(title, "Sev1"), Permission = operation.Match(arm => $"{arm.Action} is granted on {arm.Target.Name}", tool => $"the cluster grants {tool.Action}"), Instructions = "",
        };
    }
}
