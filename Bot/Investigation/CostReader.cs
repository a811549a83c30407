using System.Globalization;
using System.Text.Json.Nodes;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// What a subscription or group cost by Cost Management: day by day over both periods, and what made the difference. Three questions, one after the other,
/// because Azure allows few at a time. A report is read whole or not at all.
/// </summary>
internal sealed class CostReader(ArmQuery azure, TimeProvider clock)
{
    /// <summary>Of each currency.</summary>
    public const int MostMovers = 10;

    private const int LongestReason = 200;

    public async Task<CostReport> Of(ResourceId scope, int days, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var period = CostReport.LastDays(now, days);
        // What a whole subscription costs is looked at by group, a group by resource.
        var by = scope.Group is null ? CostTable.ByGroup : CostTable.ByResource;
        List<IReadOnlyList<CostRow>> tables = [];
        foreach (var (span, grouping) in new[] { (new CostPeriod(period.Before.From, period.To), null), (period, by), (period.Before, by) })
        {
            switch (await Rows(scope, span, grouping, cancellation))
            {
                case Reading<IReadOnlyList<CostRow>>.Told told:
                    tables.Add(told.Value);
                    break;
                case var unread:
                    return new(scope, period, [], unread is Reading<IReadOnlyList<CostRow>>.NotRead(var why) ? why : "the costs could not be read", now);
            }
        }

        return new(scope, period, Sums(period, tables[0], tables[1], tables[2]), null, now);
    }

    private async Task<Reading<IReadOnlyList<CostRow>>> Rows(ResourceId scope, CostPeriod period, string? by, CancellationToken cancellation)
    {
        var answer = await azure.Costs(scope, new BinaryData(Question(period, by)), cancellation);
        return answer.Match(
            pages =>
            {
                List<IReadOnlyList<CostRow>?> read = [.. pages.EnumerateArray().Select(page => CostTable.Read(page, period, by))];
                return read.Contains(null)
                    ? new Reading<IReadOnlyList<CostRow>>.NotRead("Azure's answer about costs could not be understood")
                    : (Reading<IReadOnlyList<CostRow>>)new Reading<IReadOnlyList<CostRow>>.Told([.. read.SelectMany(rows => rows!)]);
            },
            (_, _) => new Reading<IReadOnlyList<CostRow>>.NotRead($"{What(scope)} does not exist or is hidden from the agent"),
            (_, _) => new Reading<IReadOnlyList<CostRow>>.NotRead($"the agent may not read the costs of {What(scope)}; grant it Cost Management Reader there"),
            reason => new Reading<IReadOnlyList<CostRow>>.NotRead($"the costs could not be read: {reason.TrimEnd('.').Plain(LongestReason)}"));
    }

    private static string What(ResourceId scope) => scope.Group is null ? "the subscription" : $"resource group '{scope.ResourceGroup}'";

    private static string Question(CostPeriod period, string? by)
    {
        static string Day(DateOnly day, string time) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + time;
        var dataset = new JsonObject
        {
            ["granularity"] = by is null ? "Daily" : "None",
            ["aggregation"] = new JsonObject { ["totalCost"] = new JsonObject { ["name"] = "Cost", ["function"] = "Sum" } },
        };
        if (by is not null)
        {
            dataset["grouping"] = new JsonArray(new JsonObject { ["type"] = "Dimension", ["name"] = by });
        }

        return new JsonObject
        {
            ["type"] = "ActualCost", ["timeframe"] = "Custom",
            ["timePeriod"] = new JsonObject { ["from"] = Day(period.From, "T00:00:00Z"), ["to"] = Day(period.To, "T23:59:59Z") },
            ["dataset"] = dataset,
        }.ToJsonString();
    }

    private static List<CostSum> Sums(CostPeriod period, IReadOnlyList<CostRow> daily, IReadOnlyList<CostRow> lately, IReadOnlyList<CostRow> before) =>
    [
        .. daily.Select(row => row.Currency).Distinct(StringComparer.Ordinal).Select(currency =>
            Sum(period, currency, [.. daily.Where(row => row.Currency == currency)], [.. lately.Where(row => row.Currency == currency)], [.. before.Where(row => row.Currency == currency)]))
            .OrderByDescending(sum => Math.Abs(sum.Now)).ThenBy(sum => sum.Currency, StringComparer.Ordinal),
    ];

    private static CostSum Sum(CostPeriod period, string currency, List<CostRow> daily, List<CostRow> lately, List<CostRow> before)
    {
        var byDay = daily.GroupBy(row => row.Day).ToDictionary(day => day.Key, day => day.Sum(row => row.Cost));
        List<CostLine> lines =
        [
            .. lately.Select(row => new CostLine(row.Name, row.Cost, 0)).Concat(before.Select(row => new CostLine(row.Name, 0, row.Cost)))
                .GroupBy(part => part.Name, StringComparer.OrdinalIgnoreCase).Select(same => new CostLine(same.First().Name, same.Sum(p => p.Now), same.Sum(p => p.Before)))
                .OrderByDescending(line => Math.Abs(line.Change)).ThenByDescending(line => line.Now).ThenBy(line => line.Name, StringComparer.OrdinalIgnoreCase),
        ];
        List<CostLine> rest = [.. lines.Skip(MostMovers)];
        return new CostSum(
            currency, daily.Where(row => period.Has(row.Day)).Sum(row => row.Cost), daily.Where(row => period.Before.Has(row.Day)).Sum(row => row.Cost),
            [.. Enumerable.Range(0, period.Days).Select(i => byDay.TryGetValue(period.From.AddDays(i), out var spent) ? spent : (decimal?)null)],
            [.. lines.Take(MostMovers)],
            rest.Count == 0 ? null : new CostLine("", rest.Sum(line => line.Now), rest.Sum(line => line.Before)))
        {
            OtherCount = rest.Count,
            DaysBefore = byDay.Keys.Count(period.Before.Has),
            Shape = Sparkline.Draw(
                [.. byDay.Where(day => period.Has(day.Key)).OrderBy(day => day.Key).Select(day => new Sample(Midnight(day.Key), (double)day.Value))],
                Midnight(period.From), Midnight(period.To.AddDays(1)), period.Days),
        };
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
