using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>Opens the form that creates or edits a plan.</summary>
internal sealed class PlanForms(ChatTables tables, FormDesk desk) : IChange
{
    public bool Changes(Command command) => command is Command.Create { Kind: not Thing.Task } or Command.Edit { Kind: Thing.Plan };

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        ResponsePlan? before = null;
        ResponsePlan shown;
        if (said.Command is Command.Edit edit)
        {
            before = await tables.Plans.Find(transaction, edit.Name.ToLowerInvariant());
            if (before is null)
            {
                return CardText.Of($"The plan was deleted a moment ago. Nothing was changed.");
            }

            shown = before;
        }
        else
        {
            // The brief's default, stored as it is shown: whoever wants to be asked chooses Review.
            shown = new ResponsePlan { Name = ((Command.Create)said.Command).Name ?? "", Mode = RunMode.Autonomous };
        }

        var asker = said.Asker;
        await desk.Open(transaction, (id, expires) => new(id, before, PlanFormFields.Values(shown), asker.By, asker.Where.Id, asker.RootId, expires, FormState.Open), asker);
        return null;
    }
}

/// <summary>What a plan's form asks, and the edit that it becomes.</summary>
internal sealed class PlanForm(PlanEdits edits) : IFormKind
{
    public Thing Kind => Thing.Plan;

    public IReadOnlyList<FormInput> Inputs(Form form) => [.. Fields(form).Select(f => FieldsOf<ResponsePlan>.Input(f, form))];

    public IReadOnlyList<string> Notes(Form form)
    {
        var plan = form.Before ?? new ResponsePlan { Name = form.Values.GetValueOrDefault("plan_name", ""), Resource = form.Values.GetValueOrDefault("plan_resource", ""), ResourceGroup = form.Values.GetValueOrDefault("plan_group", "") };
        return [Recommendation.For(plan) is var (mode, kind) ? $"Recommended for {kind}: {mode}." : Recommendation.All];
    }

    public FilledForm Fill(Form form, IReadOnlyDictionary<string, string> inputs)
    {
        var (plan, values, problems) = FieldsOf<ResponsePlan>.Read(Fields(form), form.Before ?? new ResponsePlan { Name = "", Mode = RunMode.Autonomous }, form, inputs);
        if (form.Before is null && PlanNames.Refusal(plan.Name) is { } refusal)
        {
            problems["plan_name"] = $"Name: {refusal}";
        }

        foreach (var (property, problem) in PlanFilterCheck.Problems(plan))
        {
            problems.TryAdd(PlanFormFields.All.FirstOrDefault(f => f.Property == property)?.Id ?? "", problem);
        }

        return new(values, problems, (transaction, asker) => edits.Take(transaction, new PlanEdit(form.Before, plan), asker));
    }

    private static IEnumerable<FormField<ResponsePlan>> Fields(Form form) => PlanFormFields.All.Where(f => !f.OnlyNew || form.Before is null);
}
