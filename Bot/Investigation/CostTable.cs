using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>One row of Cost Management's answer.</summary>
/// <param name="Name">Of what it is grouped by; empty where it is not.</param>
internal sealed record CostRow(decimal Cost, string Currency, DateOnly Day, string Name);

/// <summary>Reads a table of costs. Columns are found by name: their order is Azure's, and changes.</summary>
internal static class CostTable
{
    public const string ByGroup = "ResourceGroupName";
    public const string ByResource = "ResourceId";

    private const int LongestName = 400;

    /// <summary>More than anybody pays; below it no sum of all rows overflows.</summary>
    private const decimal Largest = 1e15m;

    private static readonly string[] CostNames = ["Cost", "PreTaxCost", "totalCost"];
    private static readonly string[] CurrencyNames = ["Currency", "BillingCurrency", "BillingCurrencyCode"];

    /// <param name="by">Null: day by day.</param>
    /// <returns>Null: a column is missing, or one cell is not what it should be. A sum without that row would be wrong and look right.</returns>
    public static IReadOnlyList<CostRow>? Read(JsonElement page, CostPeriod period, string? by)
    {
        List<string?> columns = [.. page.Items("columns").Select(column => column.Text("name"))];
        int At(IEnumerable<string> names) => names.Select(name => columns.FindIndex(column => string.Equals(column, name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(at => at >= 0, -1);
        var (cost, currency) = (At(CostNames), At(CurrencyNames));
        var key = At(by switch { null => ["UsageDate"], ByGroup => [ByGroup, "ResourceGroup"], _ => [by] });
        if (cost < 0 || key < 0 || page.Child("rows").ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var rows = new List<CostRow>();
        foreach (var row in page.Items("rows"))
        {
            if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != columns.Count || Amount(row[cost]) is not { } amount
                || (currency < 0 ? "" : Words(row[currency])) is not { } money || (by is null ? "" : Words(row[key])) is not { } name
                || (by is null ? Day(row[key]) : period.To) is not { } day || !period.Has(day))
            {
                return null;
            }

            rows.Add(new(amount, money.Plain(8).ToUpperInvariant(), day, name.Plain(LongestName)));
        }

        return rows;
    }

    /// <summary>Azure writes long fractions, and small ones with an exponent.</summary>
    private static decimal? Amount(JsonElement cell) => cell.ValueKind == JsonValueKind.Number && cell.TryGetDecimal(out var amount) && Math.Abs(amount) < Largest ? amount : null;

    /// <summary>A number such as 20261123; some answers write it as text.</summary>
    private static DateOnly? Day(JsonElement cell) => DateOnly.TryParseExact(
        cell.ValueKind == JsonValueKind.Number && cell.TryGetInt32(out var number) ? number.ToString(CultureInfo.InvariantCulture) : cell.ValueKind == JsonValueKind.String ? cell.GetString() : "",
        "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static string? Words(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.String => cell.GetString(),
        JsonValueKind.Null => "",
        _ => null,
    };
}
