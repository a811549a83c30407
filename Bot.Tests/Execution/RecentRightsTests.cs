using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

public sealed class RecentRightsTests
{
    private const string Empty = """{"value":[]}""";
    private const string Contributor = """{"value":[{"actions":["*"],"notActions":[],"dataActions":[],"notDataActions":[]}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Many proposals at once ask the same; but a decision asks anew, and so does everything after a refusal.</summary>
    [Fact]
    public async Task What_was_read_whole_is_remembered_for_half_a_minute_and_never_over_a_refusal()
    {
        var (permissions, calls) = (Contributor, 0);
        await using var azure = new RawAzure(r =>
        {
            calls++;
            return r.Method == "POST" ? RawAnswer.Http(403, """{"error":{"code":"AuthorizationFailed","message":"no"}}""") : RawAnswer.Http(200, r.Target.Contains("/permissions", StringComparison.Ordinal) ? permissions : Empty);
        });
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
        async Task<(PermissionState State, int Asked)> Asked(bool anew = false)
        {
            var before = calls;
            return ((await agent.Probe.Look(agent.Restart, anew, Cancellation)).Permission.State, calls - before);
        }

        Assert.Equal((PermissionState.Granted, 5), await Asked());
        permissions = Empty;
        Assert.Equal((PermissionState.Granted, 0), await Asked());
        // Of an app beside it only what is its own is asked.
        permissions = Contributor;
        var beside = calls;
        await agent.Probe.Look(Operation.ArmCall.Of(ArmAction.RestartWebApp, ResourceId.Parse($"{Agent.App.Group}/providers/Microsoft.Web/sites/other"), agent.Context), anew: false, Cancellation);
        Assert.Equal(3, calls - beside);
        // Whoever decides asks anew; and what is missing is asked again until it is there.
        permissions = Empty;
        Assert.Equal((PermissionState.Missing, 5), await Asked(anew: true));
        Assert.Equal((PermissionState.Missing, 5), await Asked());
        permissions = Contributor;
        Assert.Equal((PermissionState.Granted, 5), await Asked());
        agent.Clock.Advance(RecentRights.Kept);
        Assert.Equal((PermissionState.Granted, 5), await Asked());
        // The real call knows better.
        Assert.Equal("AuthorizationFailed", (await agent.Operations.Execute(await agent.Permit(), ready: null, Cancellation)).Code);
        Assert.Equal((PermissionState.Granted, 5), await Asked());
    }
}
