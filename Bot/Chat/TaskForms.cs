using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>Opens the form that creates or edits a task.</summary>
internal sealed class TaskForms(ChatTables tables, FormDesk desk, AgentSettings agent) : IChange
{
    public bool Changes(Command command) => command is Command.Create { Kind: Thing.Task } or Command.Edit { Kind: Thing.Task };

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        ScheduledTask? before = null;
        if (said.Command is Command.Edit edit)
        {
            before = await tables.Tasks.Find(transaction, edit.Name.ToLowerInvariant());
            if (before is null)
            {
                return CardText.Of($"The task was deleted a moment ago. Nothing was changed.");
            }
        }

        var asker = said.Asker;
        var shown = before ?? TaskForm.New with { Name = (said.Command as Command.Create)?.Name ?? "" };
        await desk.Open(
            transaction,
            (id, expires) => new Form(id, null, TaskFormFields.Values(shown, agent.Zone, asker.Where.Id), asker.By, asker.Where.Id, asker.RootId, expires, FormState.Open) { Kind = Thing.Task, Task = before },
            asker);
        return null;
    }
}

/// <summary>What a task's form asks, and the edit that it becomes.</summary>
internal sealed class TaskForm(TaskEdits edits, TaskQuestions questions, AgentSettings agent) : IFormKind
{
    /// <summary>The brief's default, stored as it is shown: whoever wants to be asked chooses Review.</summary>
    public static ScheduledTask New { get; } = new() { Name = "", Cron = "", Does = Does.HealthCheck, Mode = RunMode.Autonomous };

    public Thing Kind => Thing.Task;

    public IReadOnlyList<FormInput> Inputs(Form form) => [.. Fields(form).Select(f => FieldsOf<ScheduledTask>.Input(f, form)).Select(TaskFormFields.Offered)];

    /// <summary>Of what was typed last: a schedule that can be read says when it runs, also while another field has to be corrected.</summary>
    public IReadOnlyList<string> Notes(Form form)
    {
        var (typed, _, _) = FieldsOf<ScheduledTask>.Read(Fields(form), form.Task ?? New, form, form.Values);
        // Before it is known what it will do, all of it is worth knowing.
        var advice = (form.Task is not null || form.Revision > 1) && Recommendation.For(typed) is var (mode, kind) ? $"Recommended for {kind}: {mode}." : Recommendation.OfTasks;
        var against = typed.Mode is { } chosen && form.Revision + (form.Task is null ? 0 : 1) > 1 && Recommendation.Against(typed, chosen) is { } warning ? $"⚠ {warning}." : null;
        var next = typed.Cron.Length > 0 && Schedule.Read(typed.Cron, agent.Zone).Schedule is not null ? $"{questions.NextWords(typed)}." : null;
        return [advice, .. ((string?[])[against, next]).OfType<string>()];
    }

    public FilledForm Fill(Form form, IReadOnlyDictionary<string, string> inputs)
    {
        var (task, values, problems) = FieldsOf<ScheduledTask>.Read(Fields(form), form.Task ?? New, form, inputs);
        if (form.Task is null && PlanNames.Refusal(task.Name) is { } refusal)
        {
            problems["task_name"] = $"Name: {refusal}";
        }

        task = questions.Completed(task);
        foreach (var (property, problem) in questions.Problems(task))
        {
            var field = Fields(form).FirstOrDefault(f => f.Property == property);
            problems.TryAdd(field?.Id ?? "", $"{field?.Label ?? property}: {problem}");
        }

        return new(values, problems, (transaction, asker) => edits.Take(transaction, new TaskEdit(form.Task, task), asker));
    }

    private IEnumerable<FormField<ScheduledTask>> Fields(Form form) => TaskFormFields.Of(agent.Zone, form.ConversationId).Where(f => !f.OnlyNew || form.Task is null);
}
