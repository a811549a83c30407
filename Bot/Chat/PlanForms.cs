using System.Security.Cryptography;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>
/// Create and edit a plan by a form: opened by a command, filled in on the card, read and judged here. Saving goes the way of every edit, so that
/// what raises autonomy is confirmed on a card of its own; nothing typed is lost by a mistake in one field.
/// </summary>
internal sealed class PlanForms(ChatTables tables, PlanEdits edits, AgentSettings agent, TimeProvider clock) : IChange
{
    public static OutboxItem Item(Form form) => new(Shown.Form, form.Subject, Urgency.Reply, ConversationId: form.ConversationId, RootId: form.RootId);

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

        var (now, asker) = (clock.GetUtcNow(), said.Asker);
        var form = new Form(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), before, PlanFormFields.Values(shown), asker.By, asker.Where.Id, asker.RootId, now + Form.Lives, FormState.Open);
        await tables.Forms.Insert(transaction, form);
        await transaction.Append(AuditEntry.Of(now, AuditKind.ConfirmationChanged, Actor(asker.By), form.Subject, after: nameof(FormState.Open), detail: $"in {asker.Where.Id}; {form.Title}"));
        await tables.Outbox.Enqueue(transaction, Item(form), now);
        return null;
    }

    public FormModel Model(Form form) => new(form.Id, form.Revision, form.State, form.Title, form.By, form.ExpiresAt, [.. PlanFormFields.All.Where(f => !f.OnlyNew || form.Before is null).Select(f => Input(f, form))])
    {
        Sandbox = agent.Sandbox, Notes = [Advice(form)], Problem = form.Problems.GetValueOrDefault(""), Outcome = form.Outcome,
    };

    /// <param name="inputs">What the client sent: only fields of the form are read from it.</param>
    /// <returns>Null when no form has this id.</returns>
    public async Task<ClickAnswer?> Click(ITransaction transaction, ConfirmClick click, Asker asker, IReadOnlyDictionary<string, string> inputs)
    {
        var now = clock.GetUtcNow();
        if (await tables.Forms.Find(transaction, click.Id) is not { } form)
        {
            return null;
        }

        if (Objection(form, click, now) is { } objection)
        {
            await transaction.Append(AuditEntry.Of(now, AuditKind.CommandRefused, Actor(click.By), form.Subject, detail: $"{(click.Confirms ? "save" : "cancel")} {form.Title}: {objection}"));
            return ClickAnswer.Refused(objection);
        }

        return click.Confirms
            ? await Save(transaction, form, asker, inputs, now)
            : await Become(transaction, form, form with { State = FormState.Cancelled }, click.By, "Cancelled. Nothing was changed.", now);
    }

    private static string? Objection(Form form, ConfirmClick click, DateTimeOffset now) => form switch
    {
        _ when form.By.ObjectId != click.By.ObjectId || form.By.TenantId != click.By.TenantId => $"{form.By.Name} asked for this form, so only they can save or cancel it.",
        _ when form.ConversationId != click.ConversationId => "This form was asked for in another conversation. Please fill it in there.",
        { State: FormState.Saved } => "This form was saved already, and a form counts once.",
        { State: FormState.Cancelled } => "This form was cancelled. Nothing was changed.",
        { State: FormState.Overtaken } => "Somebody else changed the plan meanwhile. Nothing was changed; please open the form again.",
        { State: not FormState.Open } => "This form has expired. Nothing was changed; please open it again.",
        _ when form.ExpiresAt <= now => "This form has expired. Nothing was changed; please open it again.",
        _ when form.Revision != click.Revision => "This form was sent before and shown again since. Please use the newest one; nothing was changed.",
        _ => null,
    };

    private async Task<ClickAnswer> Save(ITransaction transaction, Form form, Asker asker, IReadOnlyDictionary<string, string> inputs, DateTimeOffset now)
    {
        var (plan, values, problems) = Filled(form, inputs);
        if (problems.Count > 0)
        {
            return await Again(transaction, form, values, problems, asker.By, now);
        }

        var answer = await edits.Take(transaction, new PlanEdit(form.Before, plan), asker);
        var words = answer.Text.Markdown.Replace("**", "", StringComparison.Ordinal);
        return answer.Outcome switch
        {
            EditOutcome.Asked => await Become(transaction, form, form with { State = FormState.Saved, Values = values, Outcome = "It raises what may run without asking, or may: please confirm it on the card below. Nothing is changed before." }, asker.By, "Please confirm it on the next card.", now),
            EditOutcome.Done => await Become(transaction, form, form with { State = FormState.Saved, Values = values, Outcome = words }, asker.By, "Saved.", now),
            EditOutcome.Raced => await Become(transaction, form, form with { State = FormState.Overtaken, Values = values, Outcome = words }, asker.By, words, now),
            _ => await Again(transaction, form, values, new Dictionary<string, string> { [""] = words }, asker.By, now),
        };
    }

    /// <summary>Only what differs from what the form opened with is read, so that a field nobody touched can stay as it is stored.</summary>
    private (ResponsePlan Plan, IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Problems) Filled(Form form, IReadOnlyDictionary<string, string> inputs)
    {
        var model = Model(form);
        var plan = form.Before ?? new ResponsePlan { Name = "", Mode = RunMode.Autonomous };
        Dictionary<string, string> values = [], problems = [];
        foreach (var field in PlanFormFields.All.Where(f => !f.OnlyNew || form.Before is null))
        {
            var typed = Typed(field, form, inputs);
            values[field.Id] = typed;
            // What is longer than its box came back shortened, and nobody shortened it.
            if (typed == field.Value(plan).Trim() || typed == Shown(field.Id, field.Value(plan)))
            {
                values[field.Id] = field.Value(plan);
                continue;
            }

            var most = FormCard.LongestOf(field.Kind);
            var (filled, problem) = typed.Length > most ? (null, $"takes at most {most} characters.") : field.Fill(plan, typed);
            plan = filled ?? plan;
            if (problem is not null)
            {
                problems[field.Id] = $"{field.Label}: {problem}";
            }
        }

        if (form.Before is null && PlanNames.Refusal(plan.Name) is { } refusal)
        {
            problems["plan_name"] = $"Name: {refusal}";
        }

        foreach (var (property, problem) in PlanFilterCheck.Problems(plan))
        {
            problems.TryAdd(PlanFormFields.All.FirstOrDefault(f => f.Property == property)?.Id ?? "", problem);
        }

        return (plan, values, problems);

        string? Shown(string id, string stored) => model.Inputs.FirstOrDefault(i => i.Id == id) is { } input && input.Value == stored ? FormCard.AsShown(model, input).Trim() : null;
    }

    /// <summary>A client leaves out what is empty; a switch or a choice that is not there was not touched.</summary>
    private static string Typed(PlanFormField field, Form form, IReadOnlyDictionary<string, string> inputs) =>
        inputs.TryGetValue(field.Id, out var typed) ? typed.Trim() : field.Kind is InputKind.Switch or InputKind.OneOf ? form.Values.GetValueOrDefault(field.Id, "") : "";

    private async Task<ClickAnswer> Again(ITransaction transaction, Form form, IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, string> problems, Who by, DateTimeOffset now)
    {
        var again = form with { Values = values, Problems = problems, Revision = form.Revision + 1 };
        // A form shown anew takes the place of the boxes in which it was typed. Where it cannot show all of it, they stay as they are.
        return FormCard.Fits(Model(again))
            ? await Become(transaction, form, again, by, $"Nothing was changed. {string.Join(" ", problems.Values)}", now)
            : ClickAnswer.Refused($"Nothing was changed, and what you typed is still in your form: all together it is too long to be shown again. Please correct this and save once more: {string.Join(" ", problems.Values)}");
    }

    private async Task<ClickAnswer> Become(ITransaction transaction, Form before, Form after, Who by, string words, DateTimeOffset now)
    {
        if (!await tables.Forms.Update(transaction, before, after))
        {
            // Thrown, not returned: what was saved in this transaction must not commit without it.
            throw new InvalidOperationException($"{before.Subject} ended while it was being saved.");
        }

        if (after.State != FormState.Open)
        {
            await transaction.Append(AuditEntry.Of(now, AuditKind.ConfirmationChanged, Actor(by), after.Subject, nameof(FormState.Open), after.State.ToString(), after.Title));
        }

        await tables.Outbox.Enqueue(transaction, Item(after), now);
        return ClickAnswer.Shows(FormCard.Render(Model(after)), words);
    }

    private static FormInput Input(PlanFormField field, Form form) => new(field.Id, field.Label, field.Kind, form.Values.GetValueOrDefault(field.Id, ""))
    {
        Choices = field.Choices, Hint = field.Hint, Required = field.OnlyNew, Problem = form.Problems.GetValueOrDefault(field.Id),
    };

    private static string Advice(Form form)
    {
        var plan = form.Before ?? new ResponsePlan { Name = form.Values.GetValueOrDefault("plan_name", ""), Resource = form.Values.GetValueOrDefault("plan_resource", ""), ResourceGroup = form.Values.GetValueOrDefault("plan_group", "") };
        return Recommendation.For(plan) is var (mode, kind) ? $"Recommended for {kind}: {mode}." : Recommendation.All;
    }

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
