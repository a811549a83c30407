using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Gate;

/// <summary>What is refused in every mode, reads included, by resolved action (<see cref="RefusedActions"/>) and by what it is about.</summary>
internal static class Guardrails
{
    public static IReadOnlyList<(string Pattern, string Why)> Refused => RefusedActions.All;

    /// <param name="own">The bot's own resources: nothing equal to, above or below them is a target.</param>
    /// <param name="mostInstances">Up to how many the response plan allows to scale out; null: not at all.</param>
    public static IReadOnlyList<string> Check(Operation operation, IReadOnlyCollection<ResourceId> own, int? mostInstances = null) => operation.Match(arm =>
    {
        List<string> reasons = [.. Refused.Where(r => Matches(r.Pattern, arm.Action)).Select(r => r.Why).Distinct()];
        if (arm.Method.Equals("DELETE", StringComparison.OrdinalIgnoreCase) && reasons.Count == 0)
        {
            reasons.Add("Deletions are refused.");
        }

        if (own.Any(o => o.Overlaps(arm.Changed)))
        {
            reasons.Add("The target is part of the bot itself.");
        }

        if (arm.Parameters is OperationParameters.Scale scale && Objection(scale, mostInstances) is { } objection)
        {
            reasons.Add(objection);
        }

        if (!arm.Target.IsResource)
        {
            reasons.Add("The target is not one resource.");
        }

        return reasons;
    }, tool =>
    {
        List<string> reasons = [.. Of(tool.Tool, tool.Action, tool.Scope, own)];
        if (tool.Known is null)
        {
            reasons.Add("The command is not in the catalogue of this version.");
        }

        if (!tool.Scope.IsResource)
        {
            reasons.Add("The target is not one resource.");
        }

        return reasons;
    });

    /// <summary>What is refused of any command, reads included.</summary>
    public static IReadOnlyList<string> Of(CommandTool tool, string action, ResourceId scope, IReadOnlyCollection<ResourceId> own) =>
    [
        .. Refused.Where(r => tool != CommandTool.Kubectl && Matches(r.Pattern, action)).Select(r => r.Why).Distinct(),
        .. own.Any(o => o.Overlaps(scope)) ? ["The target is part of the bot itself."] : (string[])[],
    ];

    /// <summary>Up by one and within the stored maximum, or back down; never to nothing.</summary>
    private static string? Objection(OperationParameters.Scale scale, int? most) => scale switch
    {
        { To: < 1 } => "A plan without an instance serves nobody.",
        { From: var from, To: var to } when to == from - 1 => null,
        { From: var from, To: var to } when to != from + 1 => "Scaling goes one instance at a time.",
        _ when most is null => "The response plan stores no maximum of instances (MaxInstances), so nothing is scaled out.",
        { To: var to } when to > most => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The response plan allows at most {most} instances (MaxInstances)."),
        _ => null,
    };

    /// <summary>Azure's own wildcard rule for actions.</summary>
    public static bool Matches(string pattern, string action) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true);
}
