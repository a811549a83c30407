using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Benchmarks;

/// <summary>A bot with so much history, in a world of its own, whose cards are clicked one after the other.</summary>
internal sealed class Clicked(long rows, FakeCloud cloud, Home home, BotProcess bot) : IAsyncDisposable
{
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(500);

    private const int WarmClicks = 300;

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
        var clicked = new Clicked(rows, cloud, home, bot);
        await clicked.Warm();
        return clicked;
    }

    /// <summary>Clicks of somebody who may not: token, role and an audit row, until the code for it is compiled as well as it will be.</summary>
    private async Task Warm()
    {
        var click = BotClient.Click(await Ask("warm"), "deny");
        for (var i = 0; i < WarmClicks; i++)
        {
            using var answer = await bot.Deliver((JsonObject)click.DeepClone(), People.Rob);
            answer.EnsureSuccessStatusCode();
        }
    }

    private async Task<PostedMessage> Ask(string name)
    {
        var app = cloud.Sick($"app-{name}");
        await bot.Fire(app.Id);
        var card = await bot.WaitForAsk(m => m.Reads.Contains($"'{app.Name}'", StringComparison.Ordinal));
        // The receipt of the card is recorded, and nothing is under way.
        await Task.Delay(Settle);
        return card;
    }

    public async Task Once(int number, bool counts)
    {
        var click = BotClient.Click(await Ask($"{number}"), "deny");
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
