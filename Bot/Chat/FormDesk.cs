using System.Security.Cryptography;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>What was typed into a form, field by field, what of it cannot be taken, and what saves the rest.</summary>
internal sealed record FilledForm(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Problems, Func<ITransaction, Asker, Task<EditAnswer>> Save);

/// <summary>What one kind of form asks, and how what was typed becomes an edit: plans and tasks.</summary>
internal interface IFormKind
{
    Thing Kind { get; }

    IReadOnlyList<FormInput> Inputs(Form form);

    /// <summary>What to know before filling it in: the recommendation for the mode.</summary>
    IReadOnlyList<string> Notes(Form form);

    FilledForm Fill(Form form, IReadOnlyDictionary<string, string> inputs);
}

/// <summary>
/// Forms of every kind: opened by a command, filled in on the card, read and judged here. Saving goes the way of every edit, so that what raises
/// autonomy is confirmed on a card of its own; nothing typed is lost by a mistake in one field.
/// </summary>
internal sealed class FormDesk(ChatTables tables, IEnumerable<IFormKind> kinds, AgentSettings agent, TimeProvider clock)
{
    public static OutboxItem Item(Form form) => new(Shown.Form, form.Subject, Urgency.Reply, ConversationId: form.ConversationId, RootId: form.RootId);

    /// <param name="make">From its id and when it expires.</param>
    public async Task Open(ITransaction transaction, Func<string, DateTimeOffset, Form> make, Asker asker)
    {
        var now = clock.GetUtcNow();
        var form = make(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), now + Form.Lives);
        await tables.Forms.Insert(transaction, form);
        await transaction.Append(AuditEntry.Of(now, AuditKind.ConfirmationChanged, Actor(asker.By), form.Subject, after: nameof(FormState.Open), detail: $"in {asker.Where.Id}; {form.Title}"));
        await tables.Outbox.Enqueue(transaction, Item(form), now);
    }

    public FormModel Model(Form form) => new(form.Id, form.Revision, form.State, form.Title, form.By, form.ExpiresAt, Of(form).Inputs(form))
    {
        Sandbox = agent.Sandbox, Notes = Of(form).Notes(form), Problem = form.Problems.GetValueOrDefault(""), Outcome = form.Outcome,
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

    private IFormKind Of(Form form) => kinds.First(k => k.Kind == form.Kind);

    private static string? Objection(Form form, ConfirmClick click, DateTimeOffset now) => form switch
    {
        _ when form.By.ObjectId != click.By.ObjectId || form.By.TenantId != click.By.TenantId => $"{form.By.Name} asked for this form, so only they can save or cancel it.",
        _ when form.ConversationId != click.ConversationId => "This form was asked for in another conversation. Please fill it in there.",
        { State: FormState.Saved } => "This form was saved already, and a form counts once.",
        { State: FormState.Cancelled } => "This form was cancelled. Nothing was changed.",
        { State: FormState.Overtaken } => $"Somebody else changed the {(form.Kind == Thing.Task ? "task" : "plan")} meanwhile. Nothing was changed; please open the form again.",
        { State: not FormState.Open } => "This form has expired. Nothing was changed; please open it again.",
        _ when form.ExpiresAt <= now => "This form has expired. Nothing was changed; please open it again.",
        _ when form.Revision != click.Revision => "This form was sent before and shown again since. Please use the newest one; nothing was changed.",
        _ => null,
    };

    private async Task<ClickAnswer> Save(ITransaction transaction, Form form, Asker asker, IReadOnlyDictionary<string, string> inputs, DateTimeOffset now)
    {
        var (values, problems, save) = Of(form).Fill(form, Whole(Model(form), inputs));
        if (problems.Count > 0)
        {
            return await Again(transaction, form, values, problems, asker.By, now);
        }

        var answer = await save(transaction, asker);
        var words = answer.Text.Markdown.Replace("**", "", StringComparison.Ordinal);
        return answer.Outcome switch
        {
            EditOutcome.Asked => await Become(transaction, form, form with { State = FormState.Saved, Values = values, Outcome = "It raises what may run without asking, or may: please confirm it on the card below. Nothing is changed before." }, asker.By, "Please confirm it on the next card.", now),
            EditOutcome.Done => await Become(transaction, form, form with { State = FormState.Saved, Values = values, Outcome = words }, asker.By, "Saved.", now),
            EditOutcome.Raced => await Become(transaction, form, form with { State = FormState.Overtaken, Values = values, Outcome = words }, asker.By, words, now),
            _ => await Again(transaction, form, values, new Dictionary<string, string> { [""] = words }, asker.By, now),
        };
    }

    /// <summary>What is longer than its box came back shortened, and nobody shortened it.</summary>
    private static Dictionary<string, string> Whole(FormModel shown, IReadOnlyDictionary<string, string> inputs)
    {
        Dictionary<string, string> whole = new(inputs);
        foreach (var input in shown.Inputs)
        {
            if (inputs.TryGetValue(input.Id, out var typed) && typed.Trim() == FormCard.AsShown(shown, input).Trim())
            {
                whole[input.Id] = input.Value;
            }
        }

        return whole;
    }

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

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
