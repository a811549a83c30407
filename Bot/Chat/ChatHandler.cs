using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>What people type, click and install, each to whoever deals with it.</summary>
internal sealed class ChatHandler(Commands commands, Clicks clicks, Installations installations) : IInbound
{
    public Task OnMessage(ChatMessage message, CancellationToken cancellation) => commands.Run(message, cancellation);

    public Task<CardReply> OnCardAction(CardAction action, CancellationToken cancellation) => clicks.Take(action, cancellation);

    public Task OnInstalled(Installed installed, CancellationToken cancellation) => installations.Add(installed, cancellation);

    public Task OnRemoved(Conversation conversation, CancellationToken cancellation) => installations.Remove(conversation, cancellation);
}
