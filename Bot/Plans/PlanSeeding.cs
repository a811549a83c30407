using RunModes.Bot.Audit;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

/// <summary>Settings fill a new store. What is there already, or was deleted in chat, is the truth and stays.</summary>
internal sealed partial class PlanSeeding(ILedger ledger, IPlans plans, PlanSettings settings, TimeProvider time, ILogger<PlanSeeding> log)
{
    public async Task Seed(CancellationToken cancellation)
    {
        var created = await ledger.Write(DurableStep.PlansSeeded, async transaction =>
        {
            List<string> names = [];
            // Replicas that start together fill the store one after the other.
            var control = await plans.HoldControl(transaction);
            foreach (var plan in settings.Plans)
            {
                if (await plans.Insert(transaction, plan))
                {
                    names.Add(plan.Name);
                    await transaction.Append(AuditEntry.OfBot(time.GetUtcNow(), AuditKind.PlanChanged, $"plan/{plan.Key}",
                        after: $"mode {plan.Mode?.ToString() ?? "of the agent"}", detail: "Created from settings."));
                }
            }

            await SeedDefault(transaction, control);
            return names;
        }, cancellation);

        foreach (var name in created)
        {
            Created(log, name);
        }
    }

    private async Task SeedDefault(ITransaction transaction, Control control)
    {
        if (settings.Agent.DefaultRunMode is not { } mode || control.DefaultMode is not null)
        {
            return;
        }

        if (await plans.WriteControl(transaction, control with { DefaultMode = mode }, control.Version) is null)
        {
            throw new StoreUnavailableException("The default run mode was changed while it was being set from settings.");
        }

        await transaction.Append(AuditEntry.OfBot(time.GetUtcNow(), AuditKind.ModeChanged, "agent",
            before: $"{RunMode.Review} (never set)", after: mode.ToString(), detail: "From settings."));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created plan {Plan} from settings")]
    private static partial void Created(ILogger log, string plan);
}
