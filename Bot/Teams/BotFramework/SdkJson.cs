using System.Text.Json.Nodes;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace RunModes.Bot.Teams.BotFramework;

/// <summary>From our JSON to the SDK's, value by value: its reader would turn what looks like a date into one, and write it differently.</summary>
internal static class SdkJson
{
    private static readonly JsonSerializerSettings AsItStands = new() { DateParseHandling = DateParseHandling.None };

    public static JObject Of(JsonObject json) =>
        JsonConvert.DeserializeObject<JObject>(json.ToJsonString(), AsItStands) ?? throw new InvalidOperationException("An object became nothing.");
}
