using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>One world, one supervised bot, and the point at which it dies.</summary>
internal sealed class CrashStory : IAsyncDisposable
{
    /// <summary>What was executed by a replica that died is given up after 75 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly CrashPoint _point;
    private readonly int _points;

    private CrashStory(FakeCloud cloud, CrashPoint point, Home home)
    {
        (Cloud, _point) = (cloud, point);
        (App, Staging) = (cloud.Sick(World.Prod), cloud.Sick(World.Staging));
        var step = Enum.Parse<DurableStep>(point.Step);
        CrashPoint[] points = CrashFlows.AfterLoss.Contains(step) ? [CrashFlows.SentAndLost, point] : [point];
        _points = points.Length;
        var settings = home.Settings();
        // Its processes live for seconds: compiling anything a second time, better, is never repaid.
        settings["DOTNET_TC_CallCounting"] = "0";
        settings["ResponsePlans:0:MaxInstances"] = "3";
        settings["Incidents:PagerDuty:SigningSecrets:0"] = FakePagerDuty.SigningSecret;
        settings[$"Incidents:PagerDuty:Services:{FakePagerDuty.Service}"] = App.Id;
        (settings["Incidents:PagerDuty:ApiKey"], settings["Incidents:PagerDuty:From"]) = (FakePagerDuty.Key, FakePagerDuty.From);
        (settings["ResponsePlans:2:Name"], settings["ResponsePlans:2:Platform"], settings["ResponsePlans:2:Mode"]) = ("paged", "PagerDuty", "Review");
        if (CrashFlows.Telling.Contains(step))
        {
            settings["ResponsePlans:0:Tools:0"] = "mail to oncall@contoso.example: prod-web | Somebody look, please.";
            settings["Tools:SendMail:Sender"] = FakeMailbox.Sender;
            foreach (var (key, value) in HooksTests.Sample("inside-mail", ("When:RecipientsOutside:0", "contoso.example")))
            {
                settings[key] = value;
            }
        }

        if (CrashFlows.Short.Contains(step))
        {
            settings["Agent:ApprovalExpiry"] = "00:00:06";
        }

        Bot = new Supervised(cloud, settings, points, replicas: home.Database is not null);
    }

    public CrashPoint Point => _point;

    public FakeCloud Cloud { get; }

    public Supervised Bot { get; }

    public WebApp App { get; }

    public WebApp Staging { get; }

    public static async Task<CrashStory> Begin(CrashPoint point, Home home) => new(await BotProcess.World(), point, home);

    public async Task<JsonObject> Fire(WebApp? app = null)
    {
        var alert = Alerts.Metric((app ?? App).Id, "High memory", "Sev1", Cloud.Clock.GetUtcNow());
        await Deliver(alert);
        return alert;
    }

    /// <summary>The same alert until it is accepted, as an action group does.</summary>
    public Task Deliver(JsonObject alert) => Bot.Do(async b =>
    {
        using var answer = await b.PostAlert((JsonObject)alert.DeepClone());
        if (answer.StatusCode != HttpStatusCode.Accepted)
        {
            throw new HttpRequestException($"answered {answer.StatusCode}");
        }
    });

    public Task<PostedMessage> Asks(Func<PostedMessage, bool>? fits = null) =>
        Ends("Awaiting approval", m => m.Verbs.Contains("approve") && (fits?.Invoke(m) ?? true));

    /// <summary>A person who gets no answer presses again; one who is told that it was decided has what they wanted.</summary>
    public Task Approve(PostedMessage card) => Bot.Do(async b =>
    {
        var told = await b.Told(card, "approve", People.Ada);
        if (told.Contains("did not answer in time", StringComparison.Ordinal))
        {
            throw new HttpRequestException(told);
        }

        Assert.True(told.StartsWith("Approved", StringComparison.Ordinal) || told.Contains("Already approved", StringComparison.Ordinal), told);
    });

    public Task Press(PostedMessage card, string verb, Someone who) => Bot.Do(b => b.Press(card, verb, who));

    /// <summary>As people do who were told that the directory did not answer in time, or to press once more if nothing comes of it.</summary>
    public Task<PostedMessage> PressUntil(PostedMessage card, string verb, Func<PostedMessage, bool> comes) => Until(() => Press(card, verb, People.Ada), comes);

    public Task<PostedMessage> SubmitUntil(PostedMessage card, string verb, Func<PostedMessage, bool> comes) => Until(() => Bot.Do(b => b.Submit(card, verb, People.Ada)), comes);

    private async Task<PostedMessage> Until(Func<Task> press, Func<PostedMessage, bool> comes)
    {
        for (var tries = 0; ; tries++)
        {
            await press();
            try
            {
                return await Cloud.Teams.WaitFor(comes, TimeSpan.FromSeconds(15), BotClient.Cancellation);
            }
            catch (TimeoutException) when (tries < 8)
            {
                // Whoever looked is gone.
            }
        }
    }

    /// <summary>Written once; written again only if no answer came, as people do.</summary>
    public async Task<PostedMessage> Say(string text, Func<PostedMessage, bool> answer)
    {
        for (var tries = 0; ; tries++)
        {
            await Bot.Do(b => b.Say(People.Ada, text));
            try
            {
                return await Cloud.Teams.WaitFor(m => answer(m) || m.Text?.Contains("did not answer in time", StringComparison.Ordinal) == true, Patience, BotClient.Cancellation) is var said && answer(said)
                    ? said
                    : throw new TimeoutException("The directory was too slow.");
            }
            catch (TimeoutException) when (tries < 3)
            {
                // Said again.
            }
        }
    }

    public Task<PostedMessage> Ends(string status, params string[] or) =>
        Until(m => m.Status is { } s && or.Prepend(status).Any(o => s.StartsWith(o, StringComparison.Ordinal)));

    public Task<PostedMessage> Ends(string status, Func<PostedMessage, bool> fits) =>
        Until(m => m.Status?.StartsWith(status, StringComparison.Ordinal) == true && fits(m));

    public Task Reads(string text) => Until(m => m.Text?.Contains(text, StringComparison.Ordinal) == true);

    /// <summary>A message may stand twice only where the kill left nobody knowing whether it had arrived.</summary>
    public Task SaidOnce(string text)
    {
        var said = Cloud.Teams.Posted.Count(m => m.Kind != PostKind.Update && m.Text?.Contains(text, StringComparison.Ordinal) == true);
        Assert.InRange(said, 1, _point is { Step: nameof(DurableStep.MessageRecorded), When: CrashWhen.Before } ? 2 : 1);
        return Task.CompletedTask;
    }

    public static async Task So(Func<bool> so)
    {
        for (var i = 0; !so(); i++)
        {
            Assert.True(i < Patience.TotalSeconds * 10, "Never so.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), BotClient.Cancellation);
        }
    }

    public async Task Died()
    {
        for (var i = 0; Bot.Deaths == 0 && i < 300; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), BotClient.Cancellation);
        }
    }

    public async Task Over()
    {
        await Died();
        Assert.True(Bot.Deaths == _points, $"It died {Bot.Deaths} of {_points} times: the story does not come by {_point}.");
        Assert.All(Cloud.Arm.Mutations.GroupBy(r => (r.Path, r.Body)), g => Assert.Single(g));
        Cloud.AssertNothingUnexpected();
    }

    public async ValueTask DisposeAsync()
    {
        await Bot.DisposeAsync();
        await Cloud.DisposeAsync();
    }

    private Task<PostedMessage> Until(Func<PostedMessage, bool> fits) => Cloud.Teams.WaitFor(fits, Patience, BotClient.Cancellation);
}
