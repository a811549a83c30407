using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>Where people talk to the bot: a channel, where it is mentioned; a group chat, where it is as well; a chat with it alone.</summary>
internal sealed record ChatPlace(string Id, string Type, bool Mentions)
{
    public static readonly ChatPlace Channel = new(Known.Team, "channel", Mentions: true);
    public static readonly ChatPlace Group = new("19:on-call@thread.v2", "groupChat", Mentions: true);
    public static readonly ChatPlace Personal = new("a:chat-with-the-bot", "personal", Mentions: false);

    public static ChatPlace Of(string type) => type switch { "channel" => Channel, "groupChat" => Group, _ => Personal };

    /// <summary>As Teams sends what somebody writes here.</summary>
    public JsonObject Message(string text)
    {
        var message = Here(new JsonObject { ["type"] = "message", ["text"] = Mentions ? $"<at>SRE bot</at> {text}" : text });
        if (Mentions)
        {
            message["entities"] = new JsonArray(new JsonObject { ["type"] = "mention", ["text"] = "<at>SRE bot</at>", ["mentioned"] = new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" } });
        }

        return message;
    }

    /// <summary>An activity of a channel, as it would come from here.</summary>
    public JsonObject Here(JsonObject activity)
    {
        if (Type != "channel" || activity["conversation"] is null)
        {
            activity["conversation"] = new JsonObject { ["id"] = Id, ["conversationType"] = Type, ["tenantId"] = Known.Tenant, ["isGroup"] = Type != "personal" };
            activity["channelData"] = new JsonObject { ["tenant"] = new JsonObject { ["id"] = Known.Tenant } };
        }

        if (Type == "channel")
        {
            activity["channelData"] = new JsonObject
            {
                ["tenant"] = new JsonObject { ["id"] = Known.Tenant }, ["team"] = new JsonObject { ["id"] = Known.Team, ["name"] = "SRE" }, ["channel"] = new JsonObject { ["id"] = Id },
            };
        }

        return activity;
    }
}
