using System.Globalization;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Reporting;

/// <summary>What `insights` and the weekly summary say: first what needs a decision, then how each plan did. Short lines, for a phone.</summary>
internal static class InsightsText
{
    private const int MostPlans = 8;
    private const int MostIntents = 4;
    private const int MostQuiet = 20;
    private const int BarLength = 6;
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <param name="newestOnly">How many proposals were read when there were more; null: all.</param>
    public static CardText Of(IReadOnlyList<PlanInsight> insights, DateTimeOffset to, int? newestOnly)
    {
        var active = insights.Where(i => i.All.Proposals > 0).OrderBy(i => Rank(i.Advice)).ThenByDescending(i => i.All.Proposals).ThenBy(i => i.Plan, StringComparer.OrdinalIgnoreCase).ToList();
        var quiet = insights.Where(i => i.All.Proposals == 0 && i.Plan is not null).Select(i => i.Plan!).ToList();
        return CardText.Join("\n\n",
        [
            CardText.Of($"**Insights**, {Words.Day(to - PlanInsight.Window)} to {Words.Day(to)} (4 weeks)"),
            Headline(active),
            .. active.Take(MostPlans).Select(One),
            active.Count > MostPlans ? CardText.Of($"And {active.Count - MostPlans} more plans: `insights <plan>`.") : CardText.Empty,
            quiet.Count == 0 ? CardText.Empty : CardText.Of($"No proposals: {CardText.Join(", ", quiet.Take(MostQuiet).Select(q => CardText.Outside(q, 64)))}{(quiet.Count > MostQuiet ? CardText.Of($" and {quiet.Count - MostQuiet} more") : CardText.Empty)}."),
            newestOnly is { } read ? CardText.Of($"Only the newest {read} proposals were counted.") : CardText.Empty,
        ]);
    }

    private static CardText Headline(List<PlanInsight> active)
    {
        List<CardText> lines = [.. active.Where(i => i.Advice != Advice.Keep).Take(MostPlans).Select(i => CardText.Of($"- {Advised(i)}"))];
        return lines.Count > 0 ? CardText.Join("\n", lines)
            : active.Count == 0 ? CardText.Of($"Nothing was proposed in this time, so there is nothing to go by.")
            : CardText.Of($"No plan's mode should be changed by what was seen. Raising takes {PlanInsight.ApprovalsNeeded} approvals, none denied, by {PlanInsight.DecidersNeeded} people over 14 days, all recovered by my own measurement.");
    }

    private static CardText Advised(PlanInsight insight) => insight.Advice == Advice.Raise
        ? CardText.Of($"**{CardText.Outside(insight.Plan, 64)}** is always approved and always helps: `set {Typed(insight.Plan)} to autonomous`{(insight.Caution is { } caution ? CardText.Of($". {caution}") : CardText.Empty)}")
        : CardText.Of($"**{CardText.Outside(insight.Plan, 64)}** does badly without asking: `set {Typed(insight.Plan)} to review`");

