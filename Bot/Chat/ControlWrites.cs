using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>Carries out what an Administrator confirmed about the agent as a whole: its default, and the end of the emergency stop.</summary>
internal sealed class ControlWrites(ChatTables tables, EmergencyStop stop, TimeProvider clock) : IConfirmed
{
    private const string Stale = "What this card is about was changed after it was asked. Nothing was changed now; please say it again.";

    public bool Carries(ConfirmedChange change) => change is ConfirmedChange.DefaultMode or ConfirmedChange.Start;

    public async Task<string?> Carry(ITransaction transaction, Confirmation asked)
    {
        var control = await tables.Plans.HoldControl(transaction);
        if (control.Version != asked.ChangesVersion)
        {
            return Stale;
        }

        if (asked.Change == ConfirmedChange.Start)
        {
            return await stop.Start(transaction, control, asked.By) ? null : Stale;
        }

        if (await tables.Plans.WriteControl(transaction, control with { DefaultMode = RunMode.Autonomous }, control.Version) is null)
        {
            return Stale;
        }

        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.ModeChanged, AuditActor.Person(asked.By.TenantId, asked.By.ObjectId, asked.By.Name), "agent/default",
            asked.Text.Before, asked.Text.After, $"in {asked.ConversationId}; {asked.Subject}"));
        return null;
    }
}
