using System.Text.Json.Nodes;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Tests.Cards;

/// <summary>Confirmations of edits: each kind once, in the words that the chat gives them.</summary>
internal static class SampleEdits
{
    private static readonly string[] Asked = ["Whatever no runbook of the bot vouches for, whatever a person starts, and every target that another proposal concerns", "Everything while the emergency stop is on, a lock forbids it or a permission is missing"];

    private static readonly string[] Unasked = ["Restart App Service for alerts that fall to plan all-web: at once, reported afterwards. This may cause brief downtime (30-60 seconds)."];

    public static IReadOnlyDictionary<string, ConfirmationModel> All => new Dictionary<string, ConfirmationModel>
    {
        ["edit-pending"] = Model(ConfirmationState.Pending, "Edit plan prod-web", "Review (plan prod-web)", "Review (plan prod-web)") with
        {
            Fields =
            [
                new("Severities", "Sev0, Sev1", "Sev0, Sev1, Sev2"), new("Resource group", "", "web-prod"), new("Channel", "General", "Incidents"),
                new("Instructions", "Restart at most once, then call the database team.", "Restart at most twice, then call the database team."), new("Asks for", "1 hour", "30 minutes"),
            ],
            Consequences = ["May take alerts that would otherwise be taken by plan all-web (Autonomous): the more specific filter wins, then the stricter mode"],
        },
        ["pause-pending"] = Model(ConfirmationState.Pending, "Pause plan prod-web", "Review (plan prod-web)", "Paused, Review (plan prod-web)") with
        {
            NoLongerAsked = Unasked,
            Consequences = ["Its alerts fall to plan all-web (Autonomous), then plan rest (Review, agent default), where these match; else they are listed as unmatched"],
            InForce = "In force now: nothing of this plan starts any more, and what it had asked is withdrawn.",
        },
        ["delete-confirmed"] = Model(ConfirmationState.Confirmed, "Delete plan old-staging", "Autonomous (plan old-staging)", "Deleted") with
        {
            Consequences = ["No other plan takes its alerts: they are listed as unmatched, and nobody is asked", "Its name stays taken: settings do not bring it back"],
            InForce = "In force now: nothing of this plan starts any more, and what it had asked is withdrawn.",
        },
        ["create-pending"] = Model(ConfirmationState.Pending, "Create plan payments", "No such plan", "Autonomous (plan payments)") with
        {
            Fields = [new("State", null, "enabled"), new("Run mode", null, "Autonomous"), new("Source", null, "AzureMonitor"), new("Severities", null, "Sev2, Sev3"), new("Resource", null, "payments-api")],
            NoLongerAsked = ["Restart App Service matched by plan payments: at once, reported afterwards. This may cause brief downtime (30-60 seconds)."],
        },
    };

    public static IEnumerable<KeyValuePair<string, Func<JsonObject>>> Cards => All.Select(e => KeyValuePair.Create<string, Func<JsonObject>>($"confirmation-{e.Key}", () => ConfirmationCard.Render(e.Value)));

    private static ConfirmationModel Model(ConfirmationState state, string change, string before, string after) => Sample.Confirmation(state) with
    {
        Change = change, Before = before, After = after, NoLongerAsked = [], StaysAsked = change.StartsWith("Edit", StringComparison.Ordinal) ? ["Every change under this plan: it is in Review mode"] : state == ConfirmationState.Pending ? Asked : [],
    };
}
