using System.Text.Json.Nodes;
using Microsoft.Playwright;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Browser;

internal enum Screen { Desk, Phone }

/// <summary>The General channel of the team as one person sees it. Open it before the bot posts: a page shows only what comes after it.</summary>
internal sealed class ChannelPage
{
    /// <summary>Generous: the machine may be busy, and what is awaited may need a decision, a restart and a check.</summary>
    private const float Patience = 30_000;

    private const int Tall = 1400;

    // The Playground draws every card 450 wide in a column of at least 600, for itself; a phone does not.
    private const string Narrow =
        "div { min-width: 0 !important } :has(> .ac-preview-panel), :has(> * > .ac-preview-panel) { width: auto !important; max-width: 100% !important }";
    private readonly IPage _page;

    private ChannelPage(IPage page, Someone who) => (_page, Who) = (page, who);

    public Someone Who { get; }

    public static async Task<ChannelPage> Open(IBrowser chromium, Uri playground, Someone who, Screen screen)
    {
        var context = await chromium.NewContextAsync(new() { TimezoneId = "UTC", Locale = "en-US", ViewportSize = new() { Width = 1280, Height = Tall } });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        if (who != People.Ada)
            await page.RouteAsync("**/_internal/v1/config", route => Become(route, who));
        await page.GotoAsync(playground.AbsoluteUri);
        // It repeats the text of messages.
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide log panel" }).ClickAsync();
        await page.GetByRole(AriaRole.Treeitem, new() { Name = "SRE - General" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Post", Exact = true }).WaitForAsync();
        if (screen == Screen.Phone)
        {
            // What a narrow window does not hold is a drawer over the messages; a click beside it, where the channel is still empty, closes it.
            await page.AddStyleTagAsync(new() { Content = Narrow });
            await page.SetViewportSizeAsync(390, Tall);
            await page.Mouse.ClickAsync(365, Tall - 100);
            await Assertions.Expect(page.GetByRole(AriaRole.Treeitem, new() { Name = "SRE - General" })).Not.ToBeInViewportAsync(new() { Timeout = Patience });
        }

        return new ChannelPage(page, who);
    }

    /// <summary>The card that speaks of <paramref name="about"/>, whatever its state.</summary>
    public ILocator Card(string about) => _page.Locator(".ac-adaptiveCard").Filter(new() { HasText = about });

    public async Task<ILocator> SeesCard(string about, string status)
    {
        var card = Card(about);
        await Assertions.Expect(card).ToContainTextAsync(status, new() { Timeout = Patience });
        return card;
    }

    /// <summary>A post that is no card.</summary>
    public async Task<ILocator> SeesText(string part)
    {
        var post = _page.GetByRole(AriaRole.Group).Filter(new() { HasText = part });
        await post.WaitForAsync();
        return post;
    }

    /// <summary>What the bot answered to this person alone; the card stays as it was.</summary>
    public async Task<ILocator> SeesBanner(string text)
    {
        var banner = _page.GetByRole(AriaRole.Button, new() { Name = "Dismiss Invoke Message" }).Locator("xpath=..");
        await Assertions.Expect(banner).ToContainTextAsync(text, new() { Timeout = Patience });
        return banner;
    }

    public async Task Press(ILocator card, string button) =>
        await _page.RunAndWaitForResponseAsync(
            () => card.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync(),
            answer => answer.Url.EndsWith("/_conversation/v1/invoke", StringComparison.Ordinal));

    /// <summary>Writes a new post to the bot. Only the person of the Playground's own configuration can: for the others the page would write under that name.</summary>
    public async Task Say(string text)
    {
        Assert.Equal(People.Ada, Who);
        var post = _page.GetByRole(AriaRole.Button, new() { Name = "Post", Exact = true });
        var composer = _page.GetByRole(AriaRole.Group).Filter(new() { Has = post });
        await composer.Locator("[role=textbox][contenteditable=true]").ClickAsync();
        await _page.Keyboard.TypeAsync("@SRE");
        await _page.GetByRole(AriaRole.Listbox, new() { Name = "Typeahead menu" }).GetByRole(AriaRole.Menuitem).First.ClickAsync();
        await _page.Keyboard.TypeAsync($" {text}");
        await post.ClickAsync();
    }

    /// <summary>Nothing of the card runs over the edge of the screen.</summary>
    public static async Task Fits(ILocator card) => Assert.Empty(await card.EvaluateAsync<string[]>(
        "card => [...card.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.innerText)"));

    /// <summary>Never changes the size of the window: that draws the cards anew, and what was opened in them closes.</summary>
    public async Task Picture(string name, ILocator of)
    {
        await of.ScrollIntoViewIfNeededAsync();
        await _page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png") });
        // Without the page around it, as the README shows it.
        await of.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-alone.png") });
    }

    private static string Folder { get; } = Directory.CreateDirectory(
        Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } chosen ? chosen : Repository.Path("TestResults/screenshots")).FullName;

    private static async Task Become(IRoute route, Someone who)
    {
        var answer = await route.FetchAsync();
        var world = JsonNode.Parse(await answer.TextAsync())!;
        var config = world["config"]!;
        config["currentUser"] = config["users"]!.AsArray().Single(user => (string?)user!["aadObjectId"] == who.ObjectId)!.DeepClone();
        await route.FulfillAsync(new() { Response = answer, Body = world.ToJsonString() });
    }
}
