using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Reporting;

internal static class TaskReportText
{
    /// <param name="task">Whose report it is; null: nobody's in particular.</param>
    public static CardText Of(TaskReport report, string? task) => report switch
    {
        { Health: { } health } => GroupHealthText.Of(health, task),
        { Costs: { } costs } => CostText.Of(costs, task),
        { Logs: { } logs } => LogText.Of(logs),
        _ => CardText.Empty,
    };
}
