using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;

namespace RunModes.Bot.Tests.Gate;

/// <summary>Hooks tighten and never loosen: there is no answer under which anything meets a milder verdict than without it.</summary>
public sealed class HooksTightenTests
{
    [Fact]
    public void Whatever_else_is_so_a_hooks_word_never_makes_a_verdict_milder()
    {
        foreach (var facts in AllFacts.Combinations().Where(f => f.Hook.State == HookOpinion.None))
        {
            var without = ApprovalGate.Judge(facts).Kind;
            foreach (var opinion in Enum.GetValues<HookOpinion>().Append((HookOpinion)99))
            {
                // Verdicts are ordered from the strictest.
                if (ApprovalGate.Judge(facts with { Hook = new(opinion) }).Kind > without)
                {
                    Assert.Fail($"{facts}: {opinion} made {without} milder.");
                }
            }

            if (ApprovalGate.Judge(facts with { Hook = new(HookOpinion.Ask) }).Kind == VerdictKind.Proceed)
            {
                Assert.Fail($"{facts}: nobody was asked.");
            }
        }
    }

    [Theory]
    [InlineData("None None", HookOpinion.None)]
    [InlineData("None Ask", HookOpinion.Ask)]
    [InlineData("Block Ask None", HookOpinion.Block)]
    [InlineData("None None Block", HookOpinion.Block)]
    [InlineData("", HookOpinion.None)]
    internal void Of_several_hooks_the_strictest_counts_in_whatever_order(string opinions, HookOpinion expected)
    {
        var answers = opinions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(o => Answer(Enum.Parse<HookOpinion>(o))).ToList();
        Assert.Equal(expected, HookRuling.Of(answers).Opinion);
        answers.Reverse();
        Assert.Equal(expected, HookRuling.Of(answers).Opinion);
    }

    private static HookAnswer Answer(HookOpinion opinion) => new("h", HookEvent.PreToolUse, Tools.ArmWrite, "run/1", "", "", opinion, opinion.ToString(), DateTimeOffset.UnixEpoch, TimeSpan.Zero);
}
