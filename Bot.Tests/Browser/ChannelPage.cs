using System.Text.Json.Nodes;
using Microsoft.Playwright;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Browser;

/// <summary>The General channel of the team as one person sees it. Open it before the bot posts: a page shows only what comes after it.</summary>
internal sealed class ChannelPage
{
    /// <summary>Generous: the machine may be busy, and what is awaited may need a decision, a restart and a check.</summary>
    private const float Patience = 30_000;

    // The Playground's list of conversations takes this much from the left, whatever the width of the window.
    private const int Navigation = 330;
    private readonly IPage _page;

    private ChannelPage(IPage page, Someone who) => (_page, Who) = (page, who);

    public Someone Who { get; }

    public static async Task<ChannelPage> Open(IBrowserContext context, Uri playground, Someone who)
    {
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        if (who != People.Ada)
            await page.RouteAsync("**/_internal/v1/config", route => Become(route, who));
        await page.GotoAsync(playground.AbsoluteUri);
        // It repeats the text of messages.
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide log panel" }).ClickAsync();
        await page.GetByRole(AriaRole.Treeitem, new() { Name = "SRE - General" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Post", Exact = true }).WaitForAsync();
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
    public async Task<string> SeesText(string part)
    {
        var post = _page.GetByRole(AriaRole.Group).Filter(new() { HasText = part });
        await post.WaitForAsync();
        return await post.InnerTextAsync();
    }

    /// <summary>What the bot answered to this person alone; the card stays as it was.</summary>
    public async Task<string> SeesBanner()
    {
        var dismiss = _page.GetByRole(AriaRole.Button, new() { Name = "Dismiss Invoke Message" });
        await dismiss.WaitForAsync();
        return await dismiss.Locator("xpath=..").InnerTextAsync();
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

    /// <summary>The page at a desk, then each card in a phone's width.</summary>
    public async Task Picture(string name)
    {
        Directory.CreateDirectory(Folder);
        await _page.SetViewportSizeAsync(1280, 1400);
        await _page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png") });
        await _page.SetViewportSizeAsync(390 + Navigation, 1400);
        var column = _page.GetByRole(AriaRole.Group).Filter(new() { Has = _page.GetByLabel("Message author") });
        if (await column.CountAsync() > 0)
            await column.First.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-phone.png") });
        await _page.SetViewportSizeAsync(1280, 900);
    }

    private static string Folder => Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } chosen ? chosen : Repository.Path("TestResults/screenshots");

    private static async Task Become(IRoute route, Someone who)
    {
        var answer = await route.FetchAsync();
        var world = JsonNode.Parse(await answer.TextAsync())!;
        var config = world["config"]!;
        config["currentUser"] = config["users"]!.AsArray().Single(user => (string?)user!["aadObjectId"] == who.ObjectId)!.DeepClone();
        await route.FulfillAsync(new() { Response = answer, Body = world.ToJsonString() });
    }
}
