using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>The commands that change a plan in one word: each says what the plan shall be, and the edit decides who may.</summary>
internal sealed class PlanChanges(ChatTables tables, PlanEdits edits, TaskEdits taskEdits, Names names) : IChange
{
    public bool Changes(Command command) => command is Command.SetMode { Kind: Thing.Plan } or Command.Pause { Kind: Thing.Plan } or Command.Resume { Kind: Thing.Plan }
        or Command.Delete { Kind: Thing.Plan } or Command.UseChannel { Plan: not null };

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        var asker = said.Asker;
        if (said.Command is Command.UseChannel && asker.Where.Kind is not (ConversationKind.Channel or ConversationKind.GroupChat))
        {
            return ChannelChange.NotHere;
        }

        var name = said.Command is Command.UseChannel { Plan: { } place } ? place : ((Command.Named)said.Command).Name;
        // Control row, then plan: as whoever claims takes them.
        await tables.Plans.ShareControl(transaction);
        if (await tables.Plans.Hold(transaction, name.ToLowerInvariant()) is not { } plan)
        {
            if (said.Command is Command.UseChannel && await tables.Tasks.Hold(transaction, name.ToLowerInvariant()) is { } task)
            {
                return await Move(transaction, task, asker);
            }

            return CardText.Of($"{await names.None(transaction, name) ?? CardText.Of($"The plan was deleted a moment ago.")} Nothing was changed.");
        }

        var (after, already) = said.Command switch
        {
            Command.SetMode set => (plan with { Mode = set.Mode }, CardText.Of($"is {set.Mode.ToString()} already")),
            Command.Pause => (plan with { Enabled = false }, CardText.Of($"is paused already")),
            Command.Resume => (plan with { Enabled = true }, CardText.Of($"is not paused")),
            Command.UseChannel => (plan with { Channel = asker.Where.Id }, CardText.Of($"posts here already")),
            _ => (null, CardText.Empty),
        };
        var answer = await edits.Take(transaction, new PlanEdit(plan, after), asker);
        return answer.Outcome switch
        {
            // The card says it all.
            EditOutcome.Asked => null,
            EditOutcome.Unchanged => CardText.Of($"Plan {CardText.Outside(plan.Name, 64)} {already}. Nothing was changed."),
            _ => answer.Text,
        };
    }

    /// <summary>Plans and tasks share their names, so one spelling is for both.</summary>
    private async Task<CardText?> Move(ITransaction transaction, ScheduledTask task, Asker asker)
    {
        var answer = await taskEdits.Take(transaction, new TaskEdit(task, task with { Channel = asker.Where.Id }), asker);
        return answer.Outcome == EditOutcome.Unchanged ? CardText.Of($"Task {CardText.Outside(task.Name, 64)} posts here already. Nothing was changed.") : answer.Text;
    }
}
