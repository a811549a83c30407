using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>The commands that change something, each in the transaction of its answer. What tightens is in force with the answer; what raises asks for a confirmation first.</summary>
internal sealed class Changes(ChatTables tables, Tightening tightening, EmergencyStop stop, Confirmations confirmations, Replies replies) : IChange
{
    private static readonly CardText Raced = CardText.Of($"Somebody else changed this a moment ago. Nothing was changed; please look and say it again.");

    bool IChange.Changes(Command command) => command is Command.SetMode { Kind: Thing.Plan } or Command.SetDefault or Command.Stop or Command.Start or Command.UseChannel;

    public Task<CardText?> Run(ITransaction transaction, Said said) => Run(transaction, said.Command, said.Message, said.Asker.By);

    private Task<CardText?> Run(ITransaction transaction, Command command, ChatMessage message, Who by) => command switch
    {
        Command.SetMode set => SetPlan(transaction, set.Name, set.Mode, message, by),
        Command.SetDefault set => SetDefault(transaction, set.Mode, message, by),
        Command.Stop => Stop(transaction, by),
        Command.Start => Start(transaction, message, by),
        Command.UseChannel use => UseChannel(transaction, use.Plan, message, by),
        _ => throw new InvalidOperationException($"{command} is nothing of this."),
    };

    private async Task<CardText?> SetPlan(ITransaction transaction, string name, RunMode mode, ChatMessage message, Who by)
    {
        var control = await tables.Plans.ShareControl(transaction);
        if (await tables.Plans.Hold(transaction, name.ToLowerInvariant()) is not { } plan)
        {
            return CardText.Of($"There is no plan {CardText.Outside(name, 64)} any more. Nothing was changed; `plans` lists them.");
        }

        switch (Authority.OfMode(plan.Mode, mode))
        {
            case Change.None:
                return CardText.Of($"Plan {CardText.Outside(plan.Name, 64)} is {mode.ToString()} already. Nothing was changed.");
            case Change.Tightens:
                return await tightening.ToReview(transaction, plan, Actor(by))
                    ? CardText.Of($"Plan {CardText.Outside(plan.Name, 64)}: {PlanWords.ModeOf(plan, control).ToString()} → **Review**, in force now. I ask before every change; what was approved or cleared but had not begun asks again.")
                    : Raced;
            default:
                await confirmations.Ask(transaction, ConfirmedChange.PlanMode, plan, control, message, by);
                return null;
        }
    }

    private async Task<CardText?> SetDefault(ITransaction transaction, RunMode mode, ChatMessage message, Who by)
    {
        var control = await tables.Plans.HoldControl(transaction);
        switch (Authority.OfDefault(control.DefaultMode, mode))
        {
            case Change.None:
                return CardText.Of($"The default is {mode.ToString()} already. Nothing was changed.");
            case Change.Tightens:
                return await tightening.DefaultToReview(transaction, control, Actor(by))
                    ? CardText.Of($"Default: Autonomous → **Review**, in force now for every plan that stores no mode of its own. What was approved or cleared but had not begun asks again.")
                    : Raced;
            default:
                await confirmations.Ask(transaction, ConfirmedChange.DefaultMode, null, control, message, by);
                return null;
        }
    }

    private async Task<CardText?> Stop(ITransaction transaction, Who by) => await stop.Stop(transaction, by) switch
    {
        null => Raced,
        (var now, false, _, _) => CardText.Of($"The emergency stop is on already, pressed by {CardText.Outside(now.StoppedBy, 80)}. An Administrator ends it with `start`."),
        (_, _, var blocked, var executing) => CardText.Of(
            $"**Stopped.** No change starts until an Administrator writes `start`. Blocked: {blocked}; already sent to Azure and followed to their end: {executing}."),
    };

    private async Task<CardText?> Start(ITransaction transaction, ChatMessage message, Who by)
    {
        var control = await tables.Plans.HoldControl(transaction);
        if (!control.Stopped)
        {
            return CardText.Of($"The emergency stop is not on. Nothing was changed.");
        }

        await confirmations.Ask(transaction, ConfirmedChange.Start, null, control, message, by);
        return null;
    }

    private async Task<CardText?> UseChannel(ITransaction transaction, string? name, ChatMessage message, Who by)
    {
        var here = message.Conversation;
        if (here.Kind is not (ConversationKind.Channel or ConversationKind.GroupChat))
        {
            return CardText.Of($"This is a chat between the two of us: nobody else could approve here. Write it in a channel or a group chat. Nothing was changed.");
        }

        return name is null ? await UseByDefault(transaction, here, by) : await UseForPlan(transaction, name, here, by);
    }

    private async Task<CardText?> UseByDefault(ITransaction transaction, Conversation here, Who by)
    {
        var control = await tables.Plans.HoldControl(transaction);
        if (control.DefaultChannel == here.Id)
        {
            return CardText.Of($"I post here already. Nothing was changed.");
        }

        if (await tables.Plans.WriteControl(transaction, control with { DefaultChannel = here.Id }, control.Version) is null)
        {
            return Raced;
        }

        var old = control.DefaultChannel is { } id ? await tables.Conversations.Find(transaction, id) : await tables.Conversations.FirstTeam(transaction);
        await Routed(transaction, "agent/channel", control.DefaultChannel, here, old, CardText.Of($"new incidents of all plans without a channel of their own"), by);
        return CardText.Of($"New incidents of all plans without a channel of their own are posted here from now on. Threads that are open stay where they are.");
    }

    private async Task<CardText?> UseForPlan(ITransaction transaction, string name, Conversation here, Who by)
    {
        var control = await tables.Plans.ShareControl(transaction);
        if (await tables.Plans.Hold(transaction, name.ToLowerInvariant()) is not { } plan)
        {
            return CardText.Of($"There is no plan {CardText.Outside(name, 64)} any more. Nothing was changed; `plans` lists them.");
        }

        if (plan.Channel == here.Id)
        {
            return CardText.Of($"Plan {CardText.Outside(plan.Name, 64)} posts here already. Nothing was changed.");
        }

        if (await tables.Plans.Update(transaction, plan with { Channel = here.Id }, plan.Version) is null)
        {
            return Raced;
        }

        var before = plan.Channel ?? control.DefaultChannel;
        var old = before is { } id ? await tables.Conversations.Find(transaction, id) : await tables.Conversations.FirstTeam(transaction);
        await Routed(transaction, $"plan/{plan.Name}", plan.Channel, here, old, CardText.Of($"new incidents of plan {CardText.Outside(plan.Name, 64)}"), by);
        return CardText.Of($"New incidents of plan {CardText.Outside(plan.Name, 64)} are posted here from now on. Threads that are open stay where they are.");
    }

    /// <summary>Said where it is missed: a channel that falls silent must not look like one where all is well.</summary>
    private async Task Routed(ITransaction transaction, string subject, string? before, Conversation here, Conversation? old, CardText what, Who by)
    {
        await transaction.Append(AuditEntry.Of(replies.Now, AuditKind.RoutingChanged, Actor(by), subject, before, here.Id, here.Name));
        await tables.Outbox.WakeAll(transaction, replies.Now);
        if (old is not null && old.Id != here.Id)
        {
            await replies.Say(transaction, old, null, CardText.Of($"{CardText.Outside(by.Name, 80)} moved {what} from here to {PlanWords.Place(here)}."));
        }
    }

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
