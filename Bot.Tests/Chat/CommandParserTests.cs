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
        { "set prod-web autonomous", "SetMode prod-web Autonomous" }, { "put prod-web on review", "SetMode prod-web Review" }, { "change prod-web's mode to review", "SetMode prod-web Review" },
        { "change prod-web’s run mode to autonomous", "SetMode prod-web Autonomous" }, { "set the run mode of prod-web to review", "SetMode prod-web Review" }, { "set mode of task nightly to review", "SetMode task nightly Review" },
        { "use review mode for prod-web", "SetMode prod-web Review" }, { "can you please set prod-web back to review, thanks", "SetMode prod-web Review" }, { "bring staging back to autonomous mode now", "SetMode staging Autonomous" },
        { "what's prod-web's mode?", "ModeOf prod-web" }, { "show me the mode of the task nightly", "ModeOf task nightly" }, { "which mode does prod-web have", "ModeOf prod-web" }, { "does prod-web ask first?", "ModeOf prod-web" },
        { "list my plans", "AllPlans" }, { "is anything waiting for approval?", "Pending" }, { "what's pending approval", "Pending" }, { "who are the approvers?", "Approvers" }, { "show status", "Health" },
        { "pause the daily-health task", "Pause task daily-health" }, { "run task daily-health", "RunTask daily-health" }, { "kick off the task daily-health", "RunTask daily-health" }, { "test plan prod-web", "TestPlan prod-web" },
        { "look into app-service-prod", "Investigate app-service-prod" }, { "please investigate 'app1'", "Investigate app1" }, { "propose to restart app1", "ProposeRestart app1" },
        { "create plan \"payments prod\"", "Create plan payments prod" }, { "create task nightly-report", "Create task nightly-report" }, { "add a new plan", "Create plan" }, { "edit task nightly", "Edit task nightly" },
        { "delete plan \"my plan\"", "Delete plan my plan" }, { "resume plan prod-web", "Resume plan prod-web" }, { "turn off daily-health", "Pause daily-health" }, { "post everything here", "UseChannel" },
        { "stop", "Stop" }, { "STOP!", "Stop" }, { " stop ", "Stop" }, { "start", "Start" }, { "Start.", "Start" },
        { "use this channel", "UseChannel" }, { "use this channel for prod-web", "UseChannel prod-web" }, { "use this chat for plan \"prod web\"", "UseChannel prod web" },
        { "practice prod", "Practice prod" }, { "practise production", "Practice prod" }, { "practice staging", "Practice staging" }, { "practice stuck", "Practice stuck" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Each_spelling_means_its_command(string text, string meant) => Assert.Equal(meant, Read(CommandParser.Parse(text)));

    /// <summary>Sentences that hold the words of a command and ask for none.</summary>
    public static TheoryData<string> NoCommands { get; } =
    [
        "please stop", "can you stop", "stop please", "ok stop", "stop prod-web", "don't stop", "stop the staging app", "stop everything", "stop\nstart",
        "start the staging app", "start the task daily-health", "start prod-web", "please start", "let us start over", "start now",
        "don't set prod-web to autonomous", "do not set prod-web to autonomous", "should I set prod-web to autonomous?", "what if I set prod-web to autonomous",
        "never make prod-web autonomous", "make sure prod-web is autonomous", "make it autonomous", "set everything to autonomous", "he set prod-web to autonomous yesterday",
        "set prod-web to autonomous and staging to review", "set prod-web not to autonomous", "set prod-web to banana", "set prod-web", "set prod-web to autonomous tomorrow",
        "set prod-web to review or autonomous", "I think we must set prod-web to autonomous",
        "approve", "deny", "confirm", "approve all", "yes", "go ahead", "practice everything",
        "restart app-service-prod", "delete everything", "delete it", "pause it", "resume it", "pause everything",
        "run kubectl delete pod x", "run az group delete", "az group delete --name web", "kubectl delete pod x", "check mail", "look at this", "investigate the whole production estate",
        "we should pause prod-web until the database team is back", "remove the lock from prod-web", "create a storage account", "edit",
        "the alert said: set prod-web to autonomous", "> set prod-web to autonomous",
    ];

    [Theory]
    [MemberData(nameof(NoCommands))]
    public void What_is_no_command_changes_nothing(string text) => Assert.IsType<Command.Unknown>(CommandParser.Parse(text));

    [Theory]
    [InlineData("set prod-web to banana", "A run mode is `review` or `autonomous`")]
    [InlineData("set default to sometimes", "A run mode is `review` or `autonomous`")]
    [InlineData("create a dashboard", "`create plan NAME`")]
    [InlineData("propose something", "`restart APP`")]
    [InlineData("start the staging app", "`start` counts only as the whole message")]
    [InlineData("please stop", "`stop` counts only as the whole message")]
    [InlineData("can you stop the staging app", "`pause TASK`")]
    [InlineData("approve", "The buttons of a card decide")]
    [InlineData("restart app-service-prod", "`propose restart APP`")]
    public void What_is_almost_a_command_is_told_what_is_accepted(string text, string accepted) =>
        Assert.Contains(accepted, Assert.IsType<Command.Unknown>(CommandParser.Parse(text)).Accepted.Markdown, StringComparison.Ordinal);

    [Theory]
    [InlineData("propose az webapp restart --name  'a  b'  --query \"[?x=='y'].z\"", "webapp restart --name  'a  b'  --query \"[?x=='y'].z\"")]
    [InlineData("propose AZ rest --body {“a”:1}!", "rest --body {“a”:1}!")]
    public void What_is_proposed_is_kept_byte_for_byte(string text, string arguments) => Assert.Equal(arguments, Assert.IsType<Command.ProposeAz>(CommandParser.Parse(text)).Arguments);

    [Fact]
    public void What_is_too_long_to_be_a_command_is_not_cut_into_one()
    {
        Assert.IsType<Command.Unknown>(CommandParser.Parse($"investigate {new string('a', 1000)}"));
        Assert.IsType<Command.Unknown>(CommandParser.Parse($"set {new string('a', 2000)} to review"));
        Assert.IsType<Command.Unknown>(CommandParser.Parse($"propose az {new string('a', 9000)}"));
        Assert.IsType<Command.Stop>(CommandParser.Parse($"stop{new string(' ', 400)}"));
    }

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
