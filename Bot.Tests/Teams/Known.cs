using System.Text.Json.Nodes;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Teams;

internal static class Known
{
    public const string App = "11111111-2222-3333-4444-555555555555";
    public const string Tenant = "aaaaaaaa-0000-4000-8000-000000000001";
    public const string OtherTenant = "bbbbbbbb-0000-4000-8000-000000000002";
    public const string Person = "cccccccc-0000-4000-8000-000000000003";
    public const string Service = "https://smba.trafficmanager.net/emea/";
    public const string Bot = $"28:{App}";
    public const string Team = "19:general@thread.tacv2";
    public const string Channel = "19:alerts@thread.tacv2";
    public const string Secret = "the-client-secret-canary";

    public static readonly Conversation InChannel = new(Channel, ConversationKind.Channel, new(Service), Tenant, Bot, Team, Channel);
    public static readonly Conversation InChat = new("a:chat/1", ConversationKind.Personal, new(Service), Tenant, Bot);

    public static JsonObject Message(string text = "help", string type = "personal", string conversation = "a:chat") => new()
    {
        ["type"] = "message", ["id"] = "1700000000000", ["channelId"] = "msteams", ["serviceUrl"] = Service, ["text"] = text,
        ["from"] = new JsonObject { ["id"] = "29:ada", ["name"] = "Ada", ["aadObjectId"] = Person },
        ["recipient"] = new JsonObject { ["id"] = Bot, ["name"] = "SRE bot" },
        ["conversation"] = new JsonObject { ["id"] = conversation, ["conversationType"] = type, ["tenantId"] = Tenant },
        ["channelData"] = new JsonObject { ["tenant"] = new JsonObject { ["id"] = Tenant } },
        ["unknown"] = new JsonObject { ["later"] = true },
    };

    public static JsonObject InTeam(string text = "help", string? root = null)
    {
        var message = Message(text, "channel", root is null ? Channel : $"{Channel};messageid={root}");
        message["channelData"]!["team"] = new JsonObject { ["id"] = Team, ["name"] = "Platform" };
        message["channelData"]!["channel"] = new JsonObject { ["id"] = Channel, ["name"] = "Alerts", ["type"] = "standard" };
        return message;
    }

    public static JsonObject Click(string verb = "approve", string? root = "1600")
    {
        var invoke = InTeam(root: root);
        invoke.Remove("text");
        invoke["type"] = "invoke";
        invoke["name"] = "adaptiveCard/action";
        invoke["replyToId"] = "1601";
        invoke["value"] = new JsonObject
        {
            ["action"] = new JsonObject { ["type"] = "Action.Execute", ["verb"] = verb, ["data"] = new JsonObject { ["p"] = "prop-1", ["r"] = 2 } },
            ["trigger"] = "manual",
        };
        return invoke;
    }

    /// <summary>Sets a member by its dotted path, making the objects on the way; null removes it.</summary>
    public static JsonObject With(this JsonObject json, string path, JsonNode? value)
    {
        var names = path.Split('.');
        var holder = json;
        foreach (var name in names[..^1])
            holder = (JsonObject)(holder[name] ??= new JsonObject());
        if (value is null)
            holder.Remove(names[^1]);
        else
            holder[names[^1]] = value;
        return json;
    }
}
