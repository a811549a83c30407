using System.Text.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Runs;

/// <summary>Acknowledges and resolves incidents of PagerDuty, and notes what was found and done.</summary>
internal sealed class PagerDutySource(PagerDutyApi api, IncidentSettings settings) : IAlertSource
{
    public Platform Platform => Platform.PagerDuty;

    public bool IsOn => settings.ApiKey is not null;

    public bool TakesNotes => true;

    public async Task<SourceAnswer> Tell(Telling telling, CancellationToken cancellation)
    {
        if (!PagerDutyApi.IsId(telling.Alert))
        {
            return SourceAnswer.Refused("The incident came without an id of PagerDuty.");
        }

        var read = await api.Incident(telling.Alert, cancellation);
        if (read.Body is not { } incident)
        {
            return read.IsUnknown ? SourceAnswer.Refused("PagerDuty does not know the incident.") : SourceAnswer.TryAgain(read.Problem!, read.After);
        }

        if (Objection(incident, telling) is { } objection)
        {
            return SourceAnswer.Refused(objection);
        }

        var status = Text(incident, "status");
        return (telling.What, status) switch
        {
            (WriteBackKind.Note, _) => await Note(telling, cancellation),
            (_, "resolved") => SourceAnswer.AlreadySo("It was resolved already."),
            (WriteBackKind.Acknowledge, "acknowledged") => SourceAnswer.AlreadySo("It was acknowledged already."),
            (WriteBackKind.Acknowledge, "triggered") => Written(await api.Update(telling.Alert, "status", "acknowledged", cancellation), "Acknowledged."),
            (WriteBackKind.Resolve, "triggered" or "acknowledged") => Written(await api.Update(telling.Alert, "status", "resolved", cancellation), "Resolved."),
            (WriteBackKind.HandBack, "triggered") => SourceAnswer.AlreadySo("It calls people already."),
            // Escalating an acknowledged incident triggers it again.
            (WriteBackKind.HandBack, "acknowledged") => Written(await api.Update(telling.Alert, "escalation_level", 1, cancellation), "Handed back to the first level of its escalation policy."),
            _ => SourceAnswer.TryAgain("PagerDuty does not say how the incident stands."),
        };
    }

    /// <summary>Its title may have been edited; its id, and which resource its service stands for, may not.</summary>
    private string? Objection(JsonElement incident, Telling telling) =>
        Text(incident, "id") != telling.Alert ? "PagerDuty answered about another incident."
        : incident.Member("service") is not { ValueKind: JsonValueKind.Object } service || Text(service, "id") is not { } id || !settings.Services.TryGetValue(id, out var target) ? "Its service is not in Incidents:PagerDuty:Services any more."
        : target.Key != telling.Incident.TargetKey ? "Its service stands for another resource than the one that was looked after."
        : null;

    /// <summary>A note that may have arrived is looked for before it is written again: each ends with what it is about.</summary>
    private async Task<SourceAnswer> Note(Telling telling, CancellationToken cancellation)
    {
        var notes = await api.Notes(telling.Alert, cancellation);
        if (notes.Body is not { ValueKind: JsonValueKind.Array } list)
        {
            return SourceAnswer.TryAgain(notes.Problem ?? "PagerDuty's answer is not one that it writes.", notes.After);
        }

        return list.EnumerateArray().Any(n => Text(n, "content")?.EndsWith(telling.Mark, StringComparison.Ordinal) == true)
            ? SourceAnswer.AlreadySo("The note is there already.")
            : Written(await api.AddNote(telling.Alert, telling.Text, cancellation), "Noted.");
    }

    private static SourceAnswer Written(PagerDutyAnswer answer, string done) =>
        answer.Problem is { } problem ? SourceAnswer.TryAgain(problem, answer.After) : SourceAnswer.Done(done);

    private static string? Text(JsonElement at, string name) => at.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
