using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Benchmarks;

/// <summary>A bot with so much history, in a world of its own, whose cards are clicked one after the other.</summary>
internal sealed class Clicked(long rows, FakeCloud cloud, Home home, BotProcess bot) : IAsyncDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    public long Rows => rows;

    public Times Clicks { get; } = new();

    public static async Task<Clicked> Start(long rows)
    {
        var (cloud, home) = (await BotProcess.World(), await Home.New());
        var settings = home.Settings();
        (settings["ResponsePlans:0:Resource"], settings["ResponsePlans:0:ResourceGroup"]) = ("", "web");
        // The tables are there, and nothing else yet.
        await using (await BotProcess.Start(cloud, settings))
        {
        }

        await History.Fill(Path.Combine(home.Folder, "runmodes.db"), rows);
        var bot = await BotProcess.Start(cloud, settings);
        await bot.Install();
        return new(rows, cloud, home, bot);
    }

    public async Task Once(int number, bool counts)
    {
        var app = cloud.Sick($"app-{number}");
        await bot.Fire(app.Id);
        var card = await bot.WaitForAsk(m => m.Reads.Contains($"'{app.Name}'", StringComparison.Ordinal));
        // The receipt of the card is recorded, and nothing is under way.
        await Task.Delay(Settle);
        var click = BotClient.Click(card, "deny");
        var told = "";
        await (counts ? Clicks : new Times()).Of(async () =>
        {
            using var answer = await bot.Deliver(click, People.Ada);
            told = BotClient.Words((await answer.Content.ReadFromJsonAsync<JsonObject>())!);
        });
        if (!told.StartsWith("Denied", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The click was not a decision: {told}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await bot.DisposeAsync();
        await cloud.DisposeAsync();
        await home.DisposeAsync();
    }
}
