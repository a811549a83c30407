using System.Text.Encodings.Web;
using System.Text.Json;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

/// <summary>What we post. A card goes alone, its notification text in <c>summary</c>: text beside a card is split off and no message id comes back.</summary>
internal static class OutboundActivity
{
    // The body is UTF-8 JSON, not HTML: escaping every letter beyond ASCII would only eat the card's size limit.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Alone(Message message) => Write(writer => Activity(writer, message));

    public static byte[] RootPost(Conversation channel, Message message) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("isGroup", true);
        writer.WriteStartObject("channelData");
        Id(writer, "channel", channel.ChannelId ?? channel.Id);
        Id(writer, "tenant", channel.TenantId);
        writer.WriteEndObject();
        Id(writer, "bot", channel.BotId);
        writer.WriteString("tenantId", channel.TenantId);
        writer.WritePropertyName("activity");
        Activity(writer, message);
        writer.WriteEndObject();
    });

    private static void Activity(Utf8JsonWriter writer, Message message)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "message");
        if (message.Summary.Length > 0)
            writer.WriteString("summary", message.Summary);
        if (message.Card is { } card)
        {
            writer.WriteStartArray("attachments");
            writer.WriteStartObject();
            writer.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
            writer.WritePropertyName("content");
            card.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString("text", message.Text ?? "");
            writer.WriteString("textFormat", "markdown");
        }

        writer.WriteEndObject();
    }

    private static void Id(Utf8JsonWriter writer, string name, string id)
    {
        writer.WriteStartObject(name);
        writer.WriteString("id", id);
        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            content(writer);
        return buffer.ToArray();
    }
}
