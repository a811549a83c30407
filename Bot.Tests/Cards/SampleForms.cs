using System.Text.Json.Nodes;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Cards;

/// <summary>The form of a plan in all its states, with the fields that the chat gives it.</summary>
internal static class SampleForms
{
    private static readonly ResponsePlan Prod = new()
    {
        Name = "prod-web", Mode = RunMode.Review, Severities = ["Sev0", "Sev1"], Resource = "app-service-prod", ResourceType = "Microsoft.Web/sites", TitleNot = ["drill", "test"],
        Instructions = "Restart at most once, then call the database team.", ApprovalExpiry = TimeSpan.FromMinutes(30),
    };

    // Not kept: tests of several classes begin at once, and what is kept here would wait for what is kept in Sample, and the other way round.
    public static IReadOnlyDictionary<string, FormModel> All => new Dictionary<string, FormModel>
    {
        ["create-open"] = Model(FormState.Open, "Create a plan", new ResponsePlan { Name = "payments", Mode = RunMode.Autonomous }, create: true) with { Notes = [Recommendation.All] },
        ["edit-open"] = Model(FormState.Open, "Edit plan prod-web", Prod) with { Notes = ["Recommended for production incidents: Review."] },
        ["edit-invalid"] = Invalid(),
        ["edit-long"] = Model(FormState.Open, "Edit plan prod-web", Prod with { TitleContains = Long(600), TitleContainsAny = [Long(300), Long(299)], AlertRule = Long(600), ResourceGroup = Long(600), Instructions = Long(9000) }),
        ["saved"] = Model(FormState.Saved, "Edit plan prod-web", Prod) with { Outcome = "It raises what may run without asking, or may: please confirm it on the card below. Nothing is changed before." },
        ["cancelled"] = Model(FormState.Cancelled, "Edit plan prod-web", Prod),
        ["overtaken"] = Model(FormState.Overtaken, "Edit plan prod-web", Prod) with { Outcome = "Plan prod-web was changed while you were at it. Ben changed it at 2026-03-04 09:12 UTC: Severities: Sev0, Sev1 → Sev0. Nothing of yours was changed; please look and say it again." },
        ["expired"] = Model(FormState.Expired, "Edit plan prod-web", Prod),
    };

    public static IEnumerable<KeyValuePair<string, Func<JsonObject>>> Cards => All.Select(e => KeyValuePair.Create<string, Func<JsonObject>>($"form-{e.Key}", () => FormCard.Render(e.Value)));

    public static FormModel Model(FormState state, string title, ResponsePlan plan, bool create = false)
    {
        var asked = Sample.Confirmation(ConfirmationState.Pending);
        return new("0123456789abcdef0123456789abcdef", 1, state, title, asked.AskedBy, asked.ExpiresAt,
            [.. PlanFormFields.All.Where(f => create || !f.OnlyNew).Select(f => new FormInput(f.Id, f.Label, f.Kind, f.Value(plan)) { Choices = f.Choices, Hint = f.Hint, Required = f.OnlyNew })]);
    }

    private static string Long(int length) => string.Concat(Enumerable.Repeat("支払い ", length))[..length];

    private static FormModel Invalid()
    {
        var model = Model(FormState.Open, "Edit plan prod-web", Prod);
        return model with
        {
            Revision = 2,
            Notes = ["Recommended for production incidents: Review."],
            Inputs = [.. model.Inputs.Select(i => i.Id switch
            {
                "plan_subscription" => i with { Value = "production", Problem = "'production' is not a GUID; use the subscription's id, or leave it empty for all." },
                "plan_expiry" => i with { Value = "soon", Problem = "Asks for: takes a time from 1 minute to 7 days, such as 45 minutes, 2 hours or 1 day." },
                _ => i,
            })],
        };
    }
}
