using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Cards;

/// <summary>A restart that a person proposed, of an app that is well: no severity, no plan, and words that claim no sickness.</summary>
internal static class AskedSamples
{
    public static CardModel Restart(ProposalStatus status)
    {
        var asked = Sample.Proposal(status) with
        {
            Plan = null,
            StartedBy = Sample.Ada,
            Finding = Sample.Finding with
            {
                Conclusion = Conclusion.NeverSick,
                Asked = true,
                Present = "app-service-prod is running normally: memory is 41 % and was at most 44 % in the last hour, responses take 0.20 s; a person asked for the restart",
                Past = "that app-service-prod is running normally: memory is 41 % and was at most 44 % in the last hour, responses take 0.20 s; a person asked for the restart",
                Evidence = [new("Memory", "40 % at 02:04 → 41 % at 03:01 UTC"), new("Changes", "no deployment or configuration change in the last 2 hours (activity log)")],
                Symptom = null,
            },
        };
        if (status == ProposalStatus.Succeeded)
        {
            asked = asked with { Decision = Sample.Approval, Execution = Sample.Ran(Outcome.Succeeded, "200", null), Verification = Sample.Watch(VerificationState.Recovered, 40) with { Before = 41 } };
        }

        var mode = new EffectiveMode(RunMode.Autonomous, ModeSource.Agent);
        return Sample.Model(asked) with
        {
            Gated = new(asked, mode, new(VerdictKind.AskFirst, ["Ada Lovelace started it."])),
            Incident = new("Ada Lovelace asked for a restart of app-service-prod", ""),
            Instructions = "",
        };
    }
}
