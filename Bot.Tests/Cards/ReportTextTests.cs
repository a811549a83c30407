using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Cards;

public sealed class ReportTextTests
{
    private static readonly ResourceId Staging =
        ResourceId.Parse("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-staging/providers/Microsoft.Web/sites/app-service-staging");

    private static readonly Finding Slow = Sample.Finding with { Subject = "app-service-staging", Past = "app-service-staging was running slowly" };

    [Fact]
    public void An_autonomous_result_reads_as_the_brief_says() => Assert.Equal(
        "I found app-service-staging was running slowly.\n\nDone: I've restarted app-service-staging. Memory usage is now normal (94 % → 41 %).",
        ReportText.Result(Ended(ProposalStatus.Succeeded, Sample.Watch(VerificationState.Recovered, 41)), sandbox: false));

    [Theory]
    [InlineData(nameof(VerificationState.NotRecovered), 93.4, "Not recovered: I've restarted app-service-staging, but memory usage is still not normal (94 % → 93.4 %). People are needed.")]
    [InlineData(nameof(VerificationState.CouldNotTell), null, "Could not tell: I've restarted app-service-staging, but memory usage could not be measured afterwards (before: 94 %).")]
    public void A_result_that_did_not_help_never_says_done(string state, double? after, string line) => Assert.EndsWith(
        $"\n\n{line}", ReportText.Result(Ended(ProposalStatus.Succeeded, Sample.Watch(Enum.Parse<VerificationState>(state), after)), sandbox: false), StringComparison.Ordinal);

    [Fact]
    public void A_failure_says_what_Azure_said() => Assert.EndsWith(
        "\n\nFailed: app-service-staging could not be restarted. 409 Conflict: Another operation is in progress. (Correlation id 5f6d7a1e-6a0e-4a49-8f27-1d1a6f1c2b3d.)",
        ReportText.Result(Ended(ProposalStatus.Failed) with { Execution = Sample.Ran(Outcome.Failed, "409 Conflict", "Another operation is in progress.") }, sandbox: false),
        StringComparison.Ordinal);

    [Fact]
    public void An_unknown_result_is_never_called_done_or_failed() => Assert.Contains(
        "\n\nCould not tell: nobody knows whether app-service-staging was restarted. The connection was lost.",
        ReportText.Result(Ended(ProposalStatus.Indeterminate) with { StatusWhy = "The connection was lost" }, sandbox: false),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(Conclusion.NeverSick), "I found that app-service-prod is not running slowly: memory usage is 41 %. Nothing to do.")]
    [InlineData(nameof(Conclusion.NoRunbook), "I found that app-service-prod is not running slowly: memory usage is 41 %. I know no remedy for this: please have a look.")]
    [InlineData(nameof(Conclusion.CouldNotTell), "Could not tell: app-service-prod is not running slowly: memory usage is 41 %. I propose nothing on a guess: please have a look.")]
    public void Finding_nothing_to_do_is_said_with_its_grounds(string conclusion, string first) => Assert.StartsWith(
        $"{first}\n\n- **Memory usage**: 94 %",
        ReportText.NoAction(Sample.Finding with { Conclusion = Enum.Parse<Conclusion>(conclusion), Present = "app-service-prod is not running slowly: memory usage is 41 %" }, sandbox: false),
        StringComparison.Ordinal);

    [Fact]
    public void In_the_sandbox_every_text_says_so()
    {
        var proposal = Ended(ProposalStatus.Expired);
        string[] said =
        [
            ReportText.Result(proposal, sandbox: true),
            ReportText.NoAction(Slow, sandbox: true),
            ReportText.Blocked(proposal, ["No."], sandbox: true),
            ReportText.Withdrawn(proposal, sandbox: true),
            ReportText.HandedOver("x", 3, sandbox: true),
            ReportText.FiredAgain("x", "Sev1", 2, sandbox: true),
            ReportText.Expired(proposal, sandbox: true),
            ReportText.Welcome("SRE bot", "Review", approversConfigured: true, sandbox: true),
            ReportText.Summary(proposal, sandbox: true),
        ];

        Assert.All(said, text => Assert.StartsWith("Sandbox · ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_notification_names_what_is_wanted()
    {
        var asks = Ended(ProposalStatus.AwaitingApproval);

        Assert.Equal("Approval needed: restart app-service-staging", ReportText.Summary(asks, sandbox: false));
        Assert.Equal("Approval needed again: restart app-service-staging", ReportText.Summary(asks with { Revision = 2 }, sandbox: false));
    }

    [Fact]
    public void The_welcome_says_when_an_administrator_must_configure_first()
    {
        Assert.Contains("Roles:Administrator:Groups", ReportText.Welcome("SRE bot", "Review", approversConfigured: false, sandbox: false), StringComparison.Ordinal);
        Assert.DoesNotContain("Roles:", ReportText.Welcome("SRE bot", "Review", approversConfigured: true, sandbox: false), StringComparison.Ordinal);
    }

    private static Proposal Ended(ProposalStatus status, Verification? watch = null) => Sample.Proposal(
        status, Operation.ArmCall.Of(ArmAction.RestartWebApp, Staging, new AzureContext("AzureCloud", "t", "a"))) with
    { Finding = Slow, Verification = watch };
}
