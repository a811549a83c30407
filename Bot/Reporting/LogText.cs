using System.Globalization;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Reporting;

/// <summary>What a query of logs answered, as a table of text: the beginning of it, and how much more there is.</summary>
internal static class LogText
{
    private const int LongestTable = 6000;

    public static CardText Of(LogReport report)
    {
        var (table, headline) = (report.Table, CardText.Of($"Done: {CardText.Outside(report.Named, 100)} asked the logs of {CardText.Outside(report.Workspace, 64)} ({Words.Span(report.Span)} back): {ListText.Count(report.Table.Total, "row")}"));
        return CardText.Join("\n\n",
        [
            CardText.Of($"{headline}."),
            table.Partial is { } why ? CardText.Of($"**This is a part only**: {CardText.Outside(why, 400)}.") : CardText.Empty,
            table.Columns.Count == 0 || table.Total == 0 ? CardText.Empty : Typed(table, out var shown) is var typed && shown < table.Total
                ? CardText.Of($"{typed}\n\nNot shown: {ListText.Count(table.Total - shown, "more row")}.")
                : typed,
            table.MoreColumns > 0 ? CardText.Of($"Not shown: {ListText.Count(table.MoreColumns, "more column")}. End the query with project to choose them.") : CardText.Empty,
        ]);
    }

    private static CardText Typed(LogTable table, out int shown)
    {
        var widths = table.Columns.Select((name, i) => table.Rows.Select(r => r[i].Length).Append(name.Length).Max()).ToList();
        string Line(IReadOnlyList<string> cells) => string.Join("  ", cells.Select((cell, i) => i == cells.Count - 1 ? cell : cell.PadRight(widths[i]))).TrimEnd();
        List<string> lines = [Line(table.Columns)];
        var length = lines[0].Length;
        foreach (var line in table.Rows.Select(Line).TakeWhile(l => (length += l.Length + 1) <= LongestTable))
        {
            lines.Add(line);
        }

        shown = lines.Count - 1;
        return CardText.Typed(lines);
    }
}
