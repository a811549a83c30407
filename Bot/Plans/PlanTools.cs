namespace RunModes.Bot.Plans;

/// <summary>What may stand among a plan's tools: each a call that needs nobody, written out, and few of them.</summary>
internal static class PlanTools
{
    public const int Most = 5;

    /// <returns>One line each; empty when they can be used.</returns>
    public static IReadOnlyList<string> Problems(IReadOnlyList<string> lines)
    {
        if (lines.Count > Most)
        {
            return [$"are more than {Most}; leave out the least useful."];
        }

        List<string> problems = [.. lines.Select(l => ToolStep.TryRead(l, out _, out var problem) ? null : problem ?? $"'{(l.Length <= 80 ? l : l[..80])}' is no tool; write {ToolStep.Accepted}.").OfType<string>()];
        if (lines.Count(l => ToolStep.TryRead(l, out var step, out _) && step is ToolStep.SendMail) > 1)
        {
            problems.Add("hold more than one mail; write one, to a list of people where several shall have it.");
        }

        return problems;
    }
}
