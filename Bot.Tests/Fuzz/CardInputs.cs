using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>
/// Clicks of an Administrator, whose word counts, on a card that asks: each has exactly one thing wrong that a click stands on (what is decided,
/// which revision, which button, message, place, tenant, person), so that nothing but that one check stands between it and an execution.
/// </summary>
internal sealed class CardInputs(ConnectorTokens tokens, PostedMessage card)
{
    public const string Family = "card data";

    private readonly string _good = tokens.Good();

    /// <summary>A click with this verb, whether the card has such a button or not.</summary>
    public static JsonObject Click(PostedMessage card, string verb, JsonObject? inputs = null) =>
        BotClient.Click(card, "approve", click => click["value"]!["action"]!["verb"] = verb, inputs);

    /// <summary>Those that exist, and some that do not.</summary>
    public static IReadOnlyList<string> Verbs(PostedMessage card) =>
        [.. card.Verbs, "approve", "deny", "recheck", "investigate", "confirm", "cancel", "undo", "keepwaiting", "annotate", "Approve", "execute", "approve\u0000"];

    public FuzzInput Of(int seed)
    {
        var dice = new Dice(seed);
        var click = Whole(Click(card, "approve", dice.OneIn(3) ? new() { ["reason"] = dice.Pick(Hostile.Texts) } : null));
        var cut = dice.OneIn(12);
        if (!cut)
        {
            Break(click, card, dice);
        }

        var body = JsonMutation.Bytes(click.ToJsonString());
        return new(Family, seed, "/api/messages", cut ? body[..dice.Below(body.Length)] : body) { Headers = [FuzzInput.Bearer(_good)], Chunked = dice.OneIn(8) };
    }

    private static void Break(JsonObject click, PostedMessage card, Dice dice)
    {
        var action = (JsonObject)click["value"]!["action"]!;
        var data = (JsonObject)action["data"]!;
        switch (dice.Below(12))
        {
            case < 3:
                Put(data, "p", WrongId(data["p"]!.GetValue<string>(), dice));
                break;
            case < 6:
                Put(data, "r", WrongRevision(dice));
                break;
            case 6:
                Put(action, "verb", dice.OneIn(2) ? Odd(dice) : dice.Pick(["Approve", " approve", "approve ", "APPROVE", "approve\u0000", "confirm", "cancel", "recheck", "annotate", "undo", "keepwaiting", "execute"]));
                break;
            case 7:
                Put(click, "replyToId", dice.OneIn(2) ? Odd(dice) : dice.Pick([$"{card.ActivityId}0", "", $" {card.ActivityId}", card.ActivityId + "\u0000", dice.Guid()]));
                break;
            case 8:
                Put((JsonObject)click["conversation"]!, "id", dice.OneIn(2) ? Odd(dice) : $"19:{dice.Guid()}@thread.tacv2;messageid=1");
                break;
            case 9:
                var tenants = (JsonObject[])[(JsonObject)click["conversation"]!, (JsonObject)click["channelData"]!["tenant"]!, (JsonObject)click["channelData"]!["team"]!, (JsonObject)click["from"]!];
                var where = dice.Below(tenants.Length);
                Put(tenants[where], where == 1 ? "id" : "tenantId", dice.OneIn(2) ? dice.Guid() : dice.Pick(Hostile.Texts));
                break;
            case 10:
                Put((JsonObject)click["from"]!, "aadObjectId", dice.OneIn(2) ? dice.Guid() : dice.OneIn(2) ? People.Rob.ObjectId : dice.Pick(["", "me", "../me", $"{People.Ada.ObjectId}/x", $"{People.Ada.ObjectId}?$select=id", "Ada Admin"]));
                break;
            default:
                var (holder, name) = dice.Pick<(JsonObject, string)>([(click, "name"), (click, "channelId"), (click, "value"), ((JsonObject)click["value"]!, "action"), (action, "data")]);
                Put(holder, name, Odd(dice));
                break;
        }
    }

    private static JsonNode? WrongId(string real, Dice dice) => dice.Below(8) switch
    {
        0 => real.ToUpperInvariant(),
        1 => real + dice.Pick(["\u0000", " ", "/", "'", "%00", "0"]),
        2 => real[..^1],
        3 => Convert.ToHexStringLower(dice.Bytes(real.Length / 2)),
        4 => new JsonArray(real),
        5 => new JsonObject { ["p"] = real },
        6 => new string('a', 1 << (4 + dice.Below(14))),
        _ => Odd(dice),
    };

    private static JsonNode? WrongRevision(Dice dice) => dice.Below(6) switch
    {
        0 => 0,
        1 => -1 - dice.Below(1000),
        2 => 2 + dice.Below(int.MaxValue - 2),
        3 => "1",
        4 => new JsonArray(1),
        _ => Odd(dice),
    };

    /// <summary>Nothing that could be meant: raw nonsense, a hostile text, null, a list, something deep.</summary>
    private static JsonNode? Odd(Dice dice) => dice.Below(6) switch
    {
        < 2 => JsonMutation.Raw(dice.Below(Hostile.RawValues.Length)),
        2 => dice.Pick(Hostile.Texts.Where(t => t != "approve").ToArray()),
        3 => null,
        4 => new JsonArray(1, "a", new JsonArray()),
        _ => Deep(5 + dice.Below(50)),
    };

    private static JsonArray Deep(int depth) => depth == 0 ? [] : new JsonArray(Deep(depth - 1));

    private static void Put(JsonObject holder, string name, JsonNode? value) => holder[name] = value;

    private static JsonObject Whole(JsonObject click)
    {
        click["id"] = "in-fuzz";
        click["channelId"] = "msteams";
        click["serviceUrl"] = Known.ServiceUrl;
        click["from"] = new JsonObject { ["id"] = $"29:{People.Ada.ObjectId}", ["name"] = People.Ada.Name, ["aadObjectId"] = People.Ada.ObjectId };
        click["recipient"] = new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" };
        return click;
    }
}
