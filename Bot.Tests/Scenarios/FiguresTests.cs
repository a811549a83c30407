using System.Globalization;
using RunModes.Bot.Tests.Fuzz;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>
/// The README's table, measured by one command:
/// <c>dotnet run --project Bot.Tests -c Release -- -explicit only -class '*FiguresTests'</c>. It writes docs/figures.md and the README.
/// </summary>
public sealed class FiguresTests
{
    private const string Begin = "<!-- figures -->";
    private const string End = "<!-- /figures -->";
    private const int Races = 10;
    private const int ClicksOfEach = 60;
    private const int KillsOfEach = 12;

    [Fact(Explicit = true)]
    public async Task The_table_of_figures()
    {
        var sqlite = await Column();
        Column postgres;
        using (StoreOfTest.PostgreSql())
        {
            postgres = await Column();
        }

        var table = Table(sqlite, postgres);
        TestContext.Current.TestOutputHelper?.WriteLine(table);
        await File.WriteAllTextAsync(Repository.Path("docs/figures.md"), Page(table), TestContext.Current.CancellationToken);
        var readme = await File.ReadAllTextAsync(Repository.Path("README.md"), TestContext.Current.CancellationToken);
        if (Between(readme, Begin, End) is { } old)
        {
            await File.WriteAllTextAsync(Repository.Path("README.md"), readme.Replace($"{Begin}{old}{End}", $"{Begin}\n{table}\n{End}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("figures", "| clicks tried / decisions / executions |")]
    [InlineData("benchmarks", "| click → answer |")]
    public async Task The_README_shows_the_table_that_was_measured(string table, string row)
    {
        var (begin, end) = ($"<!-- {table} -->", $"<!-- /{table} -->");
        var measured = await File.ReadAllTextAsync(Repository.Path($"docs/{table}.md"), TestContext.Current.CancellationToken);
        Assert.Equal(Between(measured, begin, end), Between(await File.ReadAllTextAsync(Repository.Path("README.md"), TestContext.Current.CancellationToken), begin, end));
        Assert.Contains(row, Between(measured, begin, end), StringComparison.Ordinal);
    }

    private static async Task<Column> Column()
    {
        var clicks = await Clicks();
        FuzzFigures[] forged = [await FuzzTests.Activities(), await FuzzTests.CardData(), await FuzzTests.Webhooks()];
        var storm = await StormTests.Figures(whole: true);
        return new(clicks, await Kills.Run(KillsOfEach), (forged.Sum(f => f.Tried), forged.Sum(f => f.Accepted)), storm);
    }

    /// <summary>Two Administrators press Approve sixty times at once, wherever the balancer sends them, on one card after the other.</summary>
    private static async Task<(int Tried, int Decisions, int Executions)> Clicks()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var settings = home.Settings();
        (settings["ResponsePlans:0:Resource"], settings["ResponsePlans:0:ResourceGroup"]) = ("", "web");
        await using BotClient bot = StoreOfTest.IsPostgreSql ? await Replicas.Start(3, cloud, settings) : await BotProcess.Start(cloud, settings);
        await bot.Install();
        for (var i = 0; i < Races; i++)
        {
            var app = cloud.Sick($"app-{i}");
            await bot.Fire(app.Id);
            var card = await bot.WaitForAsk(m => m.Reads.Contains($"'{app.Name}'", StringComparison.Ordinal));
            await Task.WhenAll(Enumerable.Range(0, ClicksOfEach).Select(click => bot.Press(card, "approve", click % 2 == 0 ? People.Ada : People.Ben)));
            await bot.WaitForCard("Done, recovered", m => m.ActivityId == card.ActivityId);
        }

        return (Races * ClicksOfEach, await home.Audited("DecisionMade"), cloud.Arm.Mutations.Count);
    }

    private static string Table(Column sqlite, Column postgres)
    {
        string Row(string name, Func<Column, FormattableString> value) =>
            $"| {name} | {value(sqlite).ToString(CultureInfo.InvariantCulture)} | {value(postgres).ToString(CultureInfo.InvariantCulture)} |";
        return string.Join('\n',
        [
            "| | SQLite, one process | PostgreSQL, three replicas |",
            "|---|---|---|",
            Row("clicks tried / decisions / executions", c => $"{c.Clicks.Tried:N0} / {c.Clicks.Decisions} / {c.Clicks.Executions}"),
            Row("kills / lost / executed twice", c => $"{c.Kills.Kills} / {c.Kills.Lost} / {c.Kills.Duplicated}"),
            Row("forged inputs / accepted", c => $"{c.Forged.Tried:N0} / {c.Forged.Accepted}"),
            Row("alerts in / merged / cards / violations of Teams' limits", c => $"{c.Storm.Alerts:N0} / {c.Storm.Merged:N0} / {c.Storm.Cards} / {c.Storm.Violations}"),
            Row("from a kill until all that was pending had ended: median / worst", c => $"{c.Kills.Median.TotalSeconds:0.0} s / {c.Kills.Worst.TotalSeconds:0.0} s"),
        ]);
    }

    private static string Page(string table) =>
        $"""
        # Figures

        Measured on {DateTimeOffset.UtcNow:yyyy-MM-dd} on 2 cores, shared with the fakes of Teams, Azure and Entra, by

            dotnet run --project Bot.Tests -c Release -- -explicit only -class '*FiguresTests'

        {Begin}
        {table}
        {End}

        - **Clicks**: {Races} cards, {ClicksOfEach} simultaneous clicks of two Administrators on each, through a balancer where there are replicas.
        - **Kills**: an alert, a card, an approval, a restart, a check; SIGKILL at an instant that a seed chooses. *Lost*: anything acknowledged that never came to an end people see. What may have been executed and nobody knows ends as *Indeterminate*, and is not sent again: that takes 75 s where another replica has to be sure that the executing one is gone.
        - **Forged**: activities, card data and webhooks, thousands of each, the same ones each time; accepted means that one of them decided, changed or executed anything. Asked of one process on either store.
        - **Alerts**: 2,000 of 200 targets in about twenty seconds, into four channels; Teams takes nothing meanwhile, and then no more than its published limits.
        - **From a kill**: until the restart was done and measured, or known not to be known; the approval is given at once, and on SQLite the next process is started at once.

        """;

    /// <summary>Null where there is no table.</summary>
    private static string? Between(string text, string opens, string closes)
    {
        var (begin, end) = (text.IndexOf(opens, StringComparison.Ordinal), text.IndexOf(closes, StringComparison.Ordinal));
        return begin < 0 || end < begin ? null : text[(begin + opens.Length)..end];
    }
}

internal sealed record Column((int Tried, int Decisions, int Executions) Clicks, KillFigures Kills, (int Tried, int Accepted) Forged, StormFigures Storm);
