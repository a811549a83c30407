using RunModes.Bot.Execution;

namespace RunModes.Bot.Tests.Execution;

/// <summary>One mail is one request, whatever becomes of it; and what nobody knows is not called sent, nor unsent.</summary>
public sealed class GraphMailTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static RawAnswer Answer(string name) => name switch
    {
        "FIN" => new("", Then.Close),
        "RST" => new("", Then.Reset),
        "half" => new("HTTP/1.1 2", Then.Close),
        "challenge" => RawAnswer.Http(401, """{"error":{"code":"InvalidAuthenticationToken","message":"x"}}""", "WWW-Authenticate: Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"\r\n"),
        "moved" => RawAnswer.Http(307, "", "Location: https://graph.microsoft.com/elsewhere\r\n"),
        _ => RawAnswer.Http(int.Parse(name.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), name.Contains(' ', StringComparison.Ordinal) ? $$"""{"error":{"code":"{{name.Split(' ')[1]}}","message":"m"} }""" : ""),
    };

    [Theory]
    [InlineData("202", MailFate.Sent, "was accepted by Microsoft Graph")]
    [InlineData("200", MailFate.Unknown, "may have been sent")]
    [InlineData("204", MailFate.Unknown, "may have been sent")]
    [InlineData("400 ErrorInvalidRecipients", MailFate.NotSent, "refused it (400 ErrorInvalidRecipients)")]
    [InlineData("challenge", MailFate.NotSent, "Mail.Send")]
    [InlineData("403 ErrorAccessDenied", MailFate.NotSent, "the bot may not send from sre@contoso.example (403 ErrorAccessDenied)")]
    [InlineData("404 ErrorInvalidUser", MailFate.NotSent, "there is no mailbox sre@contoso.example")]
    [InlineData("408", MailFate.Unknown, "may have been sent")]
    [InlineData("429 TooManyRequests", MailFate.NotSent, "429")]
    [InlineData("500 InternalServerError", MailFate.Unknown, "answered 500 InternalServerError. It is not sent again")]
    [InlineData("503", MailFate.Unknown, "may have been sent")]
    [InlineData("504", MailFate.Unknown, "may have been sent")]
    [InlineData("moved", MailFate.Unknown, "may have been sent")]
    [InlineData("FIN", MailFate.Unknown, "the connection to Microsoft Graph was lost. It is not sent again")]
    [InlineData("RST", MailFate.Unknown, "the connection to Microsoft Graph was lost. It is not sent again")]
    [InlineData("half", MailFate.Unknown, "may have been sent")]
    public async Task A_mail_is_one_request_whatever_the_answer(string answer, object fate, string words)
    {
        await using var graph = new RawAzure(_ => Answer(answer));
        var got = await Mail(graph).Send("sre@contoso.example", "ada@contoso.example", "Subject", "Text", Cancellation);
        Assert.Equal((MailFate)fate, got.Fate);
        Assert.Contains(words, got.Words, StringComparison.Ordinal);
        var sent = Assert.Single(graph.Requests);
        Assert.Equal("/v1.0/users/sre%40contoso.example/sendMail", sent.Target);
        Assert.Equal("""{"message":{"subject":"Subject","body":{"contentType":"Text","content":"Text"},"toRecipients":[{"emailAddress":{"address":"ada@contoso.example"}}]},"saveToSentItems":true}""", sent.Body);
    }

    [Fact]
    public async Task Where_nothing_was_connected_to_nothing_was_sent()
    {
        await using var graph = new RawAzure(_ => RawAnswer.Http(202)) { Tunnels = _ => Tunnel.Refuses };
        Assert.Equal(MailFate.NotSent, (await Mail(graph).Send("sre@contoso.example", "ada@contoso.example", "s", "t", Cancellation)).Fate);
        Assert.Equal(MailFate.NotSent, (await Mail(graph, Token.Refused()).Send("sre@contoso.example", "ada@contoso.example", "s", "t", Cancellation)).Fate);
        Assert.Empty(graph.Requests);
    }

    [Fact]
    public async Task One_that_is_not_answered_in_time_may_have_been_sent()
    {
        var clock = new HandClock();
        await using var graph = new RawAzure(_ => new("", Then.Hang));
        var sending = Mail(graph, clock: clock).Send("sre@contoso.example", "ada@contoso.example", "s", "t", Cancellation);
        await graph.FirstPost.Task;
        clock.Advance(GraphMail.Limit);
        Assert.Equal(new MailAnswer(MailFate.Unknown, "may have been sent: Microsoft Graph did not answer within 15 seconds. It is not sent again"), await sending);
        Assert.Single(graph.Requests);
    }

    [Theory]
    [InlineData("""{"value":[{"id":"x","verifiedDomains":[{"name":"contoso.com"},{"name":"contoso.onmicrosoft.com"}]}]}""", "contoso.com contoso.onmicrosoft.com")]
    [InlineData("""{"value":[{"id":"x","verifiedDomains":[]}]}""", "")]
    [InlineData("""{"value":[]}""", null)]
    [InlineData("""{"value":[{"id":"x"}]}""", null)]
    [InlineData("""{"value":[{"verifiedDomains":[{"name":"a.com"}]},{"verifiedDomains":[{"name":"evil.example"}]}]}""", null)]
    [InlineData("""{"value":[{"verifiedDomains":[{"id":"a.com"}]}]}""", null)]
    [InlineData("""{}""", null)]
    [InlineData("<html>", null)]
    public async Task Domains_are_those_of_the_one_tenant_or_unknown(string body, string? names)
    {
        await using var graph = new RawAzure(_ => RawAnswer.Http(200, body));
        var got = await Mail(graph).Domains(Cancellation);
        Assert.Equal(names?.Split(' ', StringSplitOptions.RemoveEmptyEntries), got.Names);
        Assert.Equal(names is null, got.Why.Length > 0);
    }

    [Fact]
    public async Task Domains_that_may_not_be_read_say_what_to_grant()
    {
        await using var graph = new RawAzure(_ => RawAnswer.Http(403, """{"error":{"code":"Authorization_RequestDenied","message":"x"}}"""));
        var got = await Mail(graph).Domains(Cancellation);
        Assert.Null(got.Names);
        Assert.Contains("Organization.Read.All", got.Why, StringComparison.Ordinal);
    }

    private static GraphMail Mail(RawAzure graph, Token? token = null, TimeProvider? clock = null) => new(new Clients(graph.Handler()), token ?? new Token(Token.Canary), "graph.microsoft.com", clock ?? TimeProvider.System);

    internal sealed class Clients(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }
}
