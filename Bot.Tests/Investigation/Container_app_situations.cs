using System.Net;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Container_app_situations
{
    private static readonly RevisionState Bad = new("shop--v2", "Unhealthy", 30, Weight: 100);
    private static readonly RevisionState Good = new("shop--v1", "Healthy", 3000);

    private static AzureWorld App(ContainerState? state = null, params RevisionState[] revisions) =>
        new() { App = "shop", Type = "Microsoft.App/containerApps", Container = state ?? new(), Revisions = revisions.Length > 0 ? revisions : [Bad, Good] };

    /// <summary>Situation → the world, the conclusion, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<AzureWorld> World, Conclusion Conclusion, string[] Says)> Table = new()
    {
        ["sick"] = (() => App(), Conclusion.Sick, ["the latest revision of shop, shop--v2, is unhealthy and gets 100 % of its traffic"]),
        ["half of the traffic"] = (() => App(new(Traffic: """[{"revisionName":"shop--v2","weight":50},{"revisionName":"shop--v1","weight":50}]"""), Bad with { Weight = 50 }, Good with { Weight = 50 }), Conclusion.Sick, ["gets 50 % of its traffic"]),
        ["log forbidden (403)"] = (() => App().Fails("eventtypes", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.Sick, ["Whether somebody is at work on it is not known"]),
        ["never sick"] = (() => App(null, Bad with { Health = "Healthy" }, Good), Conclusion.NeverSick, ["shop--v2, is healthy"]),
        ["recovered: its traffic goes elsewhere"] = (() => App(null, Bad with { Weight = 0 }, Good with { Weight = 100 }), Conclusion.Recovered, ["gets no traffic any more"]),
        ["deployed five minutes ago"] = (() => App(null, Bad with { MinutesAgo = 5 }, Good), Conclusion.OtherCause, ["was created at 03:05 UTC and may still be starting"]),
        ["single revision mode"] = (() => App(new(Mode: "Single")), Conclusion.OtherCause, ["single revision mode, where traffic cannot be sent to an earlier revision"]),
        ["no earlier revision is healthy"] = (() => App(null, Bad, Good with { Health = "Unhealthy" }), Conclusion.OtherCause, ["no earlier revision is active and healthy"]),
        ["the earlier revision is inactive"] = (() => App(null, Bad, Good with { Active = false }), Conclusion.OtherCause, ["no earlier revision is active and healthy"]),
        ["no revision but the latest"] = (() => App(null, Bad), Conclusion.OtherCause, ["no earlier revision is active and healthy"]),
        ["labels"] = (() => App(new(Traffic: """[{"latestRevision":true,"weight":100,"label":"blue"}]""")), Conclusion.OtherCause, ["told apart by labels"]),
        ["no ingress"] = (() => App(new(Traffic: "[]")), Conclusion.OtherCause, ["or not described"]),
        ["Azure is at work on it"] = (() => App(new(Provisioning: "InProgress")), Conclusion.OtherCause, ["is not over (InProgress)"]),
        ["stopped by a person"] = (() => App(new(Running: "Stopped")).Happened(70, "Microsoft.App/containerApps/stop/action"), Conclusion.StoppedOnPurpose, ["was stopped at 02:00 UTC by ana"]),
        ["health missing"] = (() => App(null, Bad with { Health = null }, Good), Conclusion.CouldNotTell, ["does not say the health"]),
        ["health is a word nobody knows"] = (() => App(null, Bad with { Health = "None" }, Good), Conclusion.CouldNotTell, ["is 'None'"]),
        ["the latest revision is not listed"] = (() => App(null, Good), Conclusion.CouldNotTell, ["does not say the health of its latest revision shop--v2"]),
        ["no latest revision"] = (() => App(new(Latest: null)), Conclusion.CouldNotTell, ["could not be understood"]),
        ["revisions forbidden (403)"] = (() => App().Fails("/revisions", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read the revisions of shop"]),
        ["app forbidden (403)"] = (() => App().Fails("/shop?", HttpStatusCode.Forbidden, "AuthorizationFailed"), Conclusion.CouldNotTell, ["may not read shop"]),
        ["gone"] = (() => App().Fails("/shop?", HttpStatusCode.NotFound, "ResourceNotFound"), Conclusion.Gone, ["does not exist"]),
        ["wrong type"] = (() => new AzureWorld { Type = "Microsoft.App/jobs" }, Conclusion.NoRunbook, ["no runbook for Metric alerts on Microsoft.App/jobs"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_traffic_goes_back_only_to_a_healthy_revision(string situation)
    {
        var (world, conclusion, says) = Table[situation];

        var (finding, remedy) = await world().Investigate();

        Assert.Equal(conclusion, finding.Conclusion);
        Assert.All(says, words => Assert.Contains(words, $"{finding.Present}. {finding.Gap}", StringComparison.Ordinal));
        Assert.Equal(conclusion == Conclusion.Sick, remedy is not null);
    }

    [Fact]
    public void The_table_covers_every_conclusion() =>
        Assert.Equal(Enum.GetValues<Conclusion>().Except([Conclusion.Informed]).ToHashSet(), Table.Values.Select(row => row.Conclusion).ToHashSet());

    [Fact]
    public async Task The_remedy_names_the_newest_healthy_revision_and_the_undo_writes_the_traffic_as_it_was()
    {
        var world = App(null, Bad, Good, new("shop--v0", "Healthy", 9000));

        var (finding, remedy) = await world.Investigate();

        var call = Assert.IsType<Operation.ArmCall>(remedy!.Operation);
        Assert.Equal("Send the traffic of container app 'shop' to shop--v1 (100 %)", call.Title);
        Assert.Equal(("PATCH", world.Id), (call.Method, call.Path));
        Assert.Equal("""{"location":"West Europe","properties":{"configuration":{"ingress":{"traffic":[{"revisionName":"shop--v1","weight":100}]}}}}""", call.Body);
        Assert.Equal(
            ["latest revision is shop--v2", "revision mode is Multiple", "traffic of shop--v2 is 100", "health of shop--v1 is Healthy", "shop--v1 is active is true"],
            call.Preconditions.Select(p => $"{p.Label} is {p.Value}"));
        var undo = Assert.IsType<Operation.ArmCall>(remedy.Undo);
        Assert.Equal("""{"location":"West Europe","properties":{"configuration":{"ingress":{"traffic":[{"latestRevision":true,"weight":100}]}}}}""", undo.Body);
        Assert.Equal("Send the traffic of container app 'shop' to whatever revision is the latest (100 %)", undo.Title);
        Assert.Equal(("on shop--v2", "on shop--v1"), (remedy.Recovery!.Say(0), remedy.Recovery.Say(1)));
        Assert.Equal(
            "shop--v2 Unhealthy, Running, 100 %, since 02:40; shop--v1 Healthy, Running, 0 %, since 2026-03-02 01:10; shop--v0 Healthy, Running, 0 %, since 2026-02-25 21:10",
            finding.Evidence[0].Text);
    }
}
