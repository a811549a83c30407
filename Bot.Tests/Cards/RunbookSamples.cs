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

    private static CardModel Of(ProposalStatus status, string title, Operation operation, RecoverySignal signal, double before, double after, Finding finding)
    {
        var proposal = (status == ProposalStatus.AwaitingApproval ? Sample.Proposal(status, operation) : Sample.Decided(status, operation)) with { Finding = finding, Recovery = signal };
        if (status == ProposalStatus.Succeeded)
        {
            proposal = proposal with
            {
                Execution = Sample.Ran(Outcome.Succeeded, "Accepted", "accepted (200)"),
                Verification = Sample.Watch(VerificationState.Recovered, after) with { Signal = signal, Before = before },
            };
        }

        return Sample.Model(proposal) with
        {
            Incident = new(title, "Sev1"), Permission = operation.Match(arm => $"{arm.Action} is granted on {arm.Target.Name}"), Instructions = "",
        };
    }
}
