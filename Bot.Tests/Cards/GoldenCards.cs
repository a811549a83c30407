using System.Text.Encodings.Web;
using System.Text.Json;
using RunModes.Bot.Cards;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Cards;

/// <summary>Every state of every card, kept as a file: a change of a card is a change somebody has looked at. UPDATE_GOLDEN=1 writes them anew.</summary>
public sealed class GoldenCards
{
    private const string Folder = "Bot.Tests/Cards/Golden";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. Sample.Cards.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_card_is_what_its_golden_file_says(string name)
    {
        var path = Repository.Path($"{Folder}/{name}.json");
        var card = Sample.Cards[name]().ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, card, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), card);
    }

    [Fact]
    public void Every_golden_file_has_a_card_and_every_state_a_file()
    {
        Assert.Equal(
            Directory.EnumerateFiles(Repository.Path(Folder)).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal),
            Sample.Cards.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Enum.GetValues<Bot.Proposals.ProposalStatus>(), Sample.Reviews.Values.Select(m => m.Gated.Status).Distinct().Order());
    }

    [Fact]
    public async Task Microsofts_schema_and_parser_accept_every_card()
    {
        var schema = Counterpart.RequireFile(
            Repository.ReferenceData("cards/adaptive-card-1.5.0.json"), "the schema of Adaptive Cards 1.5.0 is not beside the clone (../shared/data/cards).");

        var ruling = await NodeJudge.Run("Bot.Tests/Judges/cards/judge.mjs", [Repository.Path(Folder), schema], TestContext.Current.CancellationToken);

        ruling.MustBeGood();
        Assert.Equal($"cards: {Sample.Cards.Count} judged, 0 problems", ruling.Summary);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_card_fits_the_wire(string name) => Assert.InRange(AdaptiveCard.SizeOf(Sample.Cards[name]()), 500, AdaptiveCard.LargestSize);
}
