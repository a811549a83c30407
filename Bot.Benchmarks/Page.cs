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
            - **Bare endpoint**: ASP.NET Core in a process of its own that reads the body, validates the same token and answers. **Durable commit**: three rows on the same disk. **Graph**: one question; the bot asks two at once. All three in turns with the clicks, each after a pause of half a second.
            - **Rows**: finished proposals and sealed audit rows with documents of 600 bytes, written past the bot.
            - **Start**: from the start of the process to the first good answer of `/readyz` (of `/healthz` for the bare app), median of seven, in turns: the published bot, with an empty folder for its store. **Processor time** is all that the process used until then. **Memory**: resident after five idle seconds.
            - **Where a click goes**, taken apart on a busy machine: of ten milliseconds within the bot, two are the directory's (two questions at once, each through a proxy and TLS), three the commit and the way back from the writer, one the statements of the decision, and less than one each the token and the card that is the answer. It is one commit, and the directory must have answered before it begins: they cannot overlap, because who clicks is checked before anything is written. The goal compares with an endpoint that asks no directory; the row below it with one that asks one question.
            - **Where a start goes**: the program is published compiled ahead, as it is deployed. What remains is compiling what the framework's generic types are over the bot's own (a program that shares the framework of its machine, and its security updates, cannot have that done ahead), the schema of a new store, and what the last process left behind: all before it says that it is ready.

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
