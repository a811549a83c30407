using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Reporting;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <param name="Thread">Where it was asked and others can approve; null: where the agent posts by default.</param>
/// <param name="ReportTo">The personal chat it was asked in, for a finding that needs nobody's approval.</param>
internal sealed record ChatRequest(ChatVerb Verb, ResourceId Target, Who By, MessageRef? Thread, string? ReportTo)
{
    /// <summary>Of <see cref="ChatVerb.Command"/>.</summary>
    public AskedCommand? Command { get; init; }
}

/// <param name="Change">The operation, where what was typed is one that a program makes; null: a read, or a request of the bot's own.</param>
internal sealed record AskedCommand(RequestedCommand Typed, CommandReading.Understood Read, Operation? Change);

/// <summary>
/// A person has a resource looked at, or proposes to restart an app. It becomes an incident and a run like any other, in the transaction of the
/// answer; only that it asks first in every mode, because a person started it.
/// </summary>
internal sealed class ChatRequests(RunTables tables, RunQueue queue, PersonalLimits limits, TimeProvider clock)
{
    /// <returns>Null when it was queued; else why not.</returns>
    public async Task<string?> Begin(ITransaction transaction, ChatRequest request)
    {
        await PersonalLimits.Hold(transaction, request.By);
        var now = clock.GetUtcNow();
        if (Intent(request) is var (key, intent) && await tables.Against(transaction, key, intent, request.By, now) is { } deny)
        {
            return Denials.Words(deny);
        }

        if (await limits.IsUnderWay(transaction, request.By, request.Target))
        {
            return $"A run on {request.Target.NameInFull} that you asked for is under way already. Its result comes where you asked for it.";
        }

        if (await limits.Reached(transaction, request.By) is { } reached)
        {
            return reached;
        }

        var incident = request.Command is { } command
            ? ChatIncident.Open(command.Typed, request.Target, command.Read.About, request.By, now)
            : ChatIncident.Open(request.Verb, request.Target, request.By, now);
        incident = incident with { RootSpan = Traces.Root(incident.Id, incident.Platform.ToString(), plan: null) };
        await tables.Incidents.Insert(transaction, incident);
        if (request.Thread is { } thread)
        {
            await tables.Outbox.RememberThread(transaction, incident.Subject, thread);
        }

        var mode = Gate.RunModes.Resolve(null, null, null, null, (await tables.Plans.ReadControl(transaction)).DefaultMode);
        await queue.EnqueueFor(
            transaction, new RunRequest(incident, mode, $"{request.By.Name} asked for it, and what a person starts asks first in every mode.", $"{incident.Rule} {request.Target.Value}."), request.By, request.ReportTo);
        return null;
    }

    /// <returns>Null: it changes nothing that a Deny could be about.</returns>
    private static (string Key, string Intent)? Intent(ChatRequest request) => request switch
    {
        { Command.Change: { } change } => (change.TargetKey, Fingerprint.IntentKey(change)),
        { Command.Read.Command.Equivalent: { } arm } => (request.Target.Key, Fingerprint.IntentKey(arm, request.Target)),
        { Verb: ChatVerb.Restart } => (request.Target.Key, Fingerprint.IntentKey(ArmAction.RestartWebApp, request.Target)),
        _ => null,
    };
}
