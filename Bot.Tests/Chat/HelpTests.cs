using System.Text.RegularExpressions;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Help and the README name commands; what they name is read, and needs the role under which it stands.</summary>
public sealed partial class HelpTests
{
    [Fact]
    public void Every_spelling_of_help_is_read_and_needs_the_role_under_which_it_stands()
    {
        var spelled = HelpText.Lines.SelectMany(l => Code().Matches(l.Says.Markdown).Select(m => (l.Example, Spelling: m.Groups[1].Value))).ToList();
        Assert.True(spelled.Count > 35);
        Assert.All(spelled, s =>
        {
            var command = Parsed(s.Spelling);
            Assert.True(command is not Command.Unknown, $"'{s.Spelling}' is not read.");
            Assert.True(command is Command.WhoAmI || s.Example.Needs.Least == command.Needs.Least, $"'{s.Spelling}' needs {command.Needs.Least} and stands under {s.Example.Needs.Least}.");
        });
    }

    [Fact]
    public void Every_command_is_in_help()
    {
        var inHelp = HelpText.Lines.SelectMany(l => Code().Matches(l.Says.Markdown).Select(m => Parsed(m.Groups[1].Value).GetType())).ToHashSet();
        var all = typeof(Command).GetNestedTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(Command)));
        Assert.Equal(
            [nameof(Command.Help), nameof(Command.ModeOfDefault), nameof(Command.Practice), nameof(Command.Unknown)],
            all.Where(t => !inHelp.Contains(t)).Select(t => t.Name).Order());
    }

    [Fact]
    public async Task Help_shows_what_is_answered_by_role_and_nothing_else()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("x", RunMode.Review);
        var help = await world.Ask(ChatWorld.Rob, "help");
        string[] headings = ["**Anybody here**", "**Standard Users**", "**Administrators**"];
        Assert.Equal(headings.Order(), headings.OrderBy(h => help.IndexOf(h, StringComparison.Ordinal)).Order());
        Assert.Contains("`delete plan NAME`", help, StringComparison.Ordinal);
        Assert.DoesNotContain("practice", help, StringComparison.Ordinal);
        foreach (var line in help.Split('\n').Where(l => l.StartsWith("- ", StringComparison.Ordinal)))
        {
            foreach (Match code in Code().Matches(line))
            {
                var text = Typed(code.Groups[1].Value);
                world.Clock.Advance(Pace.Window);
                var said = await world.Say(ChatWorld.Ada, text);
                Assert.DoesNotContain(said, i => i.Payload?.Text.Contains("this version", StringComparison.OrdinalIgnoreCase) == true);
            }
        }
    }

    private static Command Parsed(string spelling) => CommandParser.Parse(Typed(spelling));

    private static string Typed(string spelling) => Placeholder().Replace(spelling.Replace("RESOURCE", "app-1", StringComparison.Ordinal).Replace("…", "x", StringComparison.Ordinal), "x");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("[A-Z]{3,}")]
    private static partial Regex Placeholder();
}
