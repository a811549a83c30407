using System.Diagnostics.CodeAnalysis;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Plans;

/// <summary>One literal operation of a task, as an Administrator wrote it: an action that is known, on one resource, by its full id. Nothing in it is looked up or guessed.</summary>
internal sealed record TaskStep(ArmAction Action, ResourceId Target)
{
    public const int Most = 10;

    public const string Accepted = "write restart, start or stop and the full id of a web app, or restart and the full id of a virtual machine, or " + CommandStep.Accepted + ", or " + ToolStep.Accepted;

    private static readonly (string Verb, ArmAction Action)[] Known =
    [
        ("restart", ArmAction.RestartWebApp), ("start", ArmAction.StartWebApp), ("stop", ArmAction.StopWebApp), ("restart", ArmAction.RestartVirtualMachine),
    ];

    /// <summary>"Restart App Service 'app-service-staging' (/subscriptions/…)": in full, for whoever confirms it.</summary>
    public string Words => $"{Action.Label} '{Target.NameInFull}' ({Target.Value}). {Action.Impact}";

    public static bool TryRead(string text, [NotNullWhen(true)] out TaskStep? step, [NotNullWhen(false)] out string? problem)
    {
        (step, problem) = Read(text);
        return step is not null;
    }

    /// <summary>The same operation, written as a command: what Azure is asked for is the bot's own request either way.</summary>
    public static TaskStep? Of(CommandStep command) => Known.FirstOrDefault(k => k.Action == command.Read.Command.Equivalent).Action is { } action ? new(action, command.Read.Target) : null;

    /// <param name="rules">What a command may be; null: none is accepted.</param>
    /// <returns>Everything that is wrong with them, one line each; empty when they can be run.</returns>
    public static IReadOnlyList<string> Problems(IReadOnlyList<string> steps, StepRules? rules = null) => steps.Count switch
    {
        0 => [$"are missing; {Accepted}, one a line."],
        > Most => [$"are more than {Most}; make another task of the rest."],
        _ => [.. steps.Select(s => Problem(s, rules ?? StepRules.Nothing)).OfType<string>()],
    };

    private static string? Problem(string text, StepRules rules) => ToolStep.TryRead(text, out _, out var problem) || (problem is null && CommandStep.TryRead(text, rules, out _, out problem)) || (problem is null && TryRead(text, out _, out problem))
        ? null
        : problem;

    private static (TaskStep?, string?) Read(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var shown = text.Length <= 80 ? text : $"{text[..80]}…";
        if (words is not [var verb, var id] || !Known.Any(k => Is(k.Verb, verb)))
        {
            return (null, $"'{shown}' is no step; {Accepted}.");
        }

        if (!ResourceId.TryParse(id, out var target, out var why))
        {
            return (null, $"'{shown}': {why.TrimEnd('.')}; {Accepted}.");
        }

        return Known.FirstOrDefault(k => Is(k.Verb, verb) && target.IsOfType(k.Action.ResourceType)).Action is { } action
            ? (new(action, target), null)
            : (null, $"'{shown}': {verb.ToLowerInvariant()} is not among what a step does to {target.ResourceType ?? "a group"}; {Accepted}.");
    }

    private static bool Is(string known, string typed) => known.Equals(typed, StringComparison.OrdinalIgnoreCase);
}
