using System.Text.Json.Nodes;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using static RunModes.Bot.Investigation.RequestedCommands;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Tests.Cards;

/// <summary>Commands of az and kubectl that a person asked for, as their cards show them.</summary>
internal static class CommandSamples
{
    private static readonly ResourceId Cluster = ResourceId.Parse("/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-prod/providers/Microsoft.ContainerService/managedClusters/aks-prod");

    private static Operation.ToolCall Deallocate => Call(new AzReader(["00000000-0000-0000-0000-00000000000a"]).Read("vm deallocate -n vm-batch-1 -g rg-prod"));

    private static Operation.ToolCall Scale => Call(new KubectlReader([new("prod", Cluster, "prod", ["shop"])]).Read("scale deploy/web --replicas 6"));

    private static Operation.ToolCall Image => Call(new KubectlReader([new("prod", Cluster, "prod", ["shop"])]).Read(
        "set image deployment/web app=registry.contoso.example/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));

    public static IEnumerable<KeyValuePair<string, Func<JsonObject>>> Cards => new Dictionary<string, CardModel>
    {
        ["awaiting-az"] = Of(Sample.Proposal(ProposalStatus.AwaitingApproval, Deallocate), "Microsoft.Compute/virtualMachines/deallocate/action is granted on vm-batch-1"),
        ["indeterminate-az"] = Of(Sample.Decided(ProposalStatus.Indeterminate, Deallocate) with
        {
            Execution = Sample.Ran(Outcome.Unknown, "TimedOut", "It may or may not have been done: az did not end in its time and was ended.") with { CorrelationId = null, WasInDoubt = true },
        }, ""),
        ["failed-az"] = Of(Sample.Decided(ProposalStatus.Failed, Deallocate) with
        {
            Execution = Sample.Ran(Outcome.Failed, "ScopeLocked", "ERROR: (ScopeLocked) The scope cannot perform delete operation because following scope(s) are locked.") with { CorrelationId = null },
        }, ""),
        ["awaiting-kubectl"] = Of(Sample.Proposal(ProposalStatus.AwaitingApproval, Scale), "the cluster grants patch on deployments.apps/scale 'web' in shop; dry run on the server: deployment.apps/web scaled (server dry run)"),
        ["awaiting-image"] = Of(Sample.Proposal(ProposalStatus.AwaitingApproval, Image), "the cluster grants patch on deployments.apps 'web' in shop; dry run on the server: deployment.apps/web image updated (server dry run)"),
        ["done-kubectl"] = Of(Sample.Decided(ProposalStatus.Succeeded, Scale) with { Execution = Sample.Ran(Outcome.Succeeded, "Accepted", "kubectl ended well") with { CorrelationId = null } }, "the cluster grants patch on deployments.apps/scale 'web' in shop"),
        ["blocked-kubectl"] = Of(Sample.Proposal(ProposalStatus.Blocked, Scale), "") with
        {
            Gated = new(Finding(Sample.Proposal(ProposalStatus.Blocked, Scale)), new EffectiveMode(RunMode.Review, ModeSource.Agent), new Verdict(VerdictKind.Blocked,
                ["The agent may not patch deployments.apps/scale 'web' in namespace shop of cluster aks-prod. Least right: a Role there with the verbs get and patch on deployments.apps/scale, bound to the agent."])),
        },
    }.Select(c => KeyValuePair.Create<string, Func<JsonObject>>($"review-{c.Key}", () => ReviewCard.Render(c.Value)));

    private static Operation.ToolCall Call(CommandReading reading) => Operation.ToolCall.Of((CommandReading.Understood)reading, Sample.Azure);

    private static CardModel Of(Proposal proposal, string permission) => new(new GatedProposal(
        Finding(proposal), new EffectiveMode(RunMode.Review, ModeSource.Agent), new Verdict(VerdictKind.AskFirst, ["The run mode is Review (agent default).", "Ada Lovelace started it."])))
    {
        Incident = new($"Ada Lovelace asked for a command on {proposal.Operation.TargetName}", ""), Permission = permission, Approvers = "Administrators", Instructions = "",
    };

    /// <summary>As the run writes it for what a person asked for.</summary>
    private static Proposal Finding(Proposal proposal) => proposal with
    {
        Recovery = null, Plan = null,
        Finding = new(Conclusion.OtherCause, proposal.Operation.TargetName, Words(proposal.Operation).Present, Words(proposal.Operation).Past, [], null, Sample.Fired.AddMinutes(1)) { Asked = true },
    };
}
