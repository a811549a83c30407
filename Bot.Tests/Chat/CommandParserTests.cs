using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Chat;

public sealed class CommandParserTests
{
    public static TheoryData<string, string> Spellings { get; } = new()
    {
        { "help", "Help" }, { "HELP!", "Help" }, { "?", "Help" },
        { "whoami", "WhoAmI" }, { "Who am I?", "WhoAmI" },
        { "who can approve?", "Approvers" }, { "who may approve prod-web", "Approvers" },
        { "plans", "AllPlans" }, { "show me the plans", "AllPlans" }, { "what mode is default in?", "ModeOfDefault" },
        { "plan prod-web", "Describe plan prod-web" }, { "show plan \"prod web\"", "Describe plan prod web" }, { "what mode is prod-web in?", "ModeOf prod-web" }, { "which run mode has the plan prod-web", "ModeOf plan prod-web" },
        { "pending", "Pending" }, { "pending approvals", "Pending" }, { "What's waiting?", "Pending" }, { "what’s pending", "Pending" },
        { "history", "History" }, { "what happened?", "History" }, { "history prod-web", "History prod-web" }, { "history of “prod web”", "History prod web" },
        { "unmatched", "Unmatched" }, { "list unmatched alerts", "Unmatched" },
        { "health", "Health" }, { "status", "Health" },
        { "set prod-web to review", "SetMode prod-web Review" }, { "SET  Prod-Web  TO  Review", "SetMode Prod-Web Review" }, { "set 'prod web' to autonomous", "SetMode prod web Autonomous" },
        { "set prod web to automatic", "SetMode prod web Autonomous" }, { "make prod-web autonomous", "SetMode prod-web Autonomous" }, { "switch staging to review mode", "SetMode staging Review" },
        { "put the plan staging in review mode", "SetMode plan staging Review" }, { "set the mode of staging to review", "SetMode staging Review" },
        { "set default to review", "SetDefault Review" }, { "set the default mode to autonomous", "SetDefault Autonomous" },
        { "stop", "Stop" }, { "STOP!", "Stop" }, { " stop ", "Stop" }, { "start", "Start" }, { "Start.", "Start" },
        { "use this channel", "UseChannel" }, { "use this channel for prod-web", "UseChannel prod-web" }, { "use this chat for plan \"prod web\"", "UseChannel prod web" },
        { "practice prod", "Practice prod" }, { "practise production", "Practice prod" }, { "practice staging", "Practice staging" }, { "practice stuck", "Practice stuck" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Each_spelling_means_its_command(string text, string meant) => Assert.Equal(meant, Read(CommandParser.Parse(text)));

    [Theory]
    [InlineData("please stop")]
    [InlineData("stop prod-web")]
    [InlineData("don't stop")]
    [InlineData("start prod-web")]
    [InlineData("let us start over")]
    [InlineData("stop\nstart")]
    [InlineData("set prod-web to banana")]
    [InlineData("set prod-web")]
    [InlineData("approve")]
    [InlineData("practice everything")]
    [InlineData("restart app-service-prod")]
    public void What_is_no_command_changes_nothing(string text) => Assert.IsType<Command.Unknown>(CommandParser.Parse(text));

    [Theory]
    [InlineData("pendign", "pending")]
    [InlineData("plasn", "plans")]
    [InlineData("please stop", "stop")]
    [InlineData("set prod-web to banana", "set <plan> to review")]
    [InlineData("zzzzzzzzzzzz", "help")]
    public void The_nearest_commands_are_offered(string text, string offered) =>
        Assert.Contains(offered, Assert.IsType<Command.Unknown>(CommandParser.Parse(text)).Nearest);

    [Fact]
    public void Every_command_of_the_manifest_is_known()
    {
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Repository.Path("manifest/manifest.json")))!;
        var titles = manifest["bots"]![0]!["commandLists"]!.AsArray().SelectMany(l => l!["commands"]!.AsArray()).Select(c => c!["title"]!.GetValue<string>()).ToList();
        Assert.NotEmpty(titles);
        Assert.All(titles, title => Assert.IsNotType<Command.Unknown>(CommandParser.Parse(title)));
    }

    [Fact]
    public void A_command_word_is_never_the_name_of_a_plan() =>
        Assert.All(["help", "plans", "pending", "history", "health", "unmatched", "whoami", "stop", "start", "default"], word => Assert.NotNull(PlanNames.Refusal(word)));

    /// <summary>Written from the user's side before the parser was; a line of it that is not understood is a fault of the parser.</summary>
    public static TheoryData<string, string> Phrasings()
    {
        var rows = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Repository.Path("Bot.Tests/Chat/Phrasings.txt")).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var parts = line.Split("=>", StringSplitOptions.TrimEntries);
            rows.Add(parts[0], parts[1]);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Phrasings))]
    public void What_people_type_is_understood(string text, string meant) => Assert.Equal(meant, Read(CommandParser.Parse(text)));

    private static string Read(Command command) => command switch
    {
        Command.SetMode s => $"SetMode {Kind(s.Kind)}{s.Name} {s.Mode}",
        Command.SetDefault s => $"SetDefault {s.Mode}",
        Command.RunTask r => $"RunTask {r.Name}",
        Command.TestPlan r => $"TestPlan {r.Name}",
        Command.Named n => $"{n.Word} {Kind(n.Kind)}{n.Name}",
        Command.Create c => $"Create {Kind(c.Kind)}{c.Name}".TrimEnd(),
        Command.History { Plan: { } plan } => $"History {plan}",
        Command.Insights { Plan: { } plan } => $"Insights {plan}",
        Command.UseChannel { Plan: { } plan } => $"UseChannel {plan}",
        Command.Investigate i => $"Investigate {i.Resource}",
        Command.ProposeRestart p => $"ProposeRestart {p.App}",
        Command.ProposeAz p => $"ProposeAz {p.Arguments}",
        Command.ProposeKubectl p => $"ProposeKubectl {p.Arguments}",
        Command.Practice p => $"Practice {p.Scenario}",
        var other => other.Word,
    };

    private static string Kind(Thing kind) => kind switch { Thing.Plan => "plan ", Thing.Task => "task ", _ => "" };
}
