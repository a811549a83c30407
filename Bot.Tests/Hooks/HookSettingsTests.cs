using Microsoft.Extensions.Configuration;
using RunModes.Bot.Hooks;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Hooks;

public sealed class HookSettingsTests
{
    private static readonly Dictionary<string, string?> Good = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Hooks:0:Name"] = "freeze", ["Hooks:0:Matcher"] = "ArmWrite", ["Hooks:0:Kind"] = "rule", ["Hooks:0:Answer"] = "deny", ["Hooks:0:Reason"] = "Change freeze",
    };

    public static TheoryData<string, string?, string> Problems => new()
    {
        { "Name", "", "Hooks:0:Name: '' is no name of a hook" },
        { "Name", "two words", "Hooks:0:Name: 'two words' is no name of a hook" },
        { "Event", "Stop", "Hooks:0:Event: 'Stop' is not known; use PreToolUse or PostToolUse." },
        { "Matcher", "", "Hooks:0:Matcher: is missing, and an empty matcher fits no tool" },
        { "Matcher", "armwrite", "Hooks:0:Matcher: 'armwrite' fits no tool (case counts)" },
        { "Matcher", "Arm", "Hooks:0:Matcher: 'Arm' fits no tool" },
        { "Matcher", "(", "Hooks:0:Matcher: '(' cannot be used as a regular expression" },
        { "Matcher", "(?=Arm).*", "Hooks:0:Matcher: '(?=Arm).*' cannot be used as a regular expression" },
        { "Kind", "prompt", "Hooks:0:Kind: 'prompt' is not known; use rule or command." },
        { "Kind", null, "Hooks:0:Kind: '' is not known" },
        { "Answer", "allow", "Hooks:0:Answer: 'allow' is not known; use deny or ask." },
        { "Answer", null, "Hooks:0:Answer: '' is not known; use deny or ask." },
        { "Reason", "", "Hooks:0:Reason: is missing" },
        { "Plan", "stop", "Hooks:0:Plan: 'stop' is a word of the chat commands" },
        { "Timeout", "00:00:30", "Hooks:0:Timeout: a hook of kind rule has none; remove it." },
        { "When:Days", "mon-", "Hooks:0:When:Days: 'mon-' is not a list of days" },
        { "When:Hours", "9-17", "Hooks:0:When:Hours: '9-17' is not a span of hours" },
        { "When:Hours", "09:00-09:00", "Hooks:0:When:Hours:" },
        { "When:TimeZone", "Mars/Base", "Hooks:0:When:TimeZone: 'Mars/Base' is not a time zone" },
        { "When:Closed:0:Name", "x", "Hooks:0:When:Closed:0:From: '' is not a moment" },
        { "When:Unmeasured", "1", "Hooks:0:When:Unmeasured:" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void Each_problem_names_key_and_fix(string key, string? value, string line)
    {
        var given = new Dictionary<string, string?>(Good, StringComparer.OrdinalIgnoreCase) { [$"Hooks:0:{key}"] = value };
        Assert.Contains(HookSettings.From(Settings(given)).Problems, p => p.StartsWith(line, StringComparison.Ordinal));
        Assert.Empty(HookSettings.From(Settings(given)).Hooks);
    }

    [Theory]
    [InlineData("Script", "hook.sh", "Hooks:0:Script: 'hook.sh' is not an absolute path")]
    [InlineData("Script", "/nowhere/hook.sh", "Hooks:0:Script: there is no file /nowhere/hook.sh")]
    [InlineData("Script", "/etc/passwd", "Hooks:0:Script: /etc/passwd is not executable")]
    [InlineData("Timeout", "00:05:01", "Hooks:0:Timeout: is longer than 5 minutes")]
    [InlineData("FailMode", "open", "Hooks:0:FailMode: 'open' is not known; use block or allow.")]
    [InlineData("Answer", "deny", "Hooks:0:Answer: a hook of kind command has none; remove it.")]
    [InlineData("When:Days", "mon", "Hooks:0:When: a hook of kind command has none; remove it.")]
    public void So_does_each_problem_of_a_program(string key, string value, string line)
    {
        var given = new Dictionary<string, string?>(Good) { ["Hooks:0:Kind"] = "command", ["Hooks:0:Script"] = "/bin/sh" };
        given.Remove("Hooks:0:Answer");
        Assert.Empty(HookSettings.From(Settings(given)).Problems);
        given[$"Hooks:0:{key}"] = value;
        Assert.Contains(HookSettings.From(Settings(given)).Problems, p => p.StartsWith(line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SendMail")]
    [InlineData("ArmRead")]
    [InlineData("*")]
    public void Ask_is_possible_only_where_a_person_can_be_asked(string matcher)
    {
        var given = new Dictionary<string, string?>(Good) { ["Hooks:0:Matcher"] = matcher, ["Hooks:0:Answer"] = "ask" };
        Assert.StartsWith("Hooks:0:Answer: 'ask' is possible only before", Assert.Single(HookSettings.From(Settings(given)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_no_hook_has_stop_the_start() => Assert.StartsWith("Hooks:0:Then: unknown key",
        Assert.Single(SettingsCheck.Problems(Settings(new(Good) { ["Hooks:0:Then"] = "x" }))), StringComparison.Ordinal);

    [Fact]
    public void Two_hooks_have_two_names()
    {
        var twice = new Dictionary<string, string?>(Good);
        foreach (var (key, value) in Good)
        {
            twice[key.Replace(":0:", ":1:", StringComparison.Ordinal)] = key.EndsWith("Name", StringComparison.Ordinal) ? "FREEZE" : value;
        }

        Assert.StartsWith("Hooks:1:Name: 'FREEZE' is there twice", Assert.Single(HookSettings.From(Settings(twice)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sample_starts_a_bot()
    {
        var samples = Directory.GetFiles(Repository.Path("docs/hooks"), "*.json");
        Assert.NotEmpty(samples);
        Assert.All(samples, file =>
        {
            var settings = new ConfigurationBuilder().AddJsonFile(file).Build();
            Assert.Empty(SettingsCheck.Problems(settings));
            Assert.Empty(HookSettings.From(settings).Problems);
            Assert.Equal(Path.GetFileNameWithoutExtension(file), Assert.Single(HookSettings.From(settings).Hooks).Name);
        });
    }

    private static IConfiguration Settings(Dictionary<string, string?> given) => new ConfigurationBuilder().AddInMemoryCollection(given).Build();
}
