using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Plans;

/// <summary>
/// A literal step of a task that is a command of az or kubectl, read as a command in chat is: when it is stored, by the catalogue of that day, and again by the
/// present one whenever something depends on it. Every word of it was written by an Administrator.
/// </summary>
/// <param name="Typed">What stands after the program's name.</param>
internal sealed partial record CommandStep(CommandTool Tool, string Typed, CommandReading.Understood Read)
{
    public const string Accepted = "a command of az or kubectl out of the reviewed catalogue, written out";

    /// <summary>Whoever confirms a task sees each of its steps whole.</summary>
    private const int Longest = 400;

    public bool OnlyReads => Read.Command.Effect == Effect.ReadOnly;

    /// <summary>In full, for whoever confirms it: what it does, to what, by which arguments, and how often it may be sent.</summary>
    public string Words
    {
        get
        {
            var command = Read.Command;
            var line = $"{command.Program} {string.Join(' ', Read.Arguments)}";
            return OnlyReads ? $"Read '{command.Program} {Read.About}' ({line}). It changes nothing."
                : command.Equivalent is { } own ? $"{Operation.ToolCall.Saying(Read)} ({Read.Target.Value}). {own.Impact} The bot sends that request itself, once."
                : $"{Operation.ToolCall.Saying(Read)} ({line}). {command.Impact}{(Tool == CommandTool.Az ? $" {CatalogueCommand.MaySendAgain}" : "")}";
        }
    }

    /// <summary>As it is stored: nothing in it depends on there being one subscription or cluster only.</summary>
    public string Completed(StepRules rules) => $"{(Tool == CommandTool.Kubectl ? "kubectl" : "az")} {rules.Commands.Completed(Typed, Read)}";

    /// <param name="problem">Null when it is no command at all.</param>
    public static bool TryRead(string text, StepRules rules, [NotNullWhen(true)] out CommandStep? step, out string? problem)
    {
        (step, problem) = Program().Match(text) is { Success: true } match
            ? Of(match.Groups["program"].Value.Equals("az", StringComparison.OrdinalIgnoreCase) ? CommandTool.Az : CommandTool.Kubectl, match.Groups["typed"].Value.Trim(' '), rules)
            : (null, null);
        return step is not null;
    }

    private static (CommandStep?, string?) Of(CommandTool tool, string typed, StepRules rules)
    {
        var shown = $"{(tool == CommandTool.Az ? "az" : "kubectl")} {(typed.Length <= 80 ? typed : $"{typed[..80]}…")}";
        return typed.Length > Longest
            ? (null, string.Create(CultureInfo.InvariantCulture, $"'{shown}' is longer than {Longest} characters, and whoever confirms it has to see it whole."))
            : rules.Commands.Read(tool, typed) switch
            {
                CommandReading.Understood read => Guardrails.Of(tool, read.Action, read.Target, rules.Own.Ids) is [var first, ..] ? (null, $"'{shown}' is not run: {first}") : (new CommandStep(tool, typed, read), null),
                CommandReading.Refused refused => (null, $"'{shown}' is not run: {refused.Why.TrimEnd('.')}."),
                _ => (null, $"'{shown}' could not be read."),
            };
    }

    [GeneratedRegex(@"^\s*(?<program>az|kubectl)(?:\s(?<typed>.*))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Program();
}
