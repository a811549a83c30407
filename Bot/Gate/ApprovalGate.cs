using RunModes.Bot.Proposals;

namespace RunModes.Bot.Gate;

/// <summary>Facts in, verdict out. The first row that applies wins; within a row every reason is named.</summary>
internal static class ApprovalGate
{
    public static Verdict Judge(GateFacts facts)
    {
        var refusals = Refusals(facts);
        if (refusals.Count > 0)
        {
            return new(VerdictKind.Refuse, refusals) { ByHook = facts.Guardrails.Count == 0 && facts.Effect != Effect.SecretRead };
        }

        if (facts.Effect == Effect.ReadOnly && facts.Hook.State == HookOpinion.None)
        {
            return new(VerdictKind.Proceed, ["A read is never gated."]);
        }

        var blocks = Blocks(facts);
        if (blocks.Count > 0)
        {
            return new(VerdictKind.Blocked, blocks);
        }

        var questions = Questions(facts);
        return questions.Count > 0
            ? new(VerdictKind.AskFirst, questions)
            : new(VerdictKind.Proceed, [facts.Mode.AsReason]);
    }

    private static List<string> Refusals(GateFacts facts)
    {
        List<string> reasons = [.. facts.Guardrails];
        if (facts.Effect == Effect.SecretRead)
        {
            reasons.Add("It would read secrets.");
        }

        if (reasons.Count == 0 && facts.Hook.State is not (HookOpinion.Ask or HookOpinion.None))
        {
            reasons.Add(Words(facts.Hook, "A hook blocks it."));
        }

        return reasons;
    }

    private static List<string> Blocks(GateFacts facts)
    {
        List<string> reasons = [];
        if (facts.Stop.State != StopState.Running)
        {
            // The stop alone: while it holds, nothing else is worth mending first.
            return [Words(facts.Stop, facts.Stop.State == StopState.Stopped ? "The emergency stop is on." : "Whether the emergency stop is on could not be read.")];
        }

        if (facts.Lock.State != LockState.None)
        {
            reasons.Add(Words(facts.Lock, facts.Lock.State == LockState.Forbids ? "A lock forbids it." : "The locks could not be read."));
        }

        if (facts.Permission.State != PermissionState.Granted)
        {
            reasons.Add(Words(facts.Permission, facts.Permission.State == PermissionState.Missing
                ? "The agent's identity lacks the permission." : "The agent's permissions could not be established."));
        }

        return reasons;
    }

    private static List<string> Questions(GateFacts facts)
    {
        List<string> reasons = [];
        if (facts.Mode.Mode != RunMode.Autonomous)
        {
            reasons.Add(facts.Mode.AsReason);
        }

        if (facts.Hook.State == HookOpinion.Ask)
        {
            reasons.Add(Words(facts.Hook, "A hook asks for approval."));
        }

        if (facts.Effect is not (Effect.Mutating or Effect.ReadOnly))
        {
            reasons.Add("What the operation changes is not known.");
        }

        if (facts.Provenance is not (Provenance.Runbook or Provenance.AdministratorText))
        {
            reasons.Add("The operation was chosen from text that nobody vouches for.");
        }

        if (facts.Contest.State != Contest.Free)
        {
            reasons.Add(Words(facts.Contest, facts.Contest.State == Contest.Contested
                ? "Another proposal concerns the same target." : "Whether another proposal concerns the target could not be told."));
        }

        if (facts.Starter.State is not (Starter.Trigger or Starter.ConfirmedAdministrator))
        {
            reasons.Add(Words(facts.Starter, "A person started it."));
        }

        if (facts.Budget.State != Budget.Left)
        {
            reasons.Add(Words(facts.Budget, "The autonomy budget is used up."));
        }

        if (facts.StartedLate)
        {
            reasons.Add("It started more than 15 minutes late.");
        }

        if (facts.Symptom != Symptom.MeasuredByBot)
        {
            reasons.Add("The bot's own measurement of the symptom is missing, incomplete or older than the alert.");
        }

        return reasons;
    }

    private static string Words<T>(Fact<T> fact, string otherwise) where T : struct, Enum => fact.Words is { Length: > 0 } words ? words : otherwise;
}
