using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Investigation;

/// <summary>
/// A step of a task that is a command of az or kubectl. A read runs here and its output is what is told; of a change the target is looked at first: what is so already is
/// passed over, and what cannot be looked at is not proposed.
/// </summary>
internal sealed class CommandSteps(ToolReads reads, RequestedChanges changes, PreconditionProbe states, CommandSteps.Setting set, TimeProvider clock)
{
    /// <param name="Agent">As whom.</param>
    internal sealed record Setting(StepRules Rules, AzureContext Agent);

    public StepRules Rules => set.Rules;

    /// <param name="asked">"step 1 of 3 of task nightly".</param>
    public async Task<Investigated> Look(CommandStep step, string asked, CancellationToken cancellation) => step switch
    {
        { OnlyReads: true } => await Read(step, asked, cancellation),
        { Tool: CommandTool.Kubectl } => await InCluster(step, asked, cancellation),
        { Read.LeadsTo: { } goal } => await InAzure(step, goal, asked, cancellation),
        { Read.Command.Equivalent: not null } => await OfTheBot(step, signal: null, asked, cancellation),
        _ => Ended(Conclusion.CouldNotTell, step, $"what {step.Read.Target.NameInFull} is like cannot be read, so nothing is changed ({asked})"),
    };

    private async Task<Investigated> Read(CommandStep step, string asked, CancellationToken cancellation)
    {
        var words = $"'{step.Read.Command.Program} {step.Read.About}' ({asked})";
        var output = await reads.Read(step.Read, cancellation);
        return output.Failed is { } why
            ? Ended(Conclusion.CouldNotTell, step, $"{words} gave no answer: {why.TrimEnd('.')}")
            : new(new Finding(Conclusion.Informed, step.Read.Target.NameInFull, words, words, [.. ReadOutput.Fold(output.Text)], Symptom: null, clock.GetUtcNow()) { IsAnswer = true }, Remedy: null);
    }

    private async Task<Investigated> InAzure(CommandStep step, Precondition goal, string asked, CancellationToken cancellation)
    {
        var name = step.Read.Target.NameInFull;
        if (await states.Read(goal, cancellation) is not { } now)
        {
            return Ended(Conclusion.CouldNotTell, step, $"the {goal.Label} of {name} could not be read: it does not exist, or is hidden from the agent ({asked})");
        }

        return now.Equals(goal.Value, StringComparison.OrdinalIgnoreCase) ? So(step, $"{name} is so already: {goal.Label} {now.Plain(60)} ({asked})")
            : step.Read.Command.Equivalent is not null ? await OfTheBot(step, RecoverySignal.OfState(Upper(goal.Label), goal, now.Plain(60)), asked, cancellation)
            : Asked(step, asked, $"{goal.Label}: {now.Plain(60)}", new Remedy(Operation.ToolCall.Of(step.Read, set.Agent), Provenance.AdministratorText, RecoverySignal.OfState(Upper(goal.Label), goal, now)));
    }

    /// <summary>One of the bot's own requests stands for it.</summary>
    private async Task<Investigated> OfTheBot(CommandStep step, RecoverySignal? signal, string asked, CancellationToken cancellation)
    {
        var looked = await changes.Investigate(step.Read, Provenance.AdministratorText, cancellation);
        return looked.Remedy is not { } remedy
            ? looked with { Finding = looked.Finding with { Present = $"{looked.Finding.Present} ({asked})", Past = $"{looked.Finding.Past} ({asked})" } }
            : Asked(step, asked, string.Join(", ", remedy.Operation.Preconditions.Select(p => $"{p.Label}: {p.Value.Plain(60)}").Take(3)),
                remedy with { Recovery = remedy.Recovery ?? signal });
    }

    private async Task<Investigated> InCluster(CommandStep step, string asked, CancellationToken cancellation)
    {
        if (StepObject.Of(step.Read, set.Rules.Commands) is not { } of)
        {
            return Ended(Conclusion.CouldNotTell, step, $"what {step.Read.About} is about cannot be looked at ({asked})");
        }

        var output = await reads.Read(of.Look, cancellation);
        return output.Failed is { } why ? Ended(Conclusion.CouldNotTell, step, $"{of.Name} could not be looked at: {why.TrimEnd('.')} ({asked})")
            : of.Standing(output.Text) switch
            {
                null => Ended(Conclusion.CouldNotTell, step, $"the cluster's answer about {of.Name} could not be understood ({asked})"),
                { IsSo: true } standing => So(step, $"{of.Name} is so already: {standing.Words} ({asked})"),
                { } standing => Asked(step, asked, standing.Words, new Remedy(Operation.ToolCall.Of(step.Read, set.Agent), Provenance.AdministratorText, Recovery: null)),
            };
    }

    /// <summary>What was measured is the state, a moment ago and after the tick.</summary>
    private Investigated Asked(CommandStep step, string asked, string state, Remedy remedy)
    {
        var now = clock.GetUtcNow();
        return new(
            new Finding(Conclusion.Sick, step.Read.Target.NameInFull, $"{asked} is due", $"that {asked} was due", [new("State", $"{state} at {now.Utc()} UTC")], new("State", 0, "", now), now) { Asked = true },
            remedy);
    }

    private Investigated So(CommandStep step, string words) => Ended(Conclusion.NeverSick, step, words);

    private Investigated Ended(Conclusion conclusion, CommandStep step, string words) =>
        new(new Finding(conclusion, step.Read.Target.NameInFull, words, $"that {words}", [], Symptom: null, clock.GetUtcNow()), Remedy: null);

    private static string Upper(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
