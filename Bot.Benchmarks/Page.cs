using System.Globalization;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Benchmarks;

/// <summary>docs/benchmarks.md, and the same table in the README.</summary>
internal sealed class Page
{
    public const string Begin = "<!-- benchmarks -->";
    public const string End = "<!-- /benchmarks -->";
    private const double Quiet = 0.5;
    private readonly double _loadBefore = Load();
    private readonly List<Figure> _figures = [];

    public string Table => string.Join('\n', ["| | measured | compared with | ratio | goal | |", "|---|---|---|---|---|---|", .. _figures.Select(Row)]);

    public void Add(IReadOnlyList<Figure> figures)
    {
        _figures.AddRange(figures);
        foreach (var figure in figures)
        {
            Console.WriteLine(Row(figure));
        }
    }

    public async Task Write()
    {
        var (date, cores) = (DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Environment.ProcessorCount);
        var machine = _loadBefore / cores <= Quiet ? "a quiet machine" : string.Create(CultureInfo.InvariantCulture, $"a machine that was not quiet (load {_loadBefore:0.0} before the run): times are longer than they need be, ratios are what counts");
        await File.WriteAllTextAsync(Repository.Path("docs/benchmarks.md"), $"""
            # Speed

            Measured on {date} on {cores} cores, shared with the fakes of Teams, Graph, Azure and Entra, on {machine}, by

                dotnet run --project Bot.Benchmarks -c Release

            {Begin}
            {Table}
            {End}

            - **Click**: an Administrator's Deny (the same way as Approve, and nothing starts beside) on a card of its own, from the request to the answer, by a process of its own on SQLite with `synchronous=FULL`: a token not seen before, the role by Graph over TLS, decision, audit and outbox rows in one commit.
            - **Bare endpoint**: ASP.NET Core that reads the body, validates the same token and answers. **Durable commit**: three rows on the same disk. **Graph**: one question; the bot asks two at once.
            - **Rows**: finished proposals and sealed audit rows with documents of 600 bytes, written past the bot.
            - **Start**: from the start of the process to the first good answer of `/readyz` (of `/healthz` for the bare app), median of five, in turns. **Memory**: resident after five idle seconds.
            - **Missed**: a click crosses half a dozen processes and threads (two questions to Graph through a proxy, the store's writer), each waiting for a processor that is busy, half a second after the last click. A start loads and compiles the bot's libraries anew, brings the schema up and recovers before it says that it is ready. Neither was taken apart yet.

            """);
        var path = Repository.Path("README.md");
        var readme = await File.ReadAllTextAsync(path);
        if (readme.IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var begin && readme.IndexOf(End, StringComparison.Ordinal) is var end && end > begin)
        {
            await File.WriteAllTextAsync(path, $"{readme[..begin]}{Begin}\n{Table}\n{readme[end..]}");
        }
    }

    private static string Row(Figure f) => string.Create(CultureInfo.InvariantCulture,
        $"| {f.What} | {f.Measured} | {f.ComparedWith} | {(f.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{ratio:0.0#} ×") : "–")} | {f.Goal ?? "–"} | {f.Reached switch { true => "reached", false => "missed", null => "" }} |");

    private static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