    private static CardText One(PlanInsight insight)
    {
        var t = insight.All;
        List<CardText> lines =
        [
            CardText.Of($"**{(insight.Plan is null ? CardText.Of($"Asked for in chat") : CardText.Outside(insight.Plan, 64))}**{Mode(insight)}"),
            CardText.Of($"- {Weeks(insight.Weeks)} {Count(t.Proposals, "proposal")} by week"),
            t.Approved + t.Denied + t.Expired == 0 ? CardText.Empty : CardText.Of($"- {Share(t.Approved, t.Approved + t.Denied + t.Expired)} {t.Approved} approved, {t.Denied} denied, {t.Expired} expired"),
            t.MedianDecision is { } median ? CardText.Of($"- Decided in {Long(median)} (median), by {Count(t.Deciders, "person", "people")}") : CardText.Empty,
            t.Alone == 0 ? CardText.Empty : CardText.Of($"- {t.Alone} without asking"),
            t.Recovered + t.NotRecovered + t.CouldNotTell == 0 ? CardText.Empty
                : CardText.Of($"- {Share(t.Recovered, t.Recovered + t.NotRecovered + t.CouldNotTell)} {t.Recovered} recovered, {t.NotRecovered} not, {t.CouldNotTell} could not tell"),
            insight.Why.Count == 0 ? CardText.Empty : CardText.Of($"- {Verdict(insight)}: {CardText.Join("; ", insight.Why.Select(w => CardText.Of($"{w}")))}"),
        ];
        if (insight.Intents.Count > 1)
        {
            lines.AddRange(insight.Intents.Take(MostIntents).Select(i => CardText.Of($"- {CardText.Outside(i.Title, 120)}: {Intent(i.Tally)}")));
            lines.Add(insight.Intents.Count > MostIntents ? CardText.Of($"- and {insight.Intents.Count - MostIntents} other operations") : CardText.Empty);
        }

        return CardText.Join("\n", lines);
    }

    private static CardText Verdict(PlanInsight insight) => insight.Advice switch
    {
        Advice.Raise => CardText.Of($"**The pattern holds**"),
        Advice.Lower => CardText.Of($"**Better asked first**"),
        _ when insight.IsAutonomous => CardText.Of($"Stays Autonomous"),
        _ when insight.All.Denied == 0 && insight.All.Approved < PlanInsight.ApprovalsNeeded => CardText.Of($"Too little to say"),
        _ => CardText.Of($"Stays in Review"),
    };

    private static CardText Intent(Tally t) => CardText.Join(", ",
    [
        t.Approved > 0 ? CardText.Of($"{t.Approved} approved") : CardText.Empty, t.Denied > 0 ? CardText.Of($"{t.Denied} denied") : CardText.Empty,
        t.Expired > 0 ? CardText.Of($"{t.Expired} expired") : CardText.Empty, t.Alone > 0 ? CardText.Of($"{t.Alone} without asking") : CardText.Empty,
        CardText.Of($"{t.Recovered} recovered of {t.Recovered + t.NotRecovered + t.CouldNotTell}"),
    ]);

    private static CardText Mode(PlanInsight insight) => insight.Plan is null ? CardText.Of($" · always asks") : insight.ModeInWords is { } mode ? CardText.Of($" · {mode}") : CardText.Of($" · deleted");

    /// <summary>As it has to be typed: quoted where it holds spaces.</summary>
    private static CardText Typed(string? plan) => plan?.Contains(' ', StringComparison.Ordinal) == true ? CardText.Of($"\"{CardText.Outside(plan, 64)}\"") : CardText.Outside(plan, 64);

    private static CardText Weeks(IReadOnlyList<int> weeks)
    {
        var most = Math.Max(1, weeks.Max());
        return CardText.Of($"{string.Concat(weeks.Select(w => w == 0 ? '·' : Bars[(w * Bars.Length - 1) / most is var i && i >= Bars.Length ? Bars.Length - 1 : i]))}");
    }

    private static CardText Share(int part, int whole)
    {
        // Never full while something is missing, never empty while something is there.
        var full = whole == 0 ? 0 : (int)Math.Round((double)part * BarLength / whole);
        full = Math.Clamp(full, part > 0 ? 1 : 0, part < whole ? BarLength - 1 : BarLength);
        return CardText.Of($"{new string('█', full)}{new string('░', BarLength - full)}");
    }

    private static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many ?? one + "s"}");

    private static string Long(TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => "under a minute",
        { TotalMinutes: < 90 } => Count((int)Math.Round(span.TotalMinutes), "minute"),
        { TotalHours: < 48 } => Count((int)Math.Round(span.TotalHours), "hour"),
        _ => Count((int)Math.Round(span.TotalDays), "day"),
    };

    private static int Rank(Advice advice) => advice switch { Advice.Lower => 0, Advice.Raise => 1, _ => 2 };
}
