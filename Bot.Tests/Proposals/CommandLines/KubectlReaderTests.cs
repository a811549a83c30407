using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Tests.Proposals.CommandLines;

public sealed class KubectlReaderTests
{
    private static readonly KnownCluster Prod = new("prod", ResourceId.Parse("/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1"), "aks1-admin", ["web", "api"]);
    private static readonly KubectlReader Reader = new([Prod]);

    public static TheoryData<string, string> Classified => [.. AzReaderTests.Lines(KubectlRows.Rows)];

    public static TheoryData<string, string> Smuggled => [.. KubectlRows.Smuggled.Select(r => (r.Typed, r.Because))];

    [Theory]
    [MemberData(nameof(Classified))]
    public void Each_command_is_what_its_row_says(string expected, string typed) => Assert.Equal(expected, Said(Reader.Read(typed), expected));

    [Theory]
    [MemberData(nameof(Smuggled))]
    public void Nothing_is_smuggled_past_it(string typed, string because)
    {
        var refused = Assert.IsType<CommandReading.Refused>(Reader.Read(typed));
        Assert.Contains(because, refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_are_as_long_as_they_have_to_be_and_hold_every_entry_of_the_catalogue()
    {
        Assert.True(Classified.Count + Smuggled.Count >= 80);
        Assert.True(Smuggled.Count >= 60, $"{Smuggled.Count}");
        var rows = Classified.Select(r => r.Data.Item2).ToList();
        Assert.DoesNotContain(KubectlCatalogue.All, c => !rows.Exists(r => r.StartsWith(c.Words + ' ', StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("scale --replicas 3 deploy web", "scale deployments.apps/web --replicas 3 --context aks1-admin --namespace web --request-timeout 20s")]
    [InlineData("get po -n api", "get pods --context aks1-admin --namespace api --request-timeout 20s")]
    [InlineData("get no", "get nodes --context aks1-admin --request-timeout 20s")]
    [InlineData("top po web-1", "top pod web-1 --context aks1-admin --namespace web --request-timeout 20s")]
    [InlineData("logs -c app web-1 --context prod", "logs pods/web-1 --container app --tail 200 --limit-bytes 200000 --context aks1-admin --namespace web --request-timeout 20s")]
    [InlineData("rollout status deploy/web", "rollout status deployments.apps/web --watch=false --timeout 15s --context aks1-admin --namespace web --request-timeout 20s")]
    public void The_argument_list_is_written_anew_in_one_spelling(string typed, string written) =>
        Assert.Equal(written, string.Join(' ', Assert.IsType<CommandReading.Understood>(Reader.Read(typed)).Arguments));

    [Fact]
    public void The_target_is_cluster_namespace_kind_and_name_whatever_it_is_called()
    {
        foreach (var typed in (string[])["scale deploy web --replicas 2", "rollout restart deployment.apps/web", "rollout undo deployments/web --to-revision 2 -n web"])
        {
            var understood = Assert.IsType<CommandReading.Understood>(Reader.Read(typed));
            Assert.Equal((Prod.Id, "web/deployments.apps/web"), (understood.Target, understood.Object));
        }
    }

    [Fact]
    public void Where_no_cluster_is_configured_nothing_runs_and_where_several_are_one_is_named()
    {
        Assert.Contains("Commands:Clusters", Assert.IsType<CommandReading.Refused>(new KubectlReader([]).Read("get pods")).Why, StringComparison.Ordinal);
        var two = new KubectlReader([Prod, Prod with { Name = "staging" }]);
        Assert.Contains("prod, staging", Assert.IsType<CommandReading.Refused>(two.Read("get pods")).Why, StringComparison.Ordinal);
        Assert.IsType<CommandReading.Understood>(two.Read("get pods --context staging"));
    }

    private static string Said(CommandReading reading, string expected) => reading switch
    {
        CommandReading.Understood { Command.Effect: Effect.ReadOnly } read => $"read {read.Action}",
        CommandReading.Understood { Command.Effect: Effect.Mutating } change => $"change {change.Action}",
        _ => AzReaderTests.Said(reading, expected),
    };
}
