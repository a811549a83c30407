using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>Where everything is asked that has no channel of its own. No confirmation: announced where it is missed.</summary>
internal sealed class ChannelChange(ChatTables tables, Replies replies) : IChange
{
    public static CardText NotHere { get; } =
        CardText.Of($"This is a chat between the two of us: nobody else could approve here. Write it in a channel or a group chat. Nothing was changed.");

    public bool Changes(Command command) => command is Command.UseChannel { Plan: null };

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        var (here, by) = (said.Asker.Where, said.Asker.By);
        if (here.Kind is not (ConversationKind.Channel or ConversationKind.GroupChat))
        {
            return NotHere;
        }

        var control = await tables.Plans.HoldControl(transaction);
        if (control.DefaultChannel == here.Id)
        {
            return CardText.Of($"I post here already. Nothing was changed.");
        }

        if (await tables.Plans.WriteControl(transaction, control with { DefaultChannel = here.Id }, control.Version) is null)
        {
            return CardText.Of($"Somebody else changed this a moment ago. Nothing was changed; please look and say it again.");
        }

        await transaction.Append(AuditEntry.Of(replies.Now, AuditKind.RoutingChanged, AuditActor.Person(by.TenantId, by.ObjectId, by.Name), "agent/channel", control.DefaultChannel, here.Id, here.Name));
        await tables.Outbox.WakeAll(transaction, replies.Now);
        var old = control.DefaultChannel is { } id ? await tables.Conversations.Find(transaction, id) : await tables.Conversations.FirstTeam(transaction);
        if (old is not null && old.Id != here.Id)
        {
            await replies.Say(transaction, old, null, CardText.Of($"{CardText.Outside(by.Name, 80)} moved new incidents of all plans without a channel of their own from here to {PlanWords.Place(here)}."));
        }

        return CardText.Of($"New incidents of all plans without a channel of their own are posted here from now on. Threads that are open stay where they are.");
    }
}
