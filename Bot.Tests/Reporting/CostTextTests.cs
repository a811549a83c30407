using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Cards;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Reporting;

public sealed class CostTextTests
{
    private static readonly ResourceId Group = ResourceId.Parse("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-web");
    private static readonly CostPeriod Week = new(new(2026, 11, 15), new(2026, 11, 21));

    private static CostSum Euros => new("EUR", 412.3m, 368.1m, [50, 55, 52.5m, 61, 63.8m, 62, 68],
    [
        new($"{Group}/providers/microsoft.web/serverfarms/plan-prod", 210.4m, 180.2m), new($"{Group}/providers/microsoft.sql/servers/sql-prod/databases/orders", 80.1m, 0),
        new($"{Group}/providers/microsoft.compute/virtualmachines/vm-batch", 0, 61.05m), new("", -12.5m, 0), new($"{Group}/providers/microsoft.storage/storageaccounts/logs", 0.004m, 0.004m),
    ], new("", 134.3m, 126.85m)) { OtherCount = 31, DaysBefore = 7, Shape = "▁▂▂▅▆▆█" };

    private static IReadOnlyDictionary<string, CostReport> All { get; } = new Dictionary<string, CostReport>
    {
        ["more"] = Report(Euros),
        ["less"] = Report(Euros with { Now = 300, Before = 368.1m }),
        ["as-before"] = Report(Euros with { Now = 368.5m, Before = 368.1m, Shape = "" }),
        ["after-nothing"] = Report(Euros with { Before = 0, DaysBefore = 0, Daily = [null, null, null, null, null, 62, 68] }),
        ["twelve-times"] = Report(Euros with { Before = 31 }),
        ["credit"] = Report(Euros with { Now = -20, Before = -5, Movers = [], Others = null, OtherCount = 0 }),
        ["currencies"] = Report(Euros, Euros with { Currency = "USD", Now = 3, Before = 2, Movers = [new("Marketplace", 3, 2)], Others = null, OtherCount = 0 }, Euros with { Currency = "" }, Euros with { Currency = "SEK" }),
        ["subscription"] = new(Group.Subscription, Week, [Euros with { Movers = [new("rg-web", 300, 100), new("rg-data", 112.3m, 268.1m)], Others = null, OtherCount = 0 }], null, default),
        ["nothing"] = Report(),
        ["unread"] = Report() with { NotRead = "the agent may not read the costs of resource group 'rg-web'; grant it Cost Management Reader there" },
    };

    [Fact]
    public async Task Every_kind_of_report_reads_as_it_was_looked_at() => await Golden.MustEqual(
        "Bot.Tests/Reporting/Golden/costs.txt", All.SelectMany(r => new[] { $"===== {r.Key}", CostText.Of(r.Value, "weekly-cost").Markdown, "" }));

    [Fact]
    public void Many_currencies_of_huge_names_fit_into_a_message()
    {
        var huge = Euros with { Now = 999_999_999_999_999m, Movers = [.. Enumerable.Range(0, 10).Select(i => new CostLine(string.Concat(Enumerable.Repeat("😀", 5000)), -999_999_999_999_999m, 999_999_999_999_999m))] };

        Assert.InRange(ListText.SizeOf(CostText.Of(Report([.. Enumerable.Repeat(huge, 40)]), new string('漢', 200))), 1, 22_000);
    }

    [Theory]
    [MemberData(nameof(HostileTextTests.Hostile), MemberType = typeof(HostileTextTests))]
    [InlineData("```\n[x](https://evil.example)\n```")]
    [InlineData("~~~")]
    [InlineData("x/y/```")]
    public void Hostile_text_adds_no_markup_and_leaves_no_fence(string text)
    {
        CostReport With(string words) => Report(Euros with { Movers = [new(words, 1, 2)], Currency = words });
        var (plain, hostile) = (CostText.Of(With("plain words"), "plain words"), CostText.Of(With(text), text));

        Assert.Equal(Markup.Of(plain), Markup.Of(hostile));
        var fences = hostile.Markdown.Split('\n').Index().Where(line => line.Item.Contains("```", StringComparison.Ordinal)).ToList();
        Assert.Equal(["```", "```"], fences.Select(f => f.Item));
        Assert.Equal(4, fences[1].Index - fences[0].Index);
    }

    private static CostReport Report(params CostSum[] sums) => new(Group, Week, sums, null, default);
}
