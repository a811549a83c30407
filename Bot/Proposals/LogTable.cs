namespace RunModes.Bot.Proposals;

/// <summary>The beginning of what a query of logs answered, as text.</summary>
/// <param name="Rows">The first of them, each with as many cells as there are columns.</param>
/// <param name="Total">How many rows were answered.</param>
/// <param name="MoreColumns">Left out on the right.</param>
/// <param name="Partial">Why the answer is a part only; null: it is whole.</param>
internal sealed record LogTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, int Total, int MoreColumns, string? Partial);

/// <param name="Named">Whose it is: "step 1 of 2 of task nightly".</param>
internal sealed record LogReport(string Named, string Workspace, TimeSpan Span, LogTable Table);
