using System.Globalization;
using System.Text.Json.Serialization;

namespace RunModes.Bot.Proposals;

/// <summary>Whole days, the last included.</summary>
internal sealed record CostPeriod(DateOnly From, DateOnly To)
{
    [JsonIgnore]
    public int Days => To.DayNumber - From.DayNumber + 1;

    [JsonIgnore]
    public CostPeriod Before => new(From.AddDays(-Days), From.AddDays(-1));

    public bool Has(DateOnly day) => day >= From && day <= To;
}

/// <summary>What one thing cost, in this period and the one before. Credits and refunds are negative.</summary>
/// <param name="Name">As Azure names it; empty for what belongs to nothing.</param>
internal sealed record CostLine(string Name, decimal Now, decimal Before)
{
    [JsonIgnore]
    public decimal Change => Now - Before;
}

/// <summary>Everything in one currency: amounts of different ones are never added.</summary>
/// <param name="Daily">Each day of this period; null: Azure has nothing of that day.</param>
/// <param name="Movers">The greatest changes first, up or down.</param>
/// <param name="Others">What is not among the movers, together.</param>
internal sealed record CostSum(string Currency, decimal Now, decimal Before, IReadOnlyList<decimal?> Daily, IReadOnlyList<CostLine> Movers, CostLine? Others)
{
    public int OtherCount { get; init; }

    /// <summary>Days of the period before that Azure has costs of.</summary>
    public int DaysBefore { get; init; }

    /// <summary>The days as bars; empty when they hardly differ.</summary>
    public string Shape { get; init; } = "";
}

/// <summary>What a subscription or resource group cost, this period against the one before.</summary>
/// <param name="Sums">The greatest first; empty: Azure has no costs of either period.</param>
/// <param name="NotRead">Why nothing is known; null: it was read whole. Half a bill is no bill.</param>
internal sealed record CostReport(ResourceId Scope, CostPeriod Period, IReadOnlyList<CostSum> Sums, string? NotRead, DateTimeOffset At)
{
    /// <summary>Azure writes costs up to this late: younger days are left out, because half a day would look like saving.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromHours(24);

    /// <summary>One line, without the comparison.</summary>
    [JsonIgnore]
    public string InWords => NotRead is not null ? $"what {Scope.Name} cost is not known: {NotRead}"
        : Sums.Count == 0 ? $"{Scope.Name} cost nothing that Azure knows of"
        : $"{Scope.Name} cost {string.Join(" and ", Sums.Take(3).Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Now:N2} {sum.Currency}").TrimEnd()))} in {Period.Days} days";

    /// <summary>The last whole days that are old enough.</summary>
    public static CostPeriod LastDays(DateTimeOffset now, int days)
    {
        var last = DateOnly.FromDateTime((now - Lag).UtcDateTime).AddDays(-1);
        return new(last.AddDays(1 - days), last);
    }
}
