using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Judges;

/// <summary>A judge that lets everything pass is worse than none: each of its rules is shown a card that breaks just that rule.</summary>
public sealed class CardJudgeTests : IDisposable
{
    private const string Judge = "Bot.Tests/Judges/cards/judge.mjs";
    private const string Good = "Bot.Tests/Judges/cards/examples";

    private static readonly (string Name, string Finding, Action<JsonNode> Break)[] Wrongs =
    [
        ("unknown-member", "schema: /body/0 must NOT have additional properties 'colour'", card => card["body"]![0]!["colour"] = "red"),
        ("unknown-element", "sdk: UnknownElementType", card => card["body"]!.AsArray().Add(JsonNode.Parse("""{ "type": "CodeBlock" }"""))),
        ("bad-value", "sdk: InvalidPropertyValue", card => card["body"]![0]!["color"] = "Pink"),
        ("no-version", "schema: / must have required property 'version'", card => card.AsObject().Remove("version")),
        ("newer-version", "contract: version is 1.6, not 1.5", card => card["version"] = "1.6"),
        ("too-big", "at most 25600", card => card["body"]![1]!["text"] = new string('x', 26_000)),
        ("no-status", "contract: 0 TextBlocks with id 'status'", card => card["body"]![0]!.AsObject().Remove("id")),
        ("twice-the-same-id", "contract: id 'status' is used more than once", card => card["body"]![1]!["id"] = "status"),
        ("no-label", "contract: input 'reason' has no label", card => Actions(card)[1]!["card"]!["body"]![0]!.AsObject().Remove("label")),
        ("no-fallback", "has no Action.Submit as fallback", card => Actions(card)[0]!.AsObject().Remove("fallback")),
        ("fallback-of-another", "has a fallback that names something else", card => Actions(card)[0]!["fallback"]!["data"]!["p"] = "pr-other"),
        ("foreign-verb", "has the verb 'reboot', which does not exist", card => Actions(card)[0]!["verb"] = "reboot"),
        ("outside-a-set", "stands outside an ActionSet", card => card["actions"] = new JsonArray(Actions(card)[0]!.DeepClone())),
        ("decided-with-buttons", "belongs to a card that is Awaiting approval", card => card["body"]![0]!["text"] = "Done"),
        ("bare-submit", "is not the fallback of an Action.Execute", card => Actions(card).AsArray().Add(JsonNode.Parse("""{ "type": "Action.Submit", "title": "Go" }"""))),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("cards-").FullName;

    private static string Schema => Counterpart.RequireFile(
        Repository.ReferenceData("cards/adaptive-card-1.5.0.json"), "the schema of Adaptive Cards 1.5.0 is not beside the clone (../shared/data/cards).");

    [Fact]
    public async Task A_good_approval_card_passes()
    {
        var ruling = await NodeJudge.Run(Judge, [Repository.Path(Good), Schema], TestContext.Current.CancellationToken);

        ruling.MustBeGood();
        Assert.Equal("cards: 1 judged, 0 problems", ruling.Summary);
    }

    [Fact]
    public async Task Every_rule_catches_the_card_that_breaks_it()
    {
        foreach (var (name, _, breakIt) in Wrongs)
        {
            var card = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Path($"{Good}/approval.json"), TestContext.Current.CancellationToken))!;
            breakIt(card);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.json"), card.ToJsonString(), TestContext.Current.CancellationToken);
        }

        var ruling = await NodeJudge.Run(Judge, [folder, Schema], TestContext.Current.CancellationToken);

        Assert.Equal(1, ruling.ExitCode);
        Assert.Multiple([.. Wrongs.Select(wrong => (Action)(() =>
            Assert.Contains(ruling.Lines, line => line.StartsWith($"{wrong.Name}.json:", StringComparison.Ordinal) && line.Contains(wrong.Finding, StringComparison.Ordinal))))]);
        Assert.StartsWith($"cards: {Wrongs.Length} judged, ", ruling.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_cards_is_not_a_pass()
    {
        var ruling = await NodeJudge.Run(Judge, [folder, Schema], TestContext.Current.CancellationToken);

        Assert.Equal(1, ruling.ExitCode);
        Assert.Equal("cards: 0 judged, 0 problems", ruling.Summary);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static JsonNode Actions(JsonNode card) =>
        card["body"]!.AsArray().Single(element => (string?)element!["type"] == "ActionSet")!["actions"]!;
}
