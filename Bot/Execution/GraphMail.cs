using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;

namespace RunModes.Bot.Execution;

/// <summary>What became of a mail. Where nobody knows it is not sent again.</summary>
internal enum MailFate { Unknown = 0, Sent, NotSent }

/// <param name="Words">Completes "a mail to ada@contoso.com …".</param>
internal sealed record MailAnswer(MailFate Fate, string Words);

/// <param name="Names">Null: they could not be read, and why says so.</param>
internal sealed record VerifiedDomains(IReadOnlyList<string>? Names, string Why);

/// <summary>Sends plain mail by Microsoft Graph, as the bot's own identity: one request for a mail, whatever comes back.</summary>
internal sealed partial class GraphMail
{
    public const string ClientName = "graph-mail";
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly HttpPipeline _pipeline;
    private readonly Uri _host;
    private readonly TimeProvider _clock;

    /// <param name="bot">Never the agent's identity.</param>
    public GraphMail(IHttpClientFactory clients, TokenCredential bot, string host, TimeProvider clock)
    {
        (_host, _clock) = (new Uri($"https://{host}/"), clock);
        _pipeline = ArmPipeline.Narrow(clients.CreateClient(ClientName), new HostToken(bot, _host), new Guard());
    }

    /// <summary>Of the bot's tenant, asked each time.</summary>
    public async Task<VerifiedDomains> Domains(CancellationToken cancellation)
    {
        const string Grant = "grant the bot's identity Organization.Read.All of Microsoft Graph, or list the recipient under Tools:SendMail:Recipients";
        try
        {
            using var message = _pipeline.CreateMessage();
            message.Request.Method = RequestMethod.Get;
            message.Request.Uri.Reset(new Uri(_host, "/v1.0/organization?$select=id,verifiedDomains"));
            message.Request.Headers.Add("Accept", "application/json");
            await Send(message, cancellation);
            var body = message.Response.Content.ToMemory();
            return message.Response.Status != 200 ? new(null, $"the tenant's domains could not be read ({Said(message.Response.Status, body)}); {Grant}")
                : ArmJson.Parse(body)?.Items("value") is [{ } tenant] && tenant.Items("verifiedDomains") is { } domains && domains.All(d => d.Text("name") is not null)
                    ? new([.. domains.Select(d => d.Text("name")!)], "")
                    : new(null, "the tenant's domains could not be understood");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return new(null, $"the tenant's domains could not be read, because {Lost(e)}");
        }
    }

    public async Task<MailAnswer> Send(string sender, string recipient, string subject, string text, CancellationToken cancellation)
    {
        try
        {
            using var message = _pipeline.CreateMessage();
            message.Request.Method = RequestMethod.Post;
            message.Request.Uri.Reset(new Uri(_host, $"/v1.0/users/{Uri.EscapeDataString(sender)}/sendMail"));
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new
            {
                message = new
                {
                    subject,
                    body = new { contentType = "Text", content = text },
                    toRecipients = new[] { new { emailAddress = new { address = recipient } } },
                },
                saveToSentItems = true,
            }));
            await Send(message, cancellation);
            return Judge(message.Response.Status, message.Response.Content.ToMemory(), sender);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return WireFailure.NotSent(e) is not null
                ? new(MailFate.NotSent, $"was not sent, because {Lost(e)}")
                : new(MailFate.Unknown, $"may have been sent: {Lost(e)}. It is not sent again");
        }
    }

    private static MailAnswer Judge(int status, ReadOnlyMemory<byte> body, string sender) => status switch
    {
        202 => new(MailFate.Sent, "was accepted by Microsoft Graph"),
        401 or 403 => new(MailFate.NotSent, $"was not sent: the bot may not send from {sender} ({Said(status, body)}). Grant its identity Mail.Send for that mailbox, as deploy/permissions.md says"),
        404 => new(MailFate.NotSent, $"was not sent: there is no mailbox {sender} ({Said(status, body)}). Check Tools:SendMail:Sender"),
        429 => new(MailFate.NotSent, "was not sent: Microsoft Graph takes no more for now (429)"),
        >= 400 and < 500 and not 408 => new(MailFate.NotSent, $"was not sent: Microsoft Graph refused it ({Said(status, body)})"),
        _ => new(MailFate.Unknown, $"may have been sent: Microsoft Graph answered {Said(status, body)}. It is not sent again"),
    };

    private static string Said(int status, ReadOnlyMemory<byte> body) => ArmError.Of(body) is { } error ? FormattableString.Invariant($"{status} {error.Code}") : FormattableString.Invariant($"{status}");

    private static string Lost(Exception e) => e is OperationCanceledException && WireFailure.NotSent(e) is null ? FormattableString.Invariant($"Microsoft Graph did not answer within {Limit.TotalSeconds:0} seconds")
        : WireFailure.NotSent(e) is null ? "the connection to Microsoft Graph was lost"
        : "Microsoft Graph could not be reached, or the bot got no token for it";

    private async Task Send(HttpMessage message, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await _pipeline.SendAsync(message, either.Token);
    }

    /// <summary>The last step before the transport: the tenant's domains, a mail of one mailbox, or nothing.</summary>
    private sealed partial class Guard : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            var path = message.Request.Uri.ToUri().PathAndQuery;
            var known = message.Request.Method == RequestMethod.Get ? path == "/v1.0/organization?$select=id,verifiedDomains"
                : message.Request.Method == RequestMethod.Post && Mail().IsMatch(path);
            if (!known)
            {
                throw new InvalidOperationException("This way leads to mail and nowhere else.");
            }
        }

        [GeneratedRegex(@"^/v1\.0/users/[A-Za-z0-9._+%-]{1,300}/sendMail\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
        private static partial Regex Mail();
    }
}
