// Stand-in until the real Chat is merged: whoever merges it deletes this file.
using System.Text.Json;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

internal sealed class Tmp(DecisionHandler d, RunPresenter p, ILedger l, IConversations c, TimeProvider clock) : IInbound
{
    public Task OnMessage(ChatMessage message, CancellationToken cancellation) => Task.CompletedTask;
    public async Task<CardReply> OnCardAction(CardAction a, CancellationToken cancellation)
    {
        var r = await d.Decide(new Click(new(a.Actor.TenantId, a.Actor.ObjectId, a.Actor.Name), a.Conversation.Id, a.MessageId, a.RootId, new(a.Data.GetProperty("p").GetString()!), a.Data.GetProperty("r").GetInt32()), a.Verb == "approve" ? Proposals.DecisionKind.Approve : Proposals.DecisionKind.Deny, null, cancellation);
        return r is DecisionAnswer.Recorded ok ? new CardReply.Card(await p.Render(ok.Proposal, cancellation)) : new CardReply.Notice(((DecisionAnswer.Refused)r).Why);
    }
    public Task OnInstalled(Installed i, CancellationToken cancellation) => l.Write(t => c.Installed(t, i.Conversation, clock.GetUtcNow()), cancellation);
    public Task OnRemoved(Conversation conversation, CancellationToken cancellation) => Task.CompletedTask;
}
internal static class TmpS { public static IServiceCollection AddChat(this IServiceCollection s) => s.AddSingleton<IInbound, Tmp>(); }
