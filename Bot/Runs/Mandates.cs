using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>The plan or the task that a run, or what it proposed, follows, as it is stored now.</summary>
internal static class Mandates
{
    public static Task<Mandate> MandateOf(this RunTables tables, ITransaction transaction, Run run) => tables.MandateOf(transaction, run.Plan, run.Task);

    public static Task<Mandate> MandateOf(this RunTables tables, ITransaction transaction, Proposal proposal) => tables.MandateOf(transaction, proposal.Plan, proposal.Task);

    private static async Task<Mandate> MandateOf(this RunTables tables, ITransaction transaction, string? plan, string? task) => new(
        plan is null ? null : await tables.Plans.Find(transaction, plan.ToLowerInvariant()), task is null ? null : await tables.Tasks.Find(transaction, task.ToLowerInvariant()));

    /// <summary>For whoever acts on what it says: it is changed after this transaction, not before it ends.</summary>
    /// <returns>The control row, which is shared first.</returns>
    public static async Task<Control> ShareMandate(this RunTables tables, ITransaction transaction, Run run)
    {
        var control = await tables.Plans.ShareControl(transaction);
        if (run.Plan is { } plan)
        {
            await tables.Plans.Share(transaction, plan.ToLowerInvariant());
        }

        if (run.Task is { } task)
        {
            await tables.Tasks.Share(transaction, task.ToLowerInvariant());
        }

        return control;
    }

    /// <summary>Why nothing of it starts any more; null while it may.</summary>
    public static string? GoneFrom(this Proposal proposal, Mandate mandate) => proposal switch
    {
        { Plan: { } plan } when mandate.Plan is not { Enabled: true } => $"The plan {plan} is paused or was deleted",
        { Task: { } task } when mandate.Task is not { Enabled: true } => $"The task {task} is paused or was deleted",
        _ => null,
    };
}
