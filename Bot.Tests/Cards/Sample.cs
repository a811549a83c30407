using System.Text.Json.Nodes;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Cards;

/// <summary>One believable incident, and every card that can come of it.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Fired = new(2026, 11, 24, 3, 2, 0, TimeSpan.Zero);
    public static readonly Who Ada = new("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222", "Ada Lovelace");
    private const string Subscription = "/subscriptions/00000000-0000-0000-0000-000000000001";

    public static readonly ResourceId App = ResourceId.Parse($"{Subscription}/resourceGroups/rg-prod/providers/Microsoft.Web/sites/app-service-prod");

    public static readonly RecoverySignal Memory = new(
        ResourceId.Parse($"{Subscription}/resourceGroups/rg-prod/providers/Microsoft.Web/serverFarms/plan-prod"), "MemoryPercentage", "Average", "Memory usage", "%", 75);

    public static readonly IncidentFacts Incident = new("High memory on app-service-prod", "Sev1", 3);

    public static Finding Finding { get; } = new(
        Conclusion.Sick,
        "app-service-prod",
        "app-service-prod is running slowly due to high memory usage",
        "app-service-prod was running slowly",
        [
            new("Memory", "65 % at 02:04 → 94 % at 03:01 UTC ▁▁▂▂▃▄▅▅▆▇██"),
            new("Response time", "0.6 s at 02:04 → 4.8 s at 03:01 UTC ▁▁▁▁▂▂▃▅▆▇██"),
            new("Plan", "plan-prod, P1v3 × 2 instances"),
            new("Changes", "no deployment or configuration change in the last 2 hours (activity log)"),
        ],
        new Measurement("Memory usage", 94, "%", Fired.AddMinutes(1)),
        Fired.AddMinutes(1));

    public static Proposal Proposal(ProposalStatus status, Operation? operation = null)
    {
        operation ??= Operation.ArmCall.Of(ArmAction.RestartWebApp, App, new AzureContext("AzureCloud", Ada.TenantId, "33333333-3333-3333-3333-333333333333"));
        return new()
        {
            Id = new("0198f3a2c7d94e1f8a6b5c4d3e2f1a0b"), Run = new("run-1"), Incident = new("incident-1"),
            Plan = "prod-web",
            Revision = 1,
            Version = 1,
            Operation = operation,
            Fingerprint = Fingerprint.Of(operation),
            Provenance = Provenance.Runbook,
            Finding = Finding,
            Recovery = Memory,
            Status = status,
            CreatedAt = Fired.AddMinutes(1),
            DeliveredAt = Fired.AddMinutes(2),
            ApprovalExpiry = TimeSpan.FromHours(1),
        };
    }

    public static CardModel Model(Proposal proposal, Verdict? verdict = null) => new(new GatedProposal(
        proposal,
        new EffectiveMode(RunMode.Review, ModeSource.Plan, "prod-web"),
        verdict ?? new Verdict(VerdictKind.AskFirst, ["The run mode is Review (plan prod-web)."])))
    {
        Incident = Incident,
        Permission = "Microsoft.Web/sites/restart/Action is granted on app-service-prod",
        Approvers = "Administrators (group SRE approvers)",
        Instructions = "Restart at most once an hour. Call the shop team when checkout is slow.",
    };

    public static Decision Approval => new(DecisionKind.Approve, Ada, Fired.AddMinutes(4), null, "hash", "seal");

    public static Decision Denial => Approval with { Kind = DecisionKind.Deny, Reason = "Deploy in progress, we look by hand" };

    public static ExecutionRecord Ran(Outcome outcome, string? code, string? message) =>
        new(new("claim-1"), Fired.AddMinutes(4).AddSeconds(1), Fired.AddMinutes(4).AddSeconds(19), outcome, code, message, "5f6d7a1e-6a0e-4a49-8f27-1d1a6f1c2b3d");

    public static Verification Watch(VerificationState state, double? after) =>
        new(Memory, 94, Fired.AddMinutes(6), Fired.AddMinutes(7), Fired.AddMinutes(16), state, after, after is null ? null : Fired.AddMinutes(7));

    /// <summary>Every state of a proposal, by the name of its golden file.</summary>
    public static IReadOnlyDictionary<string, CardModel> Reviews { get; } = new Dictionary<string, CardModel>
    {
        ["awaiting"] = Model(Proposal(ProposalStatus.AwaitingApproval)),
        ["awaiting-undelivered"] = Model(Proposal(ProposalStatus.AwaitingApproval) with { DeliveredAt = null }),
        ["awaiting-again"] = Model(Proposal(ProposalStatus.AwaitingApproval) with { Revision = 2, StatusWhy = "Ada Lovelace, who approved it, is no longer an Administrator." },
            new Verdict(VerdictKind.AskFirst, ["The run mode is Review (plan prod-web).", "Another proposal concerns the same target."])) with
        {
            OtherRuns = ["daily-health, since 02:58 UTC: investigating the same app"],
            NotProposed = ["Scale plan-prod to P2v3: only after the restart was verified"],
        },
        ["awaiting-recovered"] = Model(Proposal(ProposalStatus.AwaitingApproval) with { Revision = 2, StatusWhy = "It recovered by itself: memory usage is 48 % now." }),
        ["awaiting-changed"] = Model(Proposal(ProposalStatus.AwaitingApproval, Depending) with
        {
            Revision = 2, StatusWhy = "Plan size was P1v3, is now P2v3. It was changed since the finding: 03:09 deployed by pipeline@contoso.example (UTC).",
        }),
        ["awaiting-unread"] = Model(Proposal(ProposalStatus.AwaitingApproval, Depending) with
        {
            Waiting = new() { Note = "Not everything could be looked at again while this waits. The agent's permissions could not be read. The locks could not be read." },
        }),
        ["awaiting-elsewhere"] = Model(Proposal(ProposalStatus.AwaitingApproval)) with { Astray = "It is asked here because the bot cannot post in the channel of plan prod-web." },
        ["awaiting-extended"] = Model(Extended(1)),
        ["awaiting-vague-title"] = Model(Proposal(ProposalStatus.AwaitingApproval)) with { Incident = new("High memory", "Sev1") },
        ["awaiting-sandbox"] = Model(Proposal(ProposalStatus.AwaitingApproval)) with { Sandbox = true, Instructions = "" },
        ["approved"] = Model(Decided(ProposalStatus.Approved) with { UseBy = Fired.AddMinutes(19) }),
        ["cleared"] = Model(Proposal(ProposalStatus.Cleared)) with { Gated = Autonomous(Proposal(ProposalStatus.Cleared)) },
        ["executing"] = Model(Decided(ProposalStatus.Executing) with { Execution = new(new("claim-1"), Fired.AddMinutes(4).AddSeconds(1)) }),
        ["executing-under-way"] = Model(Decided(ProposalStatus.Executing, Swap) with
        {
            Execution = new(new("claim-1"), Fired.AddMinutes(4).AddSeconds(1), CorrelationId: "5f6d7a1e-6a0e-4a49-8f27-1d1a6f1c2b3d", Following: new(Fired.AddMinutes(4).AddSeconds(2), Fired.AddMinutes(34), "InProgress, 40 %")),
        }),
        ["awaiting-swap"] = Model(Proposal(ProposalStatus.AwaitingApproval, Swap)),
        ["awaiting-machine"] = Model(Proposal(ProposalStatus.AwaitingApproval, RestartMachine)),
        ["awaiting-hung-machine"] = RunbookSamples.Machine(ProposalStatus.AwaitingApproval),
        ["done-hung-machine"] = RunbookSamples.Machine(ProposalStatus.Succeeded),
        ["awaiting-scale"] = RunbookSamples.Scale(ProposalStatus.AwaitingApproval),
        ["done-scaled"] = RunbookSamples.Scale(ProposalStatus.Succeeded),
        ["awaiting-swap-back"] = RunbookSamples.SwapBack(ProposalStatus.AwaitingApproval),
        ["done-swapped-back"] = RunbookSamples.SwapBack(ProposalStatus.Succeeded),
        ["done-undoable"] = RunbookSamples.Undo(null),
        ["done-undo-asked"] = RunbookSamples.Undo(new(Ada, Fired.AddMinutes(30))),
        ["done-undo-over"] = RunbookSamples.Undo(new(Ada, Fired.AddMinutes(30), "What it was proposed for is not so any more: instances of the plan was 3, is now 5.")),
        ["awaiting-traffic"] = RunbookSamples.Traffic(ProposalStatus.AwaitingApproval),
        ["done-traffic"] = RunbookSamples.Traffic(ProposalStatus.Succeeded),
        ["awaiting-asked"] = AskedSamples.Restart(ProposalStatus.AwaitingApproval),
        ["done-asked"] = AskedSamples.Restart(ProposalStatus.Succeeded),
        ["awaiting-start"] = RunbookSamples.Start(ProposalStatus.AwaitingApproval),
        ["done-started"] = RunbookSamples.Start(ProposalStatus.Succeeded),
        ["done-checking"] = Model(Succeeded(VerificationState.Watching, null)),
        ["done-recovered"] = Model(Succeeded(VerificationState.Recovered, 41)),
        ["done-not-recovered"] = Model(Succeeded(VerificationState.NotRecovered, 93.4)),
        ["done-could-not-tell"] = Model(Succeeded(VerificationState.CouldNotTell, null)),
        ["done-unwatched"] = Model(Decided(ProposalStatus.Succeeded) with { Recovery = null, Execution = Ran(Outcome.Succeeded, "Accepted", "accepted (200)") }),
        ["failed"] = Model(Decided(ProposalStatus.Failed) with { Execution = Ran(Outcome.Failed, "409 Conflict", "Cannot modify this site because another operation is in progress.") }),
        ["denied"] = Model(Proposal(ProposalStatus.Denied) with { Decision = Denial }),
        ["expired"] = Model(Proposal(ProposalStatus.Expired)),
        ["superseded"] = Model(Proposal(ProposalStatus.Superseded) with { StatusWhy = "A newer proposal of this incident took its place." }),
        ["blocked"] = Model(Proposal(ProposalStatus.Blocked), Missing) with { Permission = "Microsoft.Web/sites/restart/Action is missing" },
        ["blocked-since"] = Model(Proposal(ProposalStatus.Blocked) with { StatusWhy = "It could have been approved until now; since it was posted, this changed." }, Missing) with { Permission = "Microsoft.Web/sites/restart/Action is missing" },
        ["blocked-stop"] = Model(Proposal(ProposalStatus.Blocked), new Verdict(VerdictKind.Blocked, ["The emergency stop is on: stopped by Grace Hopper at 02:47 UTC."])),
        ["refused-by-hook"] = Model(Proposal(ProposalStatus.Refused), new Verdict(VerdictKind.Refuse, ["Hook 'freeze' denies it: Change freeze. 'year end' is closed until 2027-01-04 06:00 (Europe/Berlin)."]) { ByHook = true }),
        ["refused"] = Model(Proposal(ProposalStatus.Refused), new Verdict(VerdictKind.Refuse, ["The target is part of the bot itself."])),
        ["withdrawn"] = Model(Proposal(ProposalStatus.Withdrawn) with { StatusWhy = "Memory usage is back to 48 % by itself." }),
        ["withdrawn-gone"] = Model(Proposal(ProposalStatus.Withdrawn) with { StatusWhy = "app-service-prod does not exist any more." }),
        ["withdrawn-plan"] = Model(Proposal(ProposalStatus.Withdrawn) with { StatusWhy = "The plan prod-web is paused or was deleted while this waited." }),
        ["expired-undelivered"] = Model(Proposal(ProposalStatus.Expired) with
        {
            DeliveredAt = null, StatusWhy = "Its card was never delivered, so nobody was asked: all 2 places that the bot may post in refused it. Teams answered 403 (MessageWritesBlocked).",
        }),
        ["indeterminate"] = Model(Unknown()),
        ["indeterminate-asked"] = Model(Unknown() with { NextPoll = Fired.AddMinutes(20) }),
        ["indeterminate-noted"] = Model(Unknown() with { Annotation = new(Ada, Fired.AddMinutes(30), Done: true) }),
    };

    public static IReadOnlyDictionary<string, Func<JsonObject>> Cards { get; } = new Dictionary<string, Func<JsonObject>>(
    [
        .. Reviews.Select(r => KeyValuePair.Create<string, Func<JsonObject>>($"review-{r.Key}", () => ReviewCard.Render(r.Value))),
        .. Enum.GetValues<ConfirmationState>().Select(s => KeyValuePair.Create<string, Func<JsonObject>>($"confirmation-{s.ToString().ToLowerInvariant()}", () => ConfirmationCard.Render(Confirmation(s)))),
        .. CommandSamples.Cards, .. KubernetesSamples.Cards,
        .. SampleEdits.Cards,
        .. SampleForms.Cards,
        .. SampleTaskForms.Cards,
        KeyValuePair.Create<string, Func<JsonObject>>("sample", () => SampleCard.Render("SRE bot")),
        .. Reminders.Select(r => KeyValuePair.Create<string, Func<JsonObject>>($"reminder-{r.Key}", () => ReminderCard.Render(r.Value))),
        .. Digests.Select(d => KeyValuePair.Create<string, Func<JsonObject>>($"digest-{d.Key}", () => DigestCard.Render(d.Value))),
        KeyValuePair.Create<string, Func<JsonObject>>("denied-again", () => DeniedAgainNotice.Render(
            Proposal(ProposalStatus.Denied) with { Decision = Denial }, Incident with { Firings = 4 }, Fired.AddMinutes(40), sandbox: false)),
    ]);

    /// <summary>The list above a thread: of some, of nobody, of more than fit.</summary>
    private static IReadOnlyDictionary<string, DigestModel> Digests => new Dictionary<string, DigestModel>
    {
        ["some"] = new("prod-web", "2026-11-24",
            [Proposal(ProposalStatus.AwaitingApproval), Proposal(ProposalStatus.AwaitingApproval, Swap) with { DeliveredAt = null }, Proposal(ProposalStatus.Blocked, RestartMachine)]),
        ["none"] = new("prod-web", "2026-11-24", []) { Sandbox = true },
        ["many"] = new("prod-web", "2026-11-24", [.. Enumerable.Repeat(Proposal(ProposalStatus.AwaitingApproval), 200)]),
    };

    private static IReadOnlyList<Contact> OnCall => [new("44444444-4444-4444-4444-444444444444", "Grace Hopper"), new("bo.berg@contoso.com", "Bo Berg")];

    /// <summary>Every state of a reminder.</summary>
    public static IReadOnlyDictionary<string, ReminderModel> Reminders => new Dictionary<string, ReminderModel>
    {
        ["first"] = new(Model(Extended(0)), []),
        ["escalated"] = new(Model(Extended(1)), OnCall),
        ["last"] = new(Model(Extended(2)), OnCall),
        ["decided"] = new(Model(Decided(ProposalStatus.Approved)), OnCall),
        ["followed"] = new(Model(Extended(0)), OnCall) { Followed = true },
    };

    private static Operation Depending => ((Operation.ArmCall)Proposal(ProposalStatus.AwaitingApproval).Operation) with
    {
        DependsOn =
        [
            new("state of the app", App, "2023-12-01", "properties.state", "Running"), new("last change of the app", App, "2023-12-01", "properties.lastModifiedTimeUtc", "2026-11-24T03:09:12.52Z"),
            new("plan of the app", App, "2023-12-01", "properties.serverFarmId", Memory.Resource.Value), new("plan size", Memory.Resource, "2023-12-01", "sku.name", "P2v3"),
            new("instances of the plan", Memory.Resource, "2023-12-01", "sku.capacity", "2"),
        ],
    };

    /// <summary>Kept waiting so many times by Ada.</summary>
    public static Proposal Extended(int times) => Proposal(ProposalStatus.AwaitingApproval) with
    {
        Waiting = new()
        {
            Since = Fired.AddMinutes(2), Nudges = 1 + times, NudgedRevision = 1,
            Extensions = [.. Enumerable.Range(1, times).Select(i => new Extension(Ada, Fired.AddMinutes(40 * i), 1, Fired.AddMinutes(62 + (60 * i))))],
        },
    };

    public static Verdict Missing => new(VerdictKind.Blocked,
    [
        "The agent's identity lacks Microsoft.Web/sites/restart/Action on app-service-prod. The least role that grants it is Website Contributor:\n"
        + $"az role assignment create --assignee 33333333-3333-3333-3333-333333333333 --role \"Website Contributor\" --scope {App}",
    ]);

    public static ConfirmationModel Confirmation(ConfirmationState state) => new(
        "c0198f3a2c7d94e1f8a6b5c4d3e2f1a0b",
        state,
        Ada,
        "Set plan prod-web to Autonomous",
        "Review (plan prod-web)",
        "Autonomous (plan prod-web)",
        ["Restart of App Service app-service-prod when its memory is high: runs at once, reported afterwards"],
        ["Anything that is not a runbook's operation", "More than 2 changes of one target in an hour", "Everything while the emergency stop is on"],
        Fired.AddMinutes(10))
    {
        EndedAt = state is ConfirmationState.Confirmed or ConfirmationState.Cancelled ? Fired.AddMinutes(3) : null,
    };

    public static Proposal Succeeded(VerificationState state, double? after) =>
        Decided(ProposalStatus.Succeeded) with { Execution = Ran(Outcome.Succeeded, "Accepted", "accepted (200)"), Verification = Watch(state, after) };

    private static GatedProposal Autonomous(Proposal proposal) => new(
        proposal, new EffectiveMode(RunMode.Autonomous, ModeSource.Plan, "staging-web"), new Verdict(VerdictKind.Proceed, ["The run mode is Autonomous (plan staging-web)."]));

    public static Proposal Decided(ProposalStatus status, Operation? operation = null) => Proposal(status, operation) with { Decision = Approval };

    private static Operation Swap => Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, ResourceId.Parse($"{App}/slots/staging"), Azure);

    private static Operation RestartMachine =>
        Operation.ArmCall.Of(ArmAction.RestartVirtualMachine, ResourceId.Parse($"{App.Group}/providers/Microsoft.Compute/virtualMachines/vm-shop-1"), Azure);

    public static AzureContext Azure => new("AzureCloud", Ada.TenantId, "33333333-3333-3333-3333-333333333333");

    private static Proposal Unknown() => Decided(ProposalStatus.Indeterminate) with
    {
        StatusWhy = "The connection was lost after the request had been sent.",
        Execution = Ran(Outcome.Unknown, null, null) with { EndedAt = null, Probe = "app-service-prod answers 200 since 03:07 UTC; its workers are 40 s old" },
    };
}
