using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Runs;

/// <summary>Before anything is written to a source, the source is asked; whatever is not as the webhook said, or cannot be told, is not written to.</summary>
public sealed class AlertSourceTests
{
    private const string App = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/app-service-prod";
    private const string Other = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/app-service-other";

    public static TheoryData<string, string, string, int> PagerDutyRows => new()
    {
        { "as it said", "Acknowledge", nameof(Told.Done), 1 },
        { "as it said", "Note", nameof(Told.Done), 1 },
        { "as it said", "Resolve", nameof(Told.Done), 1 },
        { "acknowledged", "Acknowledge", nameof(Told.AlreadySo), 0 },
        { "acknowledged", "Resolve", nameof(Told.Done), 1 },
        { "acknowledged", "HandBack", nameof(Told.Done), 1 },
        { "as it said", "HandBack", nameof(Told.AlreadySo), 0 },
        { "resolved", "Resolve", nameof(Told.AlreadySo), 0 },
        { "resolved", "Acknowledge", nameof(Told.AlreadySo), 0 },
        { "resolved", "Note", nameof(Told.Done), 1 },
        { "noted", "Note", nameof(Told.AlreadySo), 0 },
        { "a state nobody knows", "Resolve", nameof(Told.TryAgain), 0 },
        { "never heard of", "Resolve", nameof(Told.Refused), 0 },
        { "no id", "Resolve", nameof(Told.Refused), 0 },
        { "a path for an id", "Resolve", nameof(Told.Refused), 0 },
        { "another service", "Resolve", nameof(Told.Refused), 0 },
        { "another service", "Note", nameof(Told.Refused), 0 },
        { "a service of another resource", "Acknowledge", nameof(Told.Refused), 0 },
        { "another incident", "Resolve", nameof(Told.Refused), 0 },
        { "garbage", "Resolve", nameof(Told.TryAgain), 0 },
        { "hollow", "Resolve", nameof(Told.TryAgain), 0 },
        { "503", "Resolve", nameof(Told.TryAgain), 0 },
        { "429", "Note", nameof(Told.TryAgain), 0 },
        { "redirect", "Resolve", nameof(Told.TryAgain), 0 },
        { "away", "Note", nameof(Told.TryAgain), 0 },
        { "a key that is refused", "Resolve", nameof(Told.TryAgain), 0 },
    };

    [Theory]
    [MemberData(nameof(PagerDutyRows))]
    public async Task PagerDuty_is_written_to_only_where_it_says_what_the_webhook_said(string situation, string what, string told, int writes)
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        var incident = cloud.PagerDuty.Trigger();
        incident.Status = situation is "acknowledged" or "resolved" ? situation : situation == "a state nobody knows" ? "snoozed" : "triggered";
        incident.Service = situation switch { "another service" => "PNONE", "a service of another resource" => "POTHER", _ => FakePagerDuty.Service };
        if (situation == "noted")
        {
            incident.Notes.Add("Found, done.\n[run r1]");
        }

        var fault = situation switch
        {
            "garbage" => Fault.Garbage, "hollow" => Fault.Hollow, "503" => Fault.Status(503), "429" => Fault.Throttled("90"), "away" => Fault.Drop,
            "redirect" => Fault.Status(302),
            "another incident" => Fault.Rewritten(a => a with { Body = a.Body.Replace("PABC123", "PXYZ789", StringComparison.Ordinal) }),
            _ => null,
        };
        if (fault is not null)
        {
            cloud.PagerDuty.Faults.Always(fault, r => r.IsRead);
        }

        var alert = situation switch { "never heard of" => "PNEVER1", "no id" => "", "a path for an id" => "PABC123/../../users", _ => "PABC123" };
        var answer = await Tell(new PagerDutySource(Api(cloud, situation == "a key that is refused" ? "wrong" : FakePagerDuty.Key), Settings()), alert, what);

