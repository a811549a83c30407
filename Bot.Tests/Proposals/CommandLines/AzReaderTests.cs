using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Tests.Proposals.CommandLines;

/// <summary>The tables were written before the parser: what each az command is, and what nobody gets past it.</summary>
public sealed class AzReaderTests
{
    private const string Subscription = "11111111-2222-4333-8444-555555555555";
    private static readonly AzReader Reader = new([Subscription]);

    public static TheoryData<string, string> Classified => [.. Lines(AzReads.Rows).Concat(Lines(AzChanges.Rows))];

    public static TheoryData<string, string> Smuggled => [.. AzSmuggled.Rows.Select(r => (r.Typed, r.Because))];

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
        Assert.True(Classified.Count + Smuggled.Count >= 150, $"{Classified.Count} + {Smuggled.Count}");
        Assert.True(Smuggled.Count >= 60);
        var rows = Classified.Select(r => r.Data.Item2).ToList();
        Assert.DoesNotContain(AzCatalogue.Changes, c => !rows.Exists(r => r.StartsWith(c.Words + ' ', StringComparison.Ordinal)));
        Assert.DoesNotContain(AzCatalogue.All, c => AzRefused.Of(c.Words.Split(' ')) is not null);
        Assert.Equal(AzCatalogue.All.Count, AzCatalogue.All.Select(c => c.Words).Distinct().Count());
    }

    [Theory]
    [InlineData("vm deallocate -g web -n vm1", "vm deallocate --name vm1 --resource-group web --subscription * --output json --only-show-errors")]
    [InlineData("vm  deallocate --name 'vm1'  --resource-group \"web\"", "vm deallocate --name vm1 --resource-group web --subscription * --output json --only-show-errors")]
    [InlineData("webapp config show -o table -g web -n shop", "webapp config show --name shop --resource-group web --subscription * --output table --only-show-errors")]
    [InlineData("webapp show -o table -s blue -g web -n shop", "resource show --ids /subscriptions/*/resourceGroups/web/providers/Microsoft.Web/sites/shop/slots/blue --api-version 2023-12-01 --subscription * --output table --only-show-errors")]
    [InlineData("functionapp show -g web -n jobs", "resource show --ids /subscriptions/*/resourceGroups/web/providers/Microsoft.Web/sites/jobs --api-version 2023-12-01 --subscription * --output json --only-show-errors")]
    [InlineData("vm show -d -n vm1 -g web", "vm show --name vm1 --resource-group web --show-details --subscription * --output json --only-show-errors")]
    public void The_argument_list_is_written_anew_in_one_spelling(string typed, string written)
    {
        var understood = Assert.IsType<CommandReading.Understood>(Reader.Read(typed));
        Assert.Equal(written.Replace("*", Subscription, StringComparison.Ordinal), string.Join(' ', understood.Arguments));
    }

    [Fact]
    public void What_was_written_reads_as_itself()
    {
        foreach (var (expected, typed) in Lines(AzReads.Rows).Concat(Lines(AzChanges.Rows)))
        {
            if (Reader.Read(typed).IsUnderstood(out var understood) && understood.Command is { Effect: Effect.ReadOnly, ShownAt: null })
            {
                var again = Assert.IsType<CommandReading.Understood>(Reader.Read(string.Join(' ', understood.Arguments.SkipLast(1).Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"'{a}'" : a))));
                Assert.Equal(understood.Arguments, again.Arguments);
            }
        }
    }

    [Fact]
    public void The_target_is_one_resource_as_Azure_names_it()
    {
        Assert.Equal($"/subscriptions/{Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1/agentPools/pool1",
            Target("aks nodepool scale --cluster-name aks1 -n pool1 -g web --node-count 3"));
        Assert.Equal($"/subscriptions/{Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/shop/slots/blue", Target("webapp deployment slot swap -g web -s blue -n shop"));
        Assert.Equal($"/subscriptions/{Subscription}/resourceGroups/web", Target("group show -n web"));
        Assert.Equal($"/subscriptions/{Subscription}/resourceGroups/web", Target("vm list -g web"));
    }

    [Fact]
    public void Where_no_subscription_is_configured_nothing_runs_and_where_several_are_one_is_named()
    {
        Assert.Contains("Commands:Subscriptions", Assert.IsType<CommandReading.Refused>(new AzReader([]).Read("vm list -g web")).Why, StringComparison.Ordinal);
        var two = new AzReader([Subscription, "22222222-2222-4333-8444-555555555555"]);
        Assert.Contains("--subscription", Assert.IsType<CommandReading.Refused>(two.Read("vm list -g web")).Why, StringComparison.Ordinal);
        Assert.IsType<CommandReading.Understood>(two.Read("vm list -g web --subscription 22222222-2222-4333-8444-555555555555"));
    }

    private static string Target(string typed) => Assert.IsType<CommandReading.Understood>(Reader.Read(typed)).Target.Value;

    /// <summary>As the row would have said it; of a refusal only whether it holds the row's words.</summary>
    internal static string Said(CommandReading reading, string expected) => reading switch
    {
        CommandReading.Understood { Command.Equivalent: { } arm } => $"arm {arm.Action}",
        CommandReading.Understood { Command: { Effect: Effect.ReadOnly } } read => $"read {read.Action}",
        CommandReading.Understood { Command.Effect: Effect.Mutating } change => $"change {change.Action}",
        CommandReading.Refused { Effect: Effect.SecretRead } => "secret",
        CommandReading.Refused refused when expected.StartsWith("refused: ", StringComparison.Ordinal) && refused.Why.Contains(expected[9..], StringComparison.Ordinal) => expected,
        CommandReading.Refused refused => $"refused: {refused.Why}",
        _ => "?",
    };

    internal static IEnumerable<(string Expected, string Typed)> Lines(string rows) => rows.Split('\n').Select(line => line.Split(" | ", 2)).Select(parts => (parts[0].Trim(), parts[1].Trim()));
}
