using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Hooks;

/// <summary>What a hook's program may answer, and what becomes of one that does not: a clear line, and nothing that permits anything.</summary>
public sealed class HookProgramTests : IDisposable
{
    private const string Canary = "RUNMODES_HOOK_CANARY";

    private readonly string folder = Directory.CreateTempSubdirectory("runmodes-hooks-").FullName;

    public static TheoryData<string, string, string, string> Answers => new()
    {
        { "nothing", "exit 0", nameof(HookOpinion.None), "" },
        { "ok", """echo '{"ok": true}'""", nameof(HookOpinion.None), "" },
        { "allow", """echo '{"decision": "allow", "hookSpecificOutput": {"additionalContext": "x"}}'""", nameof(HookOpinion.None), "" },
        { "not ok", """echo '{"ok": false, "reason": "Not today"}'""", nameof(HookOpinion.Block), "Not today" },
        { "not ok, and no reason", """echo '{"ok": false}'""", nameof(HookOpinion.Block), "The hook's own reason" },
        { "block", """echo '{"decision": "block", "reason": "Not today"}'""", nameof(HookOpinion.Block), "Not today" },
        { "ask", """echo '{"decision": "ask", "reason": "Look first"}'""", nameof(HookOpinion.Ask), "Look first" },
        { "exit 2", "echo 'Not today' >&2; exit 2", nameof(HookOpinion.Block), "Not today" },
        { "objects, and leaves something behind", """echo '{"ok": false, "reason": "Not today"}'; sleep 600 & exit 0""", nameof(HookOpinion.Block), "Not today" },
        { "exit 2, silent", "exit 2", nameof(HookOpinion.Block), "The hook's own reason" },
        { "exit 2, whatever it prints", """echo '{"ok": true}'; exit 2""", nameof(HookOpinion.Block), "The hook's own reason" },
        { "reads what it is told", """grep -q '"tool_name":"ArmWrite"' && echo '{"ok": false, "reason": "It is a write"}'""", nameof(HookOpinion.Block), "It is a write" },
        { "knows nothing of the bot", $"[ -z \"${Canary}\" ] && [ -z \"$(ls)\" ] || exit 2", nameof(HookOpinion.None), "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_is_taken_as_it_is_meant(string what, string script, string opinion, string why)
    {
        Environment.SetEnvironmentVariable(Canary, "a secret of the bot");
        Assert.Equal((opinion, why, what), Told(await Ask(script, FailMode.Block), what));
    }

    public static TheoryData<string, string, string> Bad => new()
    {
        { "exits 7", "exit 7", "it ended with exit code 7. 0 is no objection and 2 is one" },
        { "prints garbage", "echo proceed", "what it printed is not an answer." },
        { "prints half of an answer", """echo '{"ok": tr'""", "what it printed is not an answer." },
        { "prints a list", "echo '[true]'", "what it printed is not an answer." },
        { "says yes as a text", """echo '{"ok": "true"}'""", "what it printed is not an answer." },
        { "knows another word", """echo '{"decision": "approve"}'""", "what it printed is not an answer." },
        { "says two things", """echo '{"ok": true, "decision": "block"}'""", "what it printed is not an answer." },
        { "says one thing twice", """echo '{"ok": false, "ok": true}'""", "what it printed is not an answer." },
        { "says nothing of it", """echo '{"reason": "fine"}'""", "what it printed is not an answer." },
        { "prints 100 MB", "head -c 100000000 /dev/zero | tr '\\0' x", "it printed 64 KB or more" },
        { "was killed", "kill -9 $$", "it ended with exit code 137." },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task What_is_no_answer_blocks_with_a_clear_line_unless_the_deployer_said_otherwise(string what, string script, string line)
    {
        var (opinion, why) = await Ask(script, FailMode.Block);
        Assert.Equal((HookOpinion.Block, what), (opinion, what));
        Assert.StartsWith(line, why, StringComparison.Ordinal);

        var allowed = await Ask(script, FailMode.Allow);
        Assert.Equal(HookOpinion.None, allowed.Opinion);
        Assert.StartsWith($"It gave no answer: {line}", allowed.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailMode.Block, "sleep 600")]
    [InlineData(FailMode.Allow, "sleep 600")]
    internal async Task One_that_hangs_is_ended_and_always_blocks(FailMode failMode, string script)
    {
        var (opinion, why) = await Ask(script, failMode, TimeSpan.FromSeconds(1));
        Assert.Equal(HookOpinion.Block, opinion);
        Assert.StartsWith("it did not answer within 1 s, and that always blocks.", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_gone_is_named()
    {
        var gone = Path.Combine(folder, "gone.sh");
        var (opinion, why) = await Programs.Ask(Hook, new HookCheck.Command(gone, [], TimeSpan.FromSeconds(30), FailMode.Block), Call, TimeSpan.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(HookOpinion.Block, opinion);
        Assert.Contains(gone, why, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static HookPrograms Programs => new(new HookProcess(new Subprocess(TimeProvider.System)), new AgentSettings());

    private static ToolCall Call => new() { Event = HookEvent.PreToolUse, Tool = Tools.ArmWrite, Subject = "run/1", Lines = ["POST /x"] };

    private static Hook Hook => ToolMatcher.TryParse("*", out var all, out _) ? new("h", HookEvent.PreToolUse, all, null, "The hook's own reason", null!) : throw new InvalidOperationException();

    private Task<(HookOpinion Opinion, string Why)> Ask(string script, FailMode failMode, TimeSpan? timeout = null)
    {
        return Programs.Ask(Hook, new HookCheck.Command(Scratch.Program(folder, script), [], timeout ?? TimeSpan.FromSeconds(60), failMode), Call, TimeSpan.MaxValue, TestContext.Current.CancellationToken);
    }

    private static (string, string, string) Told((HookOpinion Opinion, string Why) said, string what) => (said.Opinion.ToString(), said.Why, what);
}
