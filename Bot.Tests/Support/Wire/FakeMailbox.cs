using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

internal sealed record SentMail(string Sender, string Recipient, string Subject, string Text);

/// <summary>What Graph does with mail: whose mailbox may be sent from, and what was.</summary>
internal sealed class FakeMailbox
{
    public const string Sender = "sre@contoso.example";

    private readonly List<SentMail> _sent = [];

    /// <summary>From which mailboxes the application may send; an application access policy names them.</summary>
    public List<string> Allowed { get; } = [Sender];

    public List<string> Domains { get; } = ["contoso.example", "contoso.onmicrosoft.com"];

    public IReadOnlyList<SentMail> Sent
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    public WireAnswer Send(string sender, WireRequest request, IssuedToken? token)
    {
        if (token?.ClientId != Known.AppId || !Allowed.Contains(sender)) return WireAnswer.Error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        if (request.Json?["message"] is not JsonObject message || message["toRecipients"] is not JsonArray { Count: 1 } to || message["body"]?["contentType"]?.GetValue<string>() != "Text"
            || message.ContainsKey("attachments") || message.ContainsKey("ccRecipients"))
        {
            return WireAnswer.Error(400, "ErrorInvalidRequest", "The request is not what this directory expects.");
        }

        lock (_sent) _sent.Add(new(sender, to[0]!["emailAddress"]!["address"]!.GetValue<string>(), message["subject"]!.GetValue<string>(), message["body"]!["content"]!.GetValue<string>()));
        return new WireAnswer(202);
    }

    public WireAnswer Organization() => WireAnswer.Ok(new JsonObject
    {
        ["value"] = new JsonArray(new JsonObject
        {
            ["id"] = Known.Tenant,
            ["verifiedDomains"] = new JsonArray([.. Domains.Select(d => (JsonNode)new JsonObject { ["capabilities"] = "Email", ["isDefault"] = false, ["isInitial"] = false, ["name"] = d, ["type"] = "Managed" })]),
        }),
    });
}
