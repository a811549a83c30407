using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>The two apps of the brief, as they are when their alerts fire.</summary>
internal static class World
{
    public const string Prod = "app-service-prod";
    public const string Staging = "app-service-staging";

    /// <summary>Memory rose to 94 % and answers take 4.2 s; a restart brings it to 42 %.</summary>
    public static WebApp Sick(this FakeCloud cloud, string name) =>
        cloud.Arm.App(name, rg: "web", memory: Series.Rising(to: 94), responseTime: Series.Flat(4.2));

    public static bool IsRestart(WireRequest request) => request.Is("POST", "/restart");
}

/// <summary>Where most of Review mode begins: production is sick, the bot is installed, and its card asks.</summary>
internal sealed class Asking(BotHost bot, WebApp app, PostedMessage card) : IAsyncDisposable
{
    public BotHost Bot { get; private set; } = bot;

    public FakeCloud Cloud => Bot.Cloud;

    public WebApp App { get; } = app;

    public PostedMessage Card { get; } = card;

    public static async Task<Asking> Start(Action<FakeCloud>? world = null, IReadOnlyDictionary<string, string?>? settings = null, string rule = "High memory")
    {
        WebApp app = null!;
        var bot = await BotHost.Start(
            cloud =>
            {
                app = cloud.Sick(World.Prod);
                world?.Invoke(cloud);
            },
            settings);
        try
        {
            await bot.Install();
            await bot.Fire(app.Id, rule);
            return new Asking(bot, app, await bot.WaitForAsk());
        }
        catch
        {
            await bot.DisposeAsync();
            throw;
        }
    }

    public async Task Restart(IReadOnlyDictionary<string, string?>? settings = null) => Bot = await Bot.Restart(settings);

    /// <summary>An Administrator approves this card and the restart happens, once: nothing before it did anything, and the card was usable until now.</summary>
    public async Task ApproveStillWorks(Someone? who = null, PostedMessage? card = null)
    {
        Assert.Empty(Cloud.Arm.Mutations);
        await Bot.Approve(card ?? Card, who ?? People.Ada);
        await Bot.WaitForCard("Done, recovered");
        Assert.Single(Cloud.Arm.Mutations);
    }

    /// <summary>As above, where something else was executed meanwhile.</summary>
    public async Task ApproveAnyway()
    {
        await Bot.Approve(Card, People.Ada);
        await Bot.WaitForCard("Done, recovered");
        Assert.Equal(1, App.Restarts);
    }

    public ValueTask DisposeAsync() => Bot.DisposeAsync();
}
