using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Reporting;

/// <summary>What a health check says: first whether the group is well, then what is not, then what is being done, what nobody knows, and what changed.</summary>
internal static class GroupHealthText
{
    private const int LongestName = 80;
    private const int LongestText = 160;

    /// <param name="task">Who checks; null: nobody in particular.</param>
    public static CardText Of(GroupHealth health, string? task)
    {
        var group = CardText.Outside(health.Group.Name, LongestName);
        return CardText.Join("\n\n",
        [
            CardText.Of($"{Headline(health, group)}{(task is null ? CardText.Empty : CardText.Of($" · task {CardText.Outside(task, 64)}"))}"),
            CardText.Join("\n", [Sick(health), Alerts(health)]), Looks(health), Gaps(health), Counts(health), Changes(health),
        ]);
    }

    private static CardText Headline(GroupHealth health, CardText group) => health.Verdict switch
    {
        GroupVerdict.Healthy or GroupVerdict.Unhealthy => CardText.Of($"**{CardText.Outside(health.InWords, 2 * LongestName)}**"),
        _ when health is { Tally.All: 0, Firing: 0, Gaps.Count: 0 } => CardText.Of($"**Could not tell whether {group} is well**: Azure knows the health of nothing in it"),
        _ when health is { Tally: { Available: 0 }, Firing: 0, Gaps.Count: 0 } => CardText.Of($"**Could not tell whether {group} is well**: nothing in it is known to be available"),
        _ => CardText.Of($"**Could not tell whether {group} is well**"),
    };

    private static CardText Sick(GroupHealth health)
    {
        var sick = health.NotAvailable.Where(r => r.State != Availability.StoppedByPeople).Select(r => CardText.Of(
            $"**{r.State.ToString()}** {Name(r.Resource)}{Since(r.Since, health.At)}{(r.Summary.Length == 0 ? CardText.Empty : CardText.Of($": {CardText.Outside(r.Summary, LongestText)}"))}")).ToList();
        return ListText.Of(sick, health.Tally?.Sick ?? 0, most: 12, bytes: 6000, of: "unhealthy");
    }

    private static CardText Alerts(GroupHealth health) => ListText.Of(
        [
            .. health.Alerts.Select(a => CardText.Of(
                $"**{CardText.Outside(a.Severity, 10)}** {CardText.Outside(a.Rule, LongestText)}{On(a)}{Since(a.Since, health.At)}{(a.Times > 1 ? CardText.Of($", {a.Times} times") : CardText.Empty)}{(a.Acknowledged ? CardText.Of($", acknowledged") : CardText.Empty)}")),
        ],
        health.AlertKinds, most: 10, bytes: 4500, of: "alerts");

    private static CardText On(FiringAlert alert) => alert.Target is { IsResource: true } target ? CardText.Of($" on {Name(target)}") : CardText.Empty;

    private static CardText Looks(GroupHealth health) => health.Looks.Count == 0 ? CardText.Empty : CardText.Join("\n",
    [
        CardText.Of($"I looked closer:"),
        ListText.Of(
            [
                .. health.Looks.Select(l => CardText.Of($"I found that {CardText.Outside(l.Words.TrimEnd('.'), 300)}. {(l.Offers is { } offer
                    ? CardText.Of($"Proposed in a message of its own: {CardText.Outside(offer, LongestText)}.") : CardText.Of($"I propose nothing."))}")),
            ],
            health.Looks.Count, most: 5, bytes: 4000),
    ]);

    private static CardText Gaps(GroupHealth health) => health.Gaps.Count == 0 ? CardText.Empty : CardText.Join("\n",
    [
        health.Verdict == GroupVerdict.Unhealthy ? CardText.Of($"There may be more, because not all could be read:") : CardText.Of($"Not read:"),
        ListText.Of([.. health.Gaps.Select(g => CardText.Outside(g, 300))], health.Gaps.Count, most: 6, bytes: 2500),
    ]);

    /// <summary>What was read and is not in a list above.</summary>
    private static CardText Counts(GroupHealth health)
    {
        List<CardText> parts = [];
        if (health.Tally is { } tally)
        {
            parts.Add(CardText.Of($"{ListText.Count(tally.Available, "resource")} available"));
            parts.Add(tally.StoppedByPeople == 0 ? CardText.Empty : CardText.Of($"{tally.StoppedByPeople} stopped by people ({Stopped(health)})"));
            parts.Add(tally.Unknown == 0 ? CardText.Empty : CardText.Of($"{tally.Unknown} of unknown health"));
        }

        parts.Add(health.Firing is 0 ? CardText.Of($"no alert firing") : CardText.Empty);
        parts.Add(health.Closed == 0 ? CardText.Empty : CardText.Of($"{ListText.Count(health.Closed, "firing alert")} closed by people"));
        var said = CardText.Join(", ", parts);
        return said.IsEmpty ? said : CardText.Of($"{said}.");
    }

    private static CardText Stopped(GroupHealth health)
    {
        var stopped = health.NotAvailable.Where(r => r.State == Availability.StoppedByPeople).Select(r => Name(r.Resource)).ToList();
        return CardText.Join(", ", [.. stopped.Take(4), stopped.Count < health.Tally!.StoppedByPeople || stopped.Count > 4 ? CardText.Of($"…") : CardText.Empty]);
    }

    private static CardText Changes(GroupHealth health) => health switch
    {
        { ChangesGap: { } why } => CardText.Of($"Changes in 24 hours: {CardText.Outside(why, 300)}."),
        { Changed: 0 } => CardText.Of($"No change in 24 hours (activity log)."),
        { Changed: { } count } => CardText.Join("\n",
        [
            CardText.Of($"{ListText.Count(count, "change")} in 24 hours (activity log):"),
            ListText.Of(
                [.. health.Changes.Select(c => CardText.Of($"{At(c.At, health.At)} {CardText.Outside(c.Resource, LongestName)} {CardText.Outside(c.What, 40)} by {CardText.Outside(c.By, LongestName)}{(c.Times > 1 ? CardText.Of($", {c.Times} times") : CardText.Empty)}"))],
                health.Changes.Count, most: 6, bytes: 2500),
        ]),
        _ => CardText.Empty,
    };

    private static CardText Name(ResourceId resource) => CardText.Outside(resource.NameInFull, LongestName);

    private static CardText Since(DateTimeOffset? since, DateTimeOffset now) => since is { } at ? CardText.Of($", since {At(at, now)}") : CardText.Empty;

    /// <summary>With its day when it was not just now.</summary>
    private static CardText At(DateTimeOffset at, DateTimeOffset now) => now - at < TimeSpan.FromHours(20) && at <= now ? CardText.Of($"{Words.Clock(at)}") : CardText.Of($"{Words.Day(at)}, {Words.Clock(at)}");
}
