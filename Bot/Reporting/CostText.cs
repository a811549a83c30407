using System.Globalization;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Reporting;

/// <summary>What a cost report says: how much, how much more or less than before, the days as bars, and what made the difference.</summary>
internal static class CostText
{
    private const int LongestName = 48;
    private const int MostCurrencies = 3;

    /// <summary>Under this share two periods cost the same.</summary>
    private const decimal Same = 0.005m;

    /// <param name="task">Who reports; null: nobody in particular.</param>
    public static CardText Of(CostReport report, string? task)
    {
        var what = CardText.Outside(report.Scope.Group is null ? $"subscription {report.Scope.SubscriptionId}" : report.Scope.ResourceGroup, 90);
        var by = task is null ? CardText.Empty : CardText.Of($" · task {CardText.Outside(task, 64)}");
        return report switch
        {
            { NotRead: { } why } => CardText.Of($"**Could not tell what {what} cost**{by}\n\nNot read: {CardText.Outside(why, 300)}."),
            { Sums.Count: 0 } => CardText.Of($"**{what} cost nothing that Azure knows of**{by}\n\nIt has no costs from {Day(report.Period.Before.From)} to {Day(report.Period.To)}, neither of these {report.Period.Days} days nor of the {report.Period.Days} before."),
            _ => CardText.Join("\n\n",
            [
                .. report.Sums.Take(MostCurrencies).SelectMany((sum, i) => Sum(report, sum, i == 0 ? CardText.Of($"**{what} cost {Money(sum.Now, sum)}**, {Compared(sum)}{by}") : CardText.Of($"**And {Money(sum.Now, sum)}**, {Compared(sum)}"))),
                report.Sums.Count > MostCurrencies ? CardText.Of($"And costs in {ListText.Count(report.Sums.Count - MostCurrencies, "more currency", "more currencies")}.") : CardText.Empty,
                CardText.Of($"A bar is a day, in UTC. The newest days are left out, because Azure writes costs late."),
            ]),
        };
    }

    private static CardText[] Sum(CostReport report, CostSum sum, CardText headline)
    {
        var (period, missing) = (report.Period, sum.Daily.Count(day => day is null));
        return
        [
            headline,
            CardText.Join("\n",
            [
                CardText.Of($"- {Day(period.From)} to {Day(period.To)}: {Money(sum.Now, sum)}{(sum.Shape.Length == 0 ? CardText.Empty : CardText.Of($" {sum.Shape}"))}"),
                CardText.Of($"- {Day(period.Before.From)} to {Day(period.Before.To)}: {Money(sum.Before, sum)}"),
                missing == 0 && sum.DaysBefore == period.Days ? CardText.Empty
                    : CardText.Of($"- Azure has costs of {period.Days - missing} of the {period.Days} days, and of {sum.DaysBefore} of those before"),
            ]),
            Table(sum),
        ];
    }

    /// <summary>Names come last: they are of any length, and the numbers still stand below each other.</summary>
    private static CardText Table(CostSum sum)
    {
        List<(string Now, string Change, string Name)> rows =
        [
            ("now", "change", "what changed most"),
            .. sum.Movers.Select(line => (Amount(line.Now), Signed(line.Change), Name(line.Name))),
        ];
        if (sum.Others is { } others)
        {
            rows.Add((Amount(others.Now), Signed(others.Change), $"{ListText.Count(sum.OtherCount, "other")} together"));
        }

        var (now, change) = (rows.Max(r => r.Now.Length), rows.Max(r => r.Change.Length));
        return sum.Movers.Count == 0 ? CardText.Empty : CardText.Typed(rows.Select(r => $"{r.Now.PadLeft(now)}  {r.Change.PadLeft(change)}  {r.Name}"));
    }

    private static CardText Compared(CostSum sum) => (sum.Now - sum.Before, sum.Before) switch
    {
        (0, 0) => CardText.Of($"as before"),
        ( > 0, 0) => CardText.Of($"after nothing before"),
        // A share of a credit says nothing.
        (var change, <= 0) => CardText.Of($"{Money(Math.Abs(change), sum)} {More(change)} than before"),
        (var change, var before) when Math.Abs(change / before) < Same => CardText.Of($"as before"),
        (var change, var before) when change / before >= 9 => CardText.Of($"{(int)Math.Min((change + before) / before, int.MaxValue)} times as much as before"),
        (var change, var before) => CardText.Of($"{(int)Math.Max(1, Math.Round(Math.Abs(change / before) * 100))} % {More(change)} than before"),
    };

    private static string More(decimal change) => change > 0 ? "more" : "less";

    private static CardText Money(decimal amount, CostSum sum) => sum.Currency.Length == 0 ? CardText.Of($"{Amount(amount)}") : CardText.Of($"{Amount(amount)} {CardText.Outside(sum.Currency, 8)}");

    private static string Amount(decimal amount) => amount switch
    {
        0 => "0.00",
        > 0 and < 0.01m => "<0.01",
        < 0 and > -0.01m => ">-0.01",
        _ => amount.ToString("N2", CultureInfo.InvariantCulture),
    };

    private static string Signed(decimal change) => change switch
    {
        > 0 => $"+{Amount(change)}",
        0 => "=",
        _ => Amount(change),
    };

    /// <summary>Of a resource id its own name; what belongs to no resource says so.</summary>
    private static string Name(string name)
    {
        var own = ResourceId.TryParse(name, out var id, out _) ? id.NameInFull : name.TrimEnd('/') is var text && text.LastIndexOf('/') is >= 0 and var at ? text[(at + 1)..] : name;
        return own.Length == 0 ? "(not of a resource)" : OutsideText.Plain(own, LongestName);
    }

    private static CardText Day(DateOnly day) => CardText.Of($"{Words.Day(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero))}");
}
