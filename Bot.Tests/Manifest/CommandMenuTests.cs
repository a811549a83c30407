using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunModes.Bot.Chat;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Manifest;

/// <summary>The menu that Teams shows while somebody types: what it offers is what the bot reads, and says for whom it is.</summary>
public sealed partial class CommandMenuTests
{
    public static TheoryData<string, string, string> Offered()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (scope, title, description) in Menu())
        {
            data.Add(scope, title, description);
        }

        return data;
    }

    [Theory, MemberData(nameof(Offered))]
    public void Every_command_of_the_menu_is_read_and_stands_in_help(string scope, string title, string description)
    {
        var command = CommandParser.Parse(title);
        Assert.True(command is not Command.Unknown, $"'{title}' in the menu of {scope} is not read.");

        var told = HelpText.Lines.SelectMany(l => Code().Matches(l.Says.Markdown)).Select(m => CommandParser.Parse(m.Groups[1].Value).GetType()).Append(typeof(Command.Help));
        Assert.Contains(command.GetType(), told);

        // A menu has no columns: who may is said where it is not everybody on call.
        Assert.Equal(command.Needs.Least == Role.Administrator, description.Contains("(Administrators)", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_scope_offers_help_and_the_emergency_stop_and_only_a_shared_place_may_be_chosen_for_approvals()
    {
        var scopes = Menu().GroupBy(m => m.Scope, m => CommandParser.Parse(m.Title)).ToDictionary(g => g.Key, g => g.ToList());
        Assert.Equal(["groupChat", "personal", "team"], scopes.Keys.Order(StringComparer.Ordinal));
        Assert.All(scopes.Values, commands => Assert.Contains(new Command.Stop(), commands));
        Assert.All(scopes.Values, commands => Assert.Contains(new Command.Help(), commands));
        Assert.Equal(["groupChat", "team"], scopes.Where(s => s.Value.Exists(c => c is Command.UseChannel)).Select(s => s.Key).Order(StringComparer.Ordinal));

        // One careless tap in a menu raises nothing: what needs an Administrator and changes modes is not offered.
        Assert.DoesNotContain(scopes.Values.SelectMany(c => c), c => c is Command.Start or Command.SetMode || (c is Command.SetDefault && c.Needs.Least == Role.Administrator));
    }

    private static IEnumerable<(string Scope, string Title, string Description)> Menu() =>
        from bot in JsonNode.Parse(File.ReadAllText(Repository.Path("manifest/manifest.json")))!["bots"]!.AsArray()
        from list in bot!["commandLists"]!.AsArray()
        from scope in list!["scopes"]!.AsArray()
        from command in list["commands"]!.AsArray()
        select ($"{scope}", $"{command!["title"]}", $"{command["description"]}");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
