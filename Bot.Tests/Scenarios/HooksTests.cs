using Microsoft.Extensions.Configuration;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>The samples of docs/hooks in a running bot, and what else hooks do round the tools.</summary>
public sealed class HooksTests
{
    private const string Moment = "yyyy-MM-dd HH:mm";

    [Fact]
    public async Task A_freeze_names_its_closed_window_on_the_card_and_hooks_tells_what_was_said()
    {
        await using var bot = await BotHost.Start(settings: Sample("freeze", ("When:TimeZone", "UTC"), ("When:Closed:0:From", In(-60)), ("When:Closed:0:Until", In(60))));
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Fire(app.Id);

        var refused = await bot.WaitForCard("Refused");
        Assert.Contains($"Hook 'freeze' denies it: Change freeze. 'year end' is closed until {In(60)} (UTC).", refused.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        Assert.Contains("freeze", await bot.WaitForAudit("HookAnswered"), StringComparison.Ordinal);
        var told = (await bot.Ask(People.Rob, "hooks")).Reads;
        Assert.Contains("before ArmWrite|RunAzCliWriteCommands|RunKubectlWriteCommand", told, StringComparison.Ordinal);
        Assert.Contains("ArmWrite on app-service-staging: **objected**", told.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_freeze_that_begins_while_a_card_waits_takes_its_buttons_and_says_why()
    {
        await using var asking = await Asking.Start(settings: Sample("freeze", ("When:TimeZone", "UTC"), ("When:Closed:0:From", In(4)), ("When:Closed:0:Until", In(600))));
        await asking.Bot.WaitForAudit("Delivery");
        await Looking.Once(asking);
        await Looking.Once(asking);
        var refused = await asking.Bot.WaitForCard("Refused");
        Assert.Contains("'year end' is closed until", refused.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain("approve", refused.Verbs);
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Nothing_is_restarted_in_business_hours_but_what_is_no_restart_and_what_comes_after_them_is()
    {
        await using var bot = await BotHost.Start(settings: Sample("business-hours", ("When:TimeZone", "UTC"), ("When:Days", ""), ("When:Hours", $"{In(-60)[^5..]}-{In(60)[^5..]}")));
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Install();
        await bot.Fire(app.Id);
        var refused = await bot.WaitForCard("Refused");
        Assert.Contains("Nothing is restarted while people work. It is ", refused.Reads, StringComparison.Ordinal);

        bot.Clock.Advance(TimeSpan.FromMinutes(70));
        await bot.Fire(app.Id, "Slow answers");
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_is_tagged_critical_asks_even_where_the_plan_is_Autonomous_and_the_tag_may_be_the_groups()
    {
        await using var bot = await BotHost.Start(cloud => cloud.Arm.GroupTags["critical"] = "yes", Sample("critical"));
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Fire(app.Id);
        var asks = await bot.WaitForAsk();
        Assert.Contains("Hook 'critical' asks for approval: A person decides about what is critical. It is tagged critical: yes.", asks.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await bot.Approve(asks, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Without_evidence_nothing_is_done_whoever_asks_and_with_it_it_is()
    {
        await using var bot = await BotHost.Start(settings: Sample("evidence"));
        var app = bot.Cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(41));
        await bot.Install();
        await bot.Say(People.Ada, $"propose restart {app.Id}");
        var refused = await bot.WaitForCard("Refused");
        Assert.Contains("Hook 'evidence' denies it: Nothing is done without evidence. I have not measured", refused.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);

        var sick = bot.Cloud.Sick(World.Staging);
        await bot.Fire(sick.Id);
        await bot.WaitForText("Done:");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Mail_stays_inside_the_company_even_where_the_settings_list_the_stranger()
    {
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?>(Sample("inside-mail", ("When:RecipientsOutside:0", "contoso.example")))
        {
            ["Tools:SendMail:Sender"] = FakeMailbox.Sender, ["Tools:SendMail:Recipients:0"] = "ada@fabrikam.example",
            ["ResponsePlans:0:Tools:0"] = "mail to ada@fabrikam.example: prod-web | Have a look.", ["ResponsePlans:1:Tools:0"] = "mail to ada@contoso.example: staging-web | Have a look.",
        });
        await bot.Install();
        await bot.Fire(bot.Cloud.Sick(World.Prod).Id);
        var card = await bot.WaitForAsk();
        Assert.Contains("Hook 'inside-mail' denies it: Mail stays inside the company. ada@fabrikam.example is outside contoso.example, contoso.de.", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Graph.Mail.Sent);

        await bot.Fire(bot.Cloud.Sick(World.Staging).Id);
        await bot.WaitForText("Done: I've restarted app-service-staging");
        Assert.Equal("ada@contoso.example", Assert.Single(bot.Cloud.Graph.Mail.Sent).Recipient);
        Assert.Contains("inside-mail", (await bot.Ask(People.Rob, "hooks")).Reads, StringComparison.Ordinal);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public void Every_sample_is_a_scenario_here()
    {
        var here = File.ReadAllText(Repository.Path("Bot.Tests/Scenarios/HooksTests.cs"));
        Assert.All(Directory.GetFiles(Repository.Path("docs/hooks")).Select(Path.GetFileName), f => Assert.Contains(f!.EndsWith(".json", StringComparison.Ordinal) ? $"Sample(\"{f[..^5]}\"" : f, here, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_hook_holds_against_what_was_done_makes_the_next_one_ask()
    {
        await using var bot = await BotHost.Start(settings: Hook("looks-back", "ArmWrite", ("Event", "PostToolUse"), ("Reason", "Somebody should look at this"), ("Plan", "staging-web")));
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Fire(app.Id);
        await bot.WaitForText("Done:");

        app.Memory = Series.Rising(to: 94);
        bot.Clock.Advance(TimeSpan.FromMinutes(5));
        await bot.Fire(app.Id, "Slow answers");
        Assert.Contains("Hook 'looks-back' objects: Somebody should look at this.", (await bot.WaitForAsk()).Reads, StringComparison.Ordinal);
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_a_hook_denies_to_look_at_is_not_read_and_people_are_told()
    {
        await using var bot = await BotHost.Start(settings: Hook("private", "ArmRead", ("When:Targets:0", World.Prod), ("Reason", "Nobody looks at it")));
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Install();
        await bot.Fire(app.Id);
        await bot.WaitForText("was not looked at. Hook 'private' denies it: Nobody looks at it.");
        Assert.Empty(bot.Cloud.Arm.Requests);
    }

    [Fact]
    public async Task A_program_is_told_of_the_call_and_its_answer_stands_on_the_card()
    {
        await using var bot = await BotHost.Start(settings: Program("owner", Repository.Path("docs/hooks/owner.sh")));
        var app = bot.Cloud.Sick(World.Staging);
        app.Tags["owner"] = "payments";
        await bot.Install();
        await bot.Fire(app.Id);
        var asks = await bot.WaitForAsk();
        Assert.Contains("Hook 'owner' asks for approval: Payments decides about what is its own.", asks.Reads, StringComparison.Ordinal);
        await bot.Approve(asks, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_program_that_fails_stops_what_it_was_asked_about_and_says_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("runmodes-hooks-").FullName;
        await using var bot = await BotHost.Start(settings: Program("broken", Scratch.Program(folder, "exit 7")));
        await bot.Install();
        await bot.Fire(bot.Cloud.Sick(World.Staging).Id);
        Assert.Contains("Hook 'broken' denies it: it ended with exit code 7. 0 is no objection and 2 is one.", (await bot.WaitForCard("Refused")).Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await Scratch.Delete(folder);
    }

    private static Dictionary<string, string?> Program(string name, string script) => new()
    {
        ["Hooks:0:Name"] = name, ["Hooks:0:Matcher"] = "ArmWrite", ["Hooks:0:Kind"] = "command", ["Hooks:0:Reason"] = "It objects", ["Hooks:0:Script"] = script,
    };

    private static string In(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToString(Moment, System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, string?> Hook(string name, string matcher, params (string Key, string Value)[] more) => new[]
    {
        ("Name", name), ("Matcher", matcher), ("Kind", "rule"), ("Answer", "deny"),
    }.Concat(more).ToDictionary(p => $"Hooks:0:{p.Item1}", p => (string?)p.Item2);

    /// <summary>A sample as it is shipped, but for what a test has to set.</summary>
    internal static Dictionary<string, string?> Sample(string name, params (string Key, string Value)[] but)
    {
        var sample = new ConfigurationBuilder().AddJsonFile(Repository.Path($"docs/hooks/{name}.json")).Build().AsEnumerable().Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value);
        foreach (var (key, value) in but)
        {
            sample[$"Hooks:0:{key}"] = value;
        }

        return sample;
    }
}
