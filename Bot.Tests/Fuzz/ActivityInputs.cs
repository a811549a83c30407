using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>
/// Activities as Teams sends them, broken, each with a good token, none from anybody who may change something: whatever a reader makes of
/// them, nothing may come of it. Clicks are on a card that really asks.
/// </summary>
internal sealed class ActivityInputs(ConnectorTokens tokens, PostedMessage card)
{
    public const string Family = "activities";

    /// <summary>All of them are above what these people are.</summary>
    private static readonly string[] Said =
    [
        "stop", "start", "set prod-web to autonomous", "set default to autonomous", "set staging-web to review", "use this channel", "use this channel for prod-web", "help", "whoami", "plans", "plan prod-web", "pending",
        "history", "unmatched", "health", "approvers", "approve", "practice prod", "nothing of this",
    ];

    private readonly string _good = tokens.Good();

    public FuzzInput Of(int seed)
    {
        var dice = new Dice(seed);
        var activity = Real(dice);
        var spoofed = dice.OneIn(12) ? dice.Pick(Hostile.Addresses) : null;
        if (spoofed is not null)
        {
            activity["serviceUrl"] = spoofed;
        }

        return new(Family, seed, "/api/messages", spoofed is null || dice.OneIn(2) ? JsonMutation.Of(activity, dice) : JsonMutation.Bytes(activity.ToJsonString()))
        {
            // A connector that lies about where it lives, and signs it.
            Headers = [FuzzInput.Bearer(spoofed is { Length: > 0 } && dice.OneIn(2) ? tokens.Mint(spoofed) : _good)],
            ContentType = dice.OneIn(20) ? dice.Pick(Hostile.ContentTypes) : "application/json",
            Chunked = dice.OneIn(6),
        };
    }

    private JsonObject Real(Dice dice) => dice.Below(12) switch
    {
        < 3 => From(dice, new()
        {
            ["type"] = "message", ["text"] = $"<at>SRE bot</at> {dice.Pick(Said)}", ["textFormat"] = "plain", ["localTimestamp"] = "2026-05-04T12:00:00+02:00", ["locale"] = "en-US",
            ["entities"] = new JsonArray(
                new JsonObject { ["type"] = "mention", ["text"] = "<at>SRE bot</at>", ["mentioned"] = new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" } },
                new JsonObject { ["type"] = "clientInfo", ["locale"] = "en-US", ["country"] = "US", ["platform"] = "Windows" }),
        }),
        < 7 => From(dice, CardInputs.Click(card, dice.Pick(CardInputs.Verbs(card)), dice.OneIn(3) ? new() { ["reason"] = dice.Pick(Hostile.Texts) } : null)),
        7 => From(dice, Submitted(dice)),
        8 => From(dice, new() { ["type"] = "conversationUpdate", ["membersAdded"] = new JsonArray(new JsonObject { ["id"] = $"28:{Known.AppId}" }, new JsonObject { ["id"] = "29:x", ["aadObjectId"] = dice.Guid() }) }, elsewhere: true),
        9 => From(dice, new() { ["type"] = "installationUpdate", ["action"] = dice.Pick(["add", "add-upgrade", "remove"]) }, elsewhere: true),
        10 => From(dice, new() { ["type"] = "invoke", ["name"] = dice.Pick(["task/fetch", "composeExtension/query", "signin/verifyState", "adaptiveCard/action"]), ["value"] = new JsonObject { ["commandId"] = "x", ["data"] = new JsonObject() } }),
        _ => From(dice, new() { ["type"] = dice.Pick(["messageReaction", "typing", "event", "endOfConversation", "messageUpdate", "messageDelete", "handoff"]), ["replyToId"] = card.ActivityId, ["value"] = new JsonObject() }),
    };

    private JsonObject Submitted(Dice dice)
    {
        var data = (JsonObject)card.Button("approve")!["data"]!.DeepClone();
        data["verb"] = dice.Pick(CardInputs.Verbs(card));
        return new() { ["type"] = "message", ["value"] = data, ["replyToId"] = card.ActivityId };
    }

    /// <param name="elsewhere">Comings and goings are of other teams: this one must stay for its card.</param>
    private static JsonObject From(Dice dice, JsonObject activity, bool elsewhere = false)
    {
        var (team, who) = (elsewhere ? $"19:{dice.Guid()}@thread.tacv2" : Known.Team, dice.OneIn(2) ? People.Rob : dice.OneIn(4) ? People.Gale : new Someone(dice.Guid(), dice.Pick(Hostile.Texts)));
        activity["id"] = $"in-{dice.Guid()}";
        activity["channelId"] = "msteams";
        activity["serviceUrl"] = Known.ServiceUrl;
        activity["from"] = new JsonObject { ["id"] = $"29:{who.ObjectId}", ["name"] = who.Name, ["aadObjectId"] = who.ObjectId };
        activity["recipient"] = new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" };
        activity["conversation"] ??= new JsonObject { ["id"] = team, ["conversationType"] = dice.Pick(["channel", "channel", "personal", "groupChat"]), ["tenantId"] = Known.Tenant, ["isGroup"] = true };
        activity["channelData"] ??= new JsonObject
        {
            ["tenant"] = new JsonObject { ["id"] = Known.Tenant }, ["team"] = new JsonObject { ["id"] = team, ["name"] = "SRE" }, ["channel"] = new JsonObject { ["id"] = team }, ["settings"] = new JsonObject { ["selectedChannel"] = new JsonObject { ["id"] = team } },
        };
        return activity;
    }
}
