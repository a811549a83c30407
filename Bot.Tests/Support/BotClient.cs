using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>What Teams and Azure Monitor send to a running bot, wherever it runs, and what a test waits for in Teams.</summary>
internal abstract class BotClient(FakeCloud cloud, Uri address, HttpMessageHandler? balancer = null) : IAsyncDisposable
{
    public const string WebhookKey = "webhook-key-canary-41c7";
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] TooEarly = ["delivery of this card is not confirmed yet", "was never shown in this conversation"];
    private readonly HttpClient _http = new(balancer ?? new SocketsHttpHandler()) { BaseAddress = address };

    public FakeCloud Cloud { get; } = cloud;

    public Uri Address { get; } = address;

    public ConnectorTokens Tokens { get; } = cloud.Login.TokensFor(Known.AppId);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Installs the bot in the team, as an Administrator would.</summary>
    public Task Install(string team = Known.Team) => Send(new JsonObject
    {
        ["type"] = "installationUpdate", ["action"] = "add",
        ["conversation"] = new JsonObject { ["id"] = team, ["conversationType"] = "channel", ["tenantId"] = Known.Tenant, ["isGroup"] = true },
        ["channelData"] = TeamData(team, team),
    }, People.Ada);

    /// <summary>Raises a metric alert of the common schema; answers with the incident's id.</summary>
    public async Task<string> Fire(string resourceId, string rule = "High memory", string severity = "Sev1", Action<JsonObject>? change = null)
    {
        using var answer = await PostAlert(Alerts.Metric(resourceId, rule, severity, Cloud.Clock.GetUtcNow(), change));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["incident"]!.GetValue<string>();
    }

    public Task<HttpResponseMessage> PostAlert(JsonObject alert, string key = WebhookKey) =>
        _http.PostAsJsonAsync($"/api/incidents/azure-monitor?key={key}", alert, Cancellation);

    /// <summary>An event of a PagerDuty subscription, signed; answers with the incident's id.</summary>
    public async Task<string> Page(PagedIncident incident, string type = "incident.triggered", string priority = "P1", string title = "High memory")
    {
        var body = Alerts.Paged(incident, type, priority, title, Cloud.Clock.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/incidents/pagerduty") { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-PagerDuty-Signature", Incidents.Samples.Sign(FakePagerDuty.SigningSecret, body));
        using var answer = await _http.SendAsync(request, Cancellation);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["incident"]!.GetValue<string>()
            : throw new HttpRequestException($"answered {answer.StatusCode}", null, answer.StatusCode);
    }

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
        for (var tries = 1; ; tries++)
        {
            using var answer = await Deliver(Click(card, verb, change, inputs), who);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                // A jump of the clock is a time-out of whatever is being asked, the caller's keys among it: the person clicks again.
                if (tries < 5)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation);
                    continue;
                }

                throw new HttpRequestException("The click was not taken.", null, answer.StatusCode);
            }

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var body = (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
            // A test sees the card before the bot has the connector's receipt for it, and clicks faster than any hand.
            if (tries == 50 || !TooEarly.Any(words => Words(body).Contains(words, StringComparison.Ordinal)))
            {
                return body;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
        }
    }

    /// <summary>Approves as a person does, who clicks again when told that the directory was too slow: a busy test machine may be.</summary>
    public async Task Approve(PostedMessage card, Someone who)
    {
        string told;
        var tries = 0;
        do
        {
            told = await Told(card, "approve", who);
        }
        while (told.Contains("did not answer in time", StringComparison.Ordinal) && ++tries < 5);
        Assert.StartsWith("Approved", told, StringComparison.Ordinal);
    }

    /// <summary>Presses and gives back what the person reads: the message, the error, or the state of the card that came back.</summary>
    public async Task<string> Told(PostedMessage card, string verb, Someone who, Action<JsonObject>? change = null, JsonObject? inputs = null) =>
        Words(await Press(card, verb, who, change, inputs));

    public static string Words(JsonObject answer) => answer["value"] switch
    {
        JsonValue text => text.GetValue<string>(),
        JsonObject error when error["message"] is { } message => message.GetValue<string>(),
        JsonObject card => new PostedMessage(0, PostKind.Update, "", null, "", new JsonObject
        {
            ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = PostedMessage.CardType, ["content"] = card.DeepClone() }),
        }, default).Status ?? "",
        _ => "",
    };

    /// <summary>A button as a client presses it that knows no Action.Execute: a message with a value and no text.</summary>
    public Task Submit(PostedMessage card, string verb, Someone who)
    {
        var activity = Click(card, verb);
        (activity["type"], activity["value"]) = ("message", card.Button(verb)!["fallback"]!["data"]!.DeepClone());
        activity.Remove("name");
        return Send(activity, who);
    }

    /// <summary>The activity of a click, for tests that send it twice or altered.</summary>
    public static JsonObject Click(PostedMessage card, string verb, Action<JsonObject>? change = null, JsonObject? inputs = null)
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
        return activity;
    }

    public Task<PostedMessage> WaitForCard(string status, Func<PostedMessage, bool>? fits = null) =>
        Cloud.Teams.WaitFor(m => m.Status?.StartsWith(status, StringComparison.Ordinal) == true && (fits?.Invoke(m) ?? true), Patience, Cancellation);

    /// <summary>A card whose operation can be approved.</summary>
    public Task<PostedMessage> WaitForAsk(Func<PostedMessage, bool>? fits = null) =>
        WaitForCard("Awaiting approval", m => m.Verbs.Contains("approve") && (fits?.Invoke(m) ?? true));

    public Task<PostedMessage> WaitForText(string part, Func<PostedMessage, bool>? fits = null) =>
        Cloud.Teams.WaitFor(m => m.Text?.Contains(part, StringComparison.Ordinal) == true && (fits?.Invoke(m) ?? true), Patience, Cancellation);

    /// <summary>As Teams does it: what was answered 503 is delivered again, since a bot that has just started may still be fetching its signing keys.</summary>
    public async Task Send(JsonObject activity, Someone who)
    {
        activity["id"] ??= $"in-{Guid.NewGuid():n}";
        for (var tries = 1; ; tries++)
        {
            using var answer = await Deliver((JsonObject)activity.DeepClone(), who);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || tries == 10)
            {
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation);
        }
    }

    public Task<HttpResponseMessage> Deliver(JsonObject activity, Someone who, string? token = null)
    {
        activity["id"] ??= $"in-{Guid.NewGuid():n}";
        activity["channelId"] ??= "msteams";
        activity["serviceUrl"] ??= Known.ServiceUrl;
        activity["from"] ??= new JsonObject { ["id"] = $"29:{who.ObjectId}", ["name"] = who.Name, ["aadObjectId"] = who.ObjectId };
        activity["recipient"] ??= new JsonObject { ["id"] = $"28:{Known.AppId}", ["name"] = "SRE bot" };
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = JsonContent.Create(activity) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Tokens.Good());
        return _http.SendAsync(request, Cancellation);
    }

    public Task<HttpResponseMessage> Raw(HttpRequestMessage request) => _http.SendAsync(request, Cancellation);

    public Task<string> Get(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation);

    public async Task<HttpStatusCode> Status(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    public async Task Until(string path, HttpStatusCode status)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); await Status(path) != status; await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < Patience, $"{path} did not answer {status}.");
        }
    }

    public virtual ValueTask DisposeAsync()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static JsonObject TeamData(string channel, string team = Known.Team) => new()
    {
        ["tenant"] = new JsonObject { ["id"] = Known.Tenant }, ["team"] = new JsonObject { ["id"] = team, ["name"] = "SRE" },
        ["channel"] = new JsonObject { ["id"] = channel },
    };
}
