using Microsoft.Playwright;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Browser;

/// <summary>The bot as in production, the Playground in Teams' place, and Chromium; started by the first test that opens a page, because only a test can be skipped.</summary>
public sealed class TeamsInTheBrowser : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _running = [];
    private readonly Dictionary<(Someone, Screen), ChannelPage> _pages = [];
    private IPlaywright? _driver;
    private IBrowser? _chromium;
    private AgentsPlayground? _playground;
    private TokenRelay? _relay;

    internal BotHost Bot { get; private set; } = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>General as somebody sees it; a page is opened once and shows everything since.</summary>
    internal async Task<ChannelPage> Open(Someone who, Screen screen = Screen.Desk)
    {
        if (_chromium is null)
            await Start(BotHost.Cancellation);
        if (!_pages.TryGetValue((who, screen), out var page))
            _pages[(who, screen)] = page = await ChannelPage.Open(_chromium!, _playground!.Address, who, screen);
        return page;
    }

    /// <summary>Nothing left the machine, nobody got a token that was not theirs, and every activity passed the bot's own check of its token.</summary>
    internal void AssertHonest()
    {
        Bot.Cloud.AssertNothingUnexpected();
        Assert.Empty(_relay!.Refusals);
        Assert.NotEmpty(Bot.Cloud.Login.Requests);
        Assert.All(Bot.Cloud.Teams.Requests, request => Assert.NotNull(request.Bearer));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_running))
            await one.DisposeAsync();
        _driver?.Dispose();
    }

    private async Task Start(CancellationToken cancellation)
    {
        var program = Counterpart.RequireFile(Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", "Chromium is not installed (or name yours in CHROMIUM).");
        AgentsPlayground.Program();
        Bot = Running(await BotHost.Start(settings: new Dictionary<string, string?>
        {
            // One plan that asks, for every app of the group but those that have a plan of their own.
            ["ResponsePlans:0:Resource"] = "", ["ResponsePlans:0:ResourceGroup"] = "web",
            ["ResponsePlans:2:Name"] = "night-web", ["ResponsePlans:2:Resource"] = "app-service-night", ["ResponsePlans:2:Mode"] = "Review",
            ["ResponsePlans:4:Name"] = "form-web", ["ResponsePlans:4:Resource"] = "app-service-form", ["ResponsePlans:4:Mode"] = "Review",
            // By hand: its time is the first of January.
            ["ScheduledTasks:0:Name"] = "morning-check", ["ScheduledTasks:0:Cron"] = "0 0 1 1 *", ["ScheduledTasks:0:Does"] = "HealthCheck", ["ScheduledTasks:0:Mode"] = "Review",
            ["ScheduledTasks:0:Scope"] = $"/subscriptions/{Known.Subscription}/resourceGroups/quiet",
            ["ResponsePlans:3:Name"] = "old-web", ["ResponsePlans:3:Resource"] = "app-service-old", ["ResponsePlans:3:Mode"] = "Autonomous",
        }));
        _relay = Running(await TokenRelay.Start(Bot, cancellation));
        _playground = Running(await AgentsPlayground.Start(_relay.Messages, cancellation));
        Bot.Cloud.Teams.PassThrough = _playground.Answer;
        _driver = await Playwright.CreateAsync();
        _chromium = Running(await _driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--no-proxy-server", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"],
        }));
    }

    private T Running<T>(T started)
        where T : IAsyncDisposable
    {
        _running.Add(started);
        return started;
    }
}
