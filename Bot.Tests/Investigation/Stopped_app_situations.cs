using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Execution;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Stopped_app_situations
{
    private const string Stop = "Microsoft.Web/sites/stop/action";
    private const string Deploy = "Microsoft.Web/sites/extensions/write";
    private const string Pipeline = "0c1d2e3f-4444-4555-8666-777788889999";

    private static AzureWorld Stopped => new() { State = "Stopped" };

    /// <summary>Situation → the world, the conclusion, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<AzureWorld> World, Conclusion Conclusion, string[] Says)> Table = new()
    {
        ["sick: a pipeline stopped it, deployed and never started it"] = (() => Stopped.Happened(50, Stop, Pipeline).Happened(45, Deploy, Pipeline), Conclusion.Sick,
            [$"was stopped at 02:20 UTC by application {Pipeline} for a deployment (02:25 deployed) and never started again"]),
        ["an application stopped it and did nothing else"] = (() => Stopped.Happened(50, Stop, Pipeline), Conclusion.Sick,
            [$"Whether application {Pipeline} meant it to stay stopped is not known."]),
        ["someone else deployed after the stop"] = (() => Stopped.Happened(50, Stop, Pipeline).Happened(45, Deploy), Conclusion.Sick, ["meant it to stay stopped is not known"]),
        ["stopped by nobody Azure names"] = (() => Stopped.Happened(50, Stop, null!), Conclusion.Sick, ["someone Azure does not name", "meant it to stay stopped is not known"]),
        ["a person's stop that failed, then an application's"] = (() => Stopped.Happened(30, Stop, status: "Failed").Happened(50, Stop, Pipeline), Conclusion.Sick, [$"02:20 UTC by application {Pipeline}"]),
        ["never sick"] = (() => new AzureWorld { State = "Running" }, Conclusion.NeverSick, ["is running and not stopped", "nothing to start"]),
        ["recovered: started again"] = (() => new AzureWorld { State = "Running" }.Happened(50, Stop, Pipeline).Happened(3, "Microsoft.Web/sites/start/action", Pipeline), Conclusion.NeverSick, ["is running"]),
        ["deployed five minutes ago"] = (() => Stopped.Happened(9, Stop, Pipeline).Happened(5, Deploy, Pipeline), Conclusion.OtherCause, ["03:05 deployed", "may still be under way"]),
        ["stopped by a person"] = (() => Stopped.Happened(70, Stop), Conclusion.StoppedOnPurpose, ["was stopped at 02:00 UTC by ana@contoso.example", "it stays as it is"]),
        ["stopped by a person after a pipeline"] = (() => Stopped.Happened(90, Stop, Pipeline).Happened(20, Stop), Conclusion.StoppedOnPurpose, ["02:50 UTC by ana@contoso.example"]),
        ["stopped by a person days ago"] = (() => Stopped.Happened(3 * 24 * 60, Stop), Conclusion.StoppedOnPurpose, ["was stopped at 2026-03-01 03:10 UTC by ana"]),
        ["stopped by this agent"] = (() => Stopped.Happened(40, Stop, AzureWorld.AgentClient), Conclusion.StoppedOnPurpose, ["by this agent, which a person had approved"]),
        ["stopped longer ago than the log says"] = (() => Stopped, Conclusion.StoppedOnPurpose, ["no stop stands in the last 14 days"]),
        ["the stop of its slot is not its own"] = (() => Stopped.Happened(40, "Microsoft.Web/sites/slots/stop/action", Pipeline, on: $"{new AzureWorld().Id}/slots/staging"), Conclusion.StoppedOnPurpose, ["no stop stands"]),
        ["stopped a moment ago, the log lags"] = (() => new AzureWorld { State = "Stopped", Modified = AzureWorld.Now.AddMinutes(-2) }, Conclusion.CouldNotTell, ["does not say yet by whom"]),
        ["log forbidden (403)"] = (() => Stopped.Fails("eventtypes", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["whether a person stopped it cannot be told", "Monitoring Reader"]),
        ["log missing"] = (() => Stopped.Fails("eventtypes", HttpStatusCode.OK, "", "{}"), Conclusion.CouldNotTell, ["whether a person stopped it cannot be told", "is not a list"]),
        ["app forbidden (403)"] = (() => Stopped.Fails("app-service-prod?", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read app-service-prod"]),
        ["gone"] = (() => Stopped.Fails("app-service-prod?", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.Gone, ["does not exist"]),
        ["a problem of the platform"] = (() => new AzureWorld { State = "Stopped", Health = new JsonObject { ["availabilityState"] = "Unavailable", ["context"] = "Platform Initiated", ["summary"] = "Storage is down." } }
            .Happened(50, Stop, Pipeline), Conclusion.OtherCause, ["problem of its platform", "Storage is down."]),
        ["quota used up"] = (() => new AzureWorld { State = "Stopped", UsageState = "Exceeded" }.Happened(50, Stop, Pipeline), Conclusion.OtherCause, ["quota"]),
        ["wrong kind: a function app"] = (() => new AzureWorld { State = "Stopped", Kind = "functionapp" }, Conclusion.NoRunbook, ["no runbook for function apps"]),
        ["wrong type"] = (() => new AzureWorld { Type = "Microsoft.Sql/servers" }, Conclusion.NoRunbook, ["no runbook for Metric alerts on Microsoft.Sql/servers"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_only_what_no_person_stopped_may_be_started(string situation)
    {
        var (world, conclusion, says) = Table[situation];

        var (finding, remedy) = await world().Investigate(plan: OnlyStarts);

        Assert.Equal(conclusion, finding.Conclusion);
        Assert.All(says, words => Assert.Contains(words, $"{finding.Present}. {finding.Gap}", StringComparison.Ordinal));
        Assert.Equal(conclusion == Conclusion.Sick, remedy is not null);
    }

    /// <summary>Without the gap an Autonomous plan would act alone: only for the one stop that is understood.</summary>
    [Fact]
    public async Task Only_a_deployment_that_forgot_to_start_the_app_leaves_nothing_to_ask()
    {
        var gaps = new Dictionary<string, string?>();
        foreach (var (situation, row) in Table.Where(row => row.Value.Conclusion == Conclusion.Sick))
        {
            gaps[situation] = (await row.World().Investigate(plan: OnlyStarts)).Finding.Gap;
        }

        Assert.Equal("sick: a pipeline stopped it, deployed and never started it", Assert.Single(gaps, gap => gap.Value is null).Key);
    }

    [Fact]
    public async Task The_remedy_is_the_start_of_the_app_as_it_was_seen_and_its_state_is_watched()
    {
        var world = Stopped.Happened(50, Stop, Pipeline).Happened(45, Deploy, Pipeline);

        var (finding, remedy) = await world.Investigate(world.Alert(signal: "Activity Log"));

        Assert.Equal("app-service-prod was stopped", finding.Past);
        Assert.Equal("Start App Service 'app-service-prod'", remedy!.Operation.Title);
        Assert.Equal(["state of the app is Stopped"], remedy.Operation.Preconditions.Select(p => $"{p.Label} is {p.Value}"));
        Assert.Equal(("Stop App Service 'app-service-prod'", "Running"), (remedy.Undo!.Title, Assert.Single(remedy.Undo.Preconditions).Value));
        Assert.Equal((false, true), (remedy.Recovery!.IsNormal(finding.Symptom!.Value), remedy.Recovery.IsNormal(1)));
        Assert.Equal(("Stopped", "Running", "?"), (remedy.Recovery.Say(0), remedy.Recovery.Say(1), remedy.Recovery.Say(null)));
        Assert.Equal(
            [
                "State: Stopped at 03:10 UTC",
                $"Changes: 02:25 deployed by application {Pipeline}; 02:20 stopped by application {Pipeline}",
                "Azure health: Available: No known platform problem.",
            ],
            finding.Evidence.Select(line => $"{line.Label}: {line.Text}"));
    }

    [Theory]
    [InlineData(50, "02:20")]
    [InlineData(95, "01:35")]
    public async Task Another_time_gives_another_finding(int ago, string at)
    {
        var (finding, _) = await Stopped.Happened(ago, Stop, Pipeline).Investigate();

        Assert.Equal($"app-service-prod was stopped at {at} UTC by application {Pipeline}", finding.Present);
    }

    [Fact]
    public async Task A_plan_that_does_not_allow_starts_leaves_a_stopped_app_alone()
    {
        var (finding, remedy) = await Stopped.Happened(50, Stop, Pipeline).Investigate(plan: OnlyStarts with { Runbooks = ["app-service-slow"] });

        Assert.Equal((Conclusion.StoppedOnPurpose, null), (finding.Conclusion, remedy));
    }

    private static ResponsePlan OnlyStarts => new() { Name = "prod-web", Runbooks = ["app-service-stopped"] };
}
