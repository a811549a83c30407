using System.Net;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

public sealed class SecretsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The real client secret credential, with Entra at the same wire: an answer for every request of the token and of Azure.</summary>
    [Theory]
    [InlineData("works")]
    [InlineData("Entra refuses")]
    [InlineData("Entra is down")]
    [InlineData("Azure echoes")]
    [InlineData("Azure drops")]
    public async Task No_credential_shows_in_a_result_an_answer_or_the_log(string what)
    {
        await using var azure = new RawAzure(r => r.Headers["Host"].StartsWith("login.", StringComparison.Ordinal) ? Entra(what, r) : Azure(what, r));
        using var agent = new Agent(azure.Handler(), token: null);

        var read = await agent.Reader.Get(Agent.App, "", "2023-12-01", [("$filter", "canary-query")], Cancellation);
        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);
        var looked = await agent.Probe.Look(agent.Restart, anew: true, Cancellation);

        Assert.Equal(what switch { "works" => Outcome.Succeeded, "Azure drops" => Outcome.Unknown, _ => Outcome.Failed }, result.Outcome);
        Assert.Equal(what.StartsWith("Entra", StringComparison.Ordinal) ? 0 : 1, azure.Requests.Count(r => r.Target.Contains("/restart", StringComparison.Ordinal)));
        Assert.Contains(azure.Requests, r => WebUtility.UrlDecode(r.Body).Contains(Agent.Secret, StringComparison.Ordinal));
        var shown = $"{read} {result} {looked} {agent.Log}";
        Assert.NotEmpty(agent.Log.ToString());
        Assert.All(new[] { Agent.Secret, Token.Canary, Token.Canary.Split('.')[2], "canary-query", "sig-canary" },
            canary => Assert.DoesNotContain(canary, shown, StringComparison.OrdinalIgnoreCase));
    }

    private static RawAnswer Entra(string what, RawRequest request) => what switch
    {
        "Entra refuses" => RawAnswer.Http(401, $$"""{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: {{Agent.Secret}}"}"""),
        "Entra is down" => RawAnswer.Http(503, "", "Retry-After: 0\r\n"),
        _ => request.Target.Contains("openid-configuration", StringComparison.Ordinal)
            ? RawAnswer.Http(200, $$"""{"token_endpoint":"https://login.microsoftonline.com/{{Agent.Tenant}}/oauth2/v2.0/token","authorization_endpoint":"https://login.microsoftonline.com/{{Agent.Tenant}}/oauth2/v2.0/authorize","issuer":"https://login.microsoftonline.com/{{Agent.Tenant}}/v2.0"}""")
            : RawAnswer.Http(200, $$"""{"token_type":"Bearer","expires_in":3600,"access_token":"{{Token.Canary}}"}"""),
    };

    private static RawAnswer Azure(string what, RawRequest request) => what switch
    {
        "Azure echoes" => RawAnswer.Http(400, $$$"""{"error":{"code":"Bad","message":"header {{{request.Headers["Authorization"]}}} url https://x/?sig=sig-canary"}}"""),
        "Azure drops" => new("", Then.Reset),
        _ => RawAnswer.Http(200, """{"value":[]}"""),
    };
}
