using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>The real application in this process, its store a file, everything outside it a <see cref="FakeCloud"/>; the tests talk to it as Teams and Azure Monitor do.</summary>
internal sealed class BotHost : IAsyncDisposable
{
    public const string WebhookKey = "webhook-key-canary-41c7";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly bool _ownsCloud;
    private int _activity;

    private BotHost(WebApplication app, FakeCloud cloud, ManualClock clock, string folder, ConnectorTokens tokens, bool ownsCloud)
    {
        (_app, Cloud, Clock, Folder, Tokens, _ownsCloud) = (app, cloud, clock, folder, tokens, ownsCloud);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _http = new HttpClient { BaseAddress = new Uri(address) };
    }

    public FakeCloud Cloud { get; }

    public ManualClock Clock { get; }

    /// <summary>Holds the store, the audit key and the anchors.</summary>
    public string Folder { get; }

    public ConnectorTokens Tokens { get; }

    public IServiceProvider Services => _app.Services;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="world">Sets the cloud before the bot starts.</param>
    /// <param name="settings">Added to, and winning over, the defaults.</param>
    public static async Task<BotHost> Start(Action<FakeCloud>? world = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var clock = ManualClock.Running();
        var cloud = await FakeCloud.Start(clock, Cancellation);
        People.Join(cloud);
        cloud.Arm.RunningSampleCarriesNow = true;
        world?.Invoke(cloud);
        var folder = Directory.CreateTempSubdirectory("runmodes-test-").FullName;
        return await Start(cloud, clock, folder, settings, ownsCloud: true);
    }

    /// <summary>A new process on the same store, once the first one has been disposed of.</summary>
    public async Task<BotHost> Restart(IReadOnlyDictionary<string, string?>? settings = null)
    {
        await StopApp();
        return await Start(Cloud, Clock, Folder, settings, ownsCloud: true);
    }

    private static async Task<BotHost> Start(FakeCloud cloud, ManualClock clock, string folder, IReadOnlyDictionary<string, string?>? settings, bool ownsCloud)
    {
        var built = BotApplication.Build(Arguments.Parse(["--environment", "Production", "--urls", "http://127.0.0.1:0"]), builder =>
        {
            builder.Configuration.AddInMemoryCollection(Defaults(folder));
            builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.PostConfigureAll<HttpClientFactoryOptions>(o => o.HttpMessageHandlerBuilderActions.Add(b => b.PrimaryHandler = cloud.CreateHandler()));
        });
        var app = built is BotApplication.Ready ready ? ready.App : throw new InvalidOperationException(string.Join('\n', ((BotApplication.Refused)built).Lines));
        await app.StartAsync(Cancellation);
        return new BotHost(app, cloud, clock, folder, cloud.Login.TokensFor(Known.AppId), ownsCloud);
    }

    public static Dictionary<string, string?> Defaults(string folder) => new()
    {
        ["MicrosoftAppType"] = "SingleTenant", ["MicrosoftAppId"] = Known.AppId, ["MicrosoftAppTenantId"] = Known.Tenant, ["MicrosoftAppPassword"] = Known.AppSecret,
        ["AZURE_TENANT_ID"] = Known.Tenant, ["AZURE_CLIENT_ID"] = Known.AgentClientId, ["AZURE_CLIENT_SECRET"] = Known.AgentSecret,
        ["Roles:Administrator:Groups:0"] = Known.Administrators, ["Roles:StandardUser:Groups:0"] = People.StandardUsers,
        ["Store:ConnectionString"] = $"Data Source={Path.Combine(folder, "runmodes.db")}",
        ["Incidents:AzureMonitor:Key"] = WebhookKey,
        ["Verification:Settle"] = "00:00:00", ["Verification:Interval"] = "00:00:01", ["Verification:GiveUpAfter"] = "00:00:20",
        ["ResponsePlans:0:Name"] = "prod-web", ["ResponsePlans:0:Resource"] = "app-service-prod", ["ResponsePlans:0:Mode"] = "Review",
        ["ResponsePlans:1:Name"] = "staging-web", ["ResponsePlans:1:Resource"] = "app-service-staging", ["ResponsePlans:1:Mode"] = "Autonomous",
    };

    /// <summary>Installs the bot in the team, as an Administrator would.</summary>
    public Task Install() => Send(new JsonObject
    {
        ["type"] = "installationUpdate", ["action"] = "add",
        ["conversation"] = new JsonObject { ["id"] = Known.Team, ["conversationType"] = "channel", ["tenantId"] = Known.Tenant, ["isGroup"] = true },
        ["channelData"] = TeamData(Known.Team),
    }, People.Ada);

