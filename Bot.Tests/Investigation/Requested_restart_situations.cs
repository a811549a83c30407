using System.Net;
using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

/// <summary>A person proposed it: the symptom is not needed, everything else is looked at and said.</summary>
public sealed class Requested_restart_situations
{
    private static AzureWorld Well => new AzureWorld().Memory(_ => 40).Response(_ => 0.2);

    /// <summary>Situation → the world, the conclusion, whether there is something to propose, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<AzureWorld> World, Conclusion Conclusion, bool Proposes, string[] Says)> Table = new()
    {
        ["never sick"] = (() => Well, Conclusion.NeverSick, true, ["app-service-prod is running normally: memory is 40 %", "; a person asked for the restart"]),
        ["sick"] = (() => new(), Conclusion.Sick, true, ["app-service-prod is running slowly due to high memory usage"]),
        ["recovered"] = (() => new AzureWorld().Memory(ago => ago > 20 ? 94 : 50).Response(_ => 0.2), Conclusion.Recovered, true, ["has recovered by itself", "; a person asked for the restart"]),
        ["deployed five minutes ago"] = (() => new AzureWorld().Happened(5, "Microsoft.Web/sites/extensions/write"), Conclusion.OtherCause, true, ["look at that change first; a person asked for the restart"]),
        ["metric missing"] = (() => new AzureWorld().Memory(_ => null), Conclusion.CouldNotTell, true, ["it cannot be told whether app-service-prod is running slowly", "; a person asked for the restart"]),
        ["app forbidden (403)"] = (() => Well.Fails("app-service-prod?", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, false, ["may not read app-service-prod"]),
        ["gone"] = (() => Well.Fails("app-service-prod?", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.Gone, false, ["does not exist"]),
        ["stopped on purpose"] = (() => new AzureWorld { State = "Stopped" }.Happened(70, "Microsoft.Web/sites/stop/action"), Conclusion.OtherCause, false, ["is stopped, and a restart would not start it"]),
        ["wrong kind: a function app"] = (() => new AzureWorld { Kind = "functionapp" }, Conclusion.NoRunbook, false, ["is a function app"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_restart_that_a_person_proposes_says_what_was_measured_and_needs_no_symptom(string situation)
    {
        var (make, conclusion, proposes, says) = Table[situation];
        var world = make();

        var (finding, remedy) = await world.Investigate(ChatIncident.Open(ChatVerb.Restart, ResourceId.Parse(world.Id), new Who("t", "o", "Sam"), AzureWorld.Now));

        Assert.Equal(conclusion, finding.Conclusion);
        Assert.All(says, words => Assert.Contains(words, finding.Present, StringComparison.Ordinal));
        Assert.DoesNotContain("nothing to do", finding.Present, StringComparison.Ordinal);
        Assert.Equal(proposes, remedy is not null);
        Assert.Equal(proposes && conclusion != Conclusion.Sick, finding.Asked);
        if (remedy is not null)
        {
            Assert.Equal("Restart App Service 'app-service-prod'", remedy.Operation.Title);
            Assert.NotEmpty(remedy.Operation.Preconditions);
        }
    }

    [Fact]
    public async Task What_nobody_knows_a_remedy_for_is_not_called_an_alert()
    {
        var world = new AzureWorld { Type = "Microsoft.Sql/servers" };
        var (finding, _) = await world.Investigate(ChatIncident.Open(ChatVerb.Investigate, ResourceId.Parse(world.Id), new Who("t", "o", "Sam"), AzureWorld.Now));
        Assert.Equal("there is no runbook for Microsoft.Sql/servers", finding.Present);
    }

    [Fact]
    public async Task An_alert_whose_rule_is_called_like_the_request_is_an_alert()
    {
        var world = Well;
        var (finding, remedy) = await world.Investigate(world.Alert(rule: ChatIncident.RestartRule));
        Assert.Equal(Conclusion.NeverSick, finding.Conclusion);
        Assert.Null(remedy);
    }
}