        Assert.Equal((told, writes), (answer.Told.ToString(), cloud.PagerDuty.Writes.Count));
        Assert.Equal(situation == "429" ? TimeSpan.FromSeconds(90) : null, answer.After);
        Assert.DoesNotContain(FakePagerDuty.Key, answer.Why, StringComparison.Ordinal);
        cloud.AssertNothingUnexpected();
    }

    public static TheoryData<string, string, string, int> AzureRows => new()
    {
        { "as it said", "Acknowledge", nameof(Told.Done), 1 },
        { "as it said", "Resolve", nameof(Told.Done), 1 },
        { "below its resource", "Resolve", nameof(Told.Done), 1 },
        { "acknowledged", "Acknowledge", nameof(Told.AlreadySo), 0 },
        { "acknowledged", "Resolve", nameof(Told.Done), 1 },
        { "closed", "Acknowledge", nameof(Told.AlreadySo), 0 },
        { "closed", "Resolve", nameof(Told.AlreadySo), 0 },
        { "a state nobody knows", "Resolve", nameof(Told.TryAgain), 0 },
        { "another target", "Resolve", nameof(Told.Refused), 0 },
        { "no target", "Acknowledge", nameof(Told.Refused), 0 },
        { "another rule", "Resolve", nameof(Told.Refused), 0 },
        { "no rule", "Resolve", nameof(Told.Refused), 0 },
        { "another alert", "Resolve", nameof(Told.Refused), 0 },
        { "another subscription", "Resolve", nameof(Told.Refused), 0 },
        { "never heard of", "Resolve", nameof(Told.Refused), 0 },
        { "no id", "Resolve", nameof(Told.Refused), 0 },
        { "a path for an id", "Resolve", nameof(Told.Refused), 0 },
        { "hollow", "Acknowledge", nameof(Told.Refused), 0 },
        { "garbage", "Acknowledge", nameof(Told.TryAgain), 0 },
        { "404 without a word", "Acknowledge", nameof(Told.TryAgain), 0 },
        { "no right", "Resolve", nameof(Told.TryAgain), 1 },
    };

    [Theory]
    [MemberData(nameof(AzureRows))]
    public async Task Azure_Monitor_is_written_to_only_where_it_says_what_the_webhook_said(string situation, string what, string told, int writes)
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        var alert = cloud.Arm.Alert(situation switch { "another target" => Other, "no target" => "", _ => App.ToUpperInvariant().Replace("/SUBSCRIPTIONS/", "/subscriptions/", StringComparison.Ordinal) },
            situation switch { "another rule" => "High CPU", "no rule" => "", _ => "high memory" });
        alert.State = situation switch { "acknowledged" => "Acknowledged", "closed" => "Closed", "a state nobody knows" => "Snoozed", _ => "New" };
        if (situation != "no right")
        {
            cloud.Arm.Access.Grants.Add(new($"/subscriptions/{Known.Subscription}", [AlertStates.Right], []));
        }

        var fault = situation switch
        {
            "garbage" => Fault.Garbage, "hollow" => Fault.Hollow, "404 without a word" => Fault.Status(404, "<html>"),
            "no rule" => Fault.Rewritten(a => a with { Body = a.Body.Replace("\"alertRule\"", "\"alertRuler\"", StringComparison.Ordinal) }),
            "another alert" => Fault.Rewritten(a => a with { Body = a.Body.Replace(alert.Id, alert.Id[..^12] + "000000000000", StringComparison.Ordinal) }),
            _ => null,
        };
        if (fault is not null)
        {
            cloud.Arm.Faults.Always(fault, r => r.IsRead);
        }

        var guid = alert.Id[^36..];
        var named = situation switch
        {
            "never heard of" => alert.Id[..^12] + "000000000000",
            "no id" => "a1",
            "a path for an id" => $"{alert.Id}/../../../Microsoft.Web/sites/app-service-prod",
            "another subscription" => $"/subscriptions/99999999-0000-4000-8000-000000000000/providers/Microsoft.AlertsManagement/alerts/{guid}",
            "below its resource" => $"{App}/providers/Microsoft.AlertsManagement/alerts/{guid}",
            _ => alert.Id,
        };
        await using var services = Agent(cloud);
        var answer = await Tell(new AzureMonitorSource(services.GetRequiredService<AlertStates>(), Settings()), named, what);

        Assert.Equal((told, writes), (answer.Told.ToString(), cloud.Arm.Requests.Count(r => !r.IsRead)));
        Assert.Equal(told == nameof(Told.Done) ? [what == "Resolve" ? "Closed" : "Acknowledged"] : [], alert.Changes);
        cloud.AssertNothingUnexpected();
    }

    /// <summary>The way to the state of alerts, handed to somebody else.</summary>
    [Theory]
    [InlineData("POST", $"{App}/restart?api-version=2023-12-01")]
    [InlineData("DELETE", "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/providers/Microsoft.AlertsManagement/alerts/c3d7e2f0-3333-4444-8555-666677778888/changestate?api-version=2018-05-05&newState=Closed")]
    [InlineData("POST", "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/providers/Microsoft.AlertsManagement/alerts/c3d7e2f0-3333-4444-8555-666677778888/changestate?api-version=2018-05-05&newState=New")]
    [InlineData("POST", "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/providers/Microsoft.AlertsManagement/alerts/c3d7e2f0-3333-4444-8555-666677778888/changestate?api-version=2018-05-05&newState=Closed&x=1")]
    [InlineData("POST", "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/providers/Microsoft.AlertsManagement/smartGroups/c3d7e2f0-3333-4444-8555-666677778888/changestate?api-version=2018-05-05&newState=Closed")]
    public async Task It_leads_nowhere_else(string method, string url)
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        await using var services = Agent(cloud);
        var pipeline = services.GetRequiredService<ArmPipeline>().AlertChanges;
        using var message = pipeline.CreateMessage();
        message.Request.Method = Azure.Core.RequestMethod.Parse(method);
        message.Request.Uri.Reset(new Uri("https://management.azure.com" + url));

        await Assert.ThrowsAnyAsync<InvalidOperationException>(async () => await pipeline.SendAsync(message, TestContext.Current.CancellationToken));
        Assert.Empty(cloud.Arm.Requests);
    }

    private static Task<SourceAnswer> Tell(IAlertSource source, string alert, string what)
    {
        var incident = new Incident
        {
            Id = new("i1"), Platform = source.Platform, Rule = "High memory", Title = "High memory", Severity = "", SignalType = "", Target = ResourceId.Parse(App), PlanWhy = "",
            FirstFiredAt = default, LastFiredAt = default, MergeUntil = default, Firings = 1, Attempts = 1, Version = 1,
        };
        return source.Tell(new(Enum.Parse<WriteBackKind>(what), alert, incident, "Found, done.\n[run r1]", "[run r1]"), TestContext.Current.CancellationToken);
    }

    private static IncidentSettings Settings(string key = FakePagerDuty.Key) => IncidentSettings.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Incidents:PagerDuty:ApiKey"] = key, ["Incidents:PagerDuty:From"] = FakePagerDuty.From,
        [$"Incidents:PagerDuty:Services:{FakePagerDuty.Service}"] = App, ["Incidents:PagerDuty:Services:POTHER"] = Other,
    }).Build());

    private static PagerDutyApi Api(FakeCloud cloud, string key)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(PagerDutyApi.ClientName).ConfigurePrimaryHttpMessageHandler(cloud.CreateHandler);
        return new(services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>(), Settings(key), TimeProvider.System);
    }

    private static ServiceProvider Agent(FakeCloud cloud)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddExecution(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AZURE_TENANT_ID"] = Known.Tenant, ["AZURE_CLIENT_ID"] = Known.AgentClientId, ["AZURE_CLIENT_SECRET"] = Known.AgentSecret,
        }).Build(), sandbox: false);
        services.AddHttpClient(ArmHttp.ClientName).ConfigurePrimaryHttpMessageHandler(cloud.CreateHandler);
        return services.BuildServiceProvider();
    }
}