    /// <summary>Raises a metric alert of the common schema; answers with the incident's id.</summary>
    public async Task<string> Fire(string resourceId, string rule = "High memory", string severity = "Sev1", Action<JsonObject>? change = null)
    {
        using var answer = await PostAlert(Alerts.Metric(resourceId, rule, severity, Clock.GetUtcNow(), change));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["incident"]!.GetValue<string>();
    }

    public Task<HttpResponseMessage> PostAlert(JsonObject alert, string key = WebhookKey) =>
        _http.PostAsJsonAsync($"/api/incidents/azure-monitor?key={key}", alert, Cancellation);

    /// <summary>Writes in General, mentioning the bot.</summary>
    public Task Say(Someone who, string text, string conversation = Known.Team) => Send(new JsonObject
    {
        ["type"] = "message", ["text"] = $"<at>SRE bot</at> {text}",
        ["entities"] = new JsonArray(new JsonObject { ["type"] = "mention", ["text"] = "<at>SRE bot</at>", ["mentioned"] = new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" } }),
        ["conversation"] = new JsonObject { ["id"] = conversation, ["conversationType"] = "channel", ["tenantId"] = Known.Tenant, ["isGroup"] = true },
        ["channelData"] = TeamData(conversation),
    }, who);

    /// <summary>Says something and waits for the reply in the thread it started.</summary>
    public async Task<PostedMessage> Ask(Someone who, string text)
    {
        var before = Cloud.Teams.Posted.Count;
        await Say(who, text);
        return await Cloud.Teams.WaitFor(m => m.Number > before && m.Kind != PostKind.Update, Patience, Cancellation);
    }

    /// <summary>Presses a button of a card as the person's client would; returns the invoke's body.</summary>
    public async Task<JsonObject> Press(PostedMessage card, string verb, Someone who, Action<JsonObject>? change = null, JsonObject? inputs = null)
    {
        var button = card.Button(verb) ?? throw new InvalidOperationException($"The card has no '{verb}': {card}");
        var data = (JsonObject)button["data"]!.DeepClone();
        foreach (var (name, value) in inputs ?? [])
        {
            data[name] = value?.DeepClone();
        }

        var activity = new JsonObject
        {
            ["type"] = "invoke", ["name"] = "adaptiveCard/action", ["replyToId"] = card.ActivityId,
            ["conversation"] = new JsonObject
            {
                ["id"] = card.RootId is null ? card.ConversationId : $"{card.ConversationId};messageid={card.RootId}", ["conversationType"] = "channel", ["tenantId"] = Known.Tenant, ["isGroup"] = true,
            },
            ["channelData"] = TeamData(card.ConversationId),
            ["value"] = new JsonObject { ["action"] = new JsonObject { ["type"] = "Action.Execute", ["verb"] = verb, ["data"] = data }, ["trigger"] = "manual" },
        };
        change?.Invoke(activity);
        using var answer = await Deliver(activity, who);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }

    public Task<PostedMessage> WaitForCard(string status, Func<PostedMessage, bool>? fits = null) =>
        Cloud.Teams.WaitFor(m => m.Status?.StartsWith(status, StringComparison.Ordinal) == true && (fits?.Invoke(m) ?? true), Patience, Cancellation);

    public Task<PostedMessage> WaitForText(string part) =>
        Cloud.Teams.WaitFor(m => m.Text?.Contains(part, StringComparison.Ordinal) == true, Patience, Cancellation);

    public async Task Send(JsonObject activity, Someone who)
    {
        using var answer = await Deliver(activity, who);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public Task<HttpResponseMessage> Deliver(JsonObject activity, Someone who, string? token = null)
    {
        activity["id"] ??= $"in-{Interlocked.Increment(ref _activity)}";
        activity["channelId"] ??= "msteams";
        activity["serviceUrl"] ??= Known.ServiceUrl;
        activity["from"] ??= new JsonObject { ["id"] = $"29:{who.ObjectId}", ["name"] = who.Name, ["aadObjectId"] = who.ObjectId };
        activity["recipient"] ??= new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" };
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = JsonContent.Create(activity) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Tokens.Good());
        return _http.SendAsync(request, Cancellation);
    }

    public async Task StopApp()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _http.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopApp();
        if (_ownsCloud)
        {
            await Cloud.DisposeAsync();
            Clock.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static JsonObject TeamData(string channel) => new()
    {
        ["tenant"] = new JsonObject { ["id"] = Known.Tenant }, ["team"] = new JsonObject { ["id"] = Known.Team, ["name"] = "SRE" },
        ["channel"] = new JsonObject { ["id"] = channel },
    };
}
