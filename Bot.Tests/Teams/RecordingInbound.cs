using System.Collections.Concurrent;
using RunModes.Bot.Chat;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Teams;

internal sealed class RecordingInbound : IInbound
{
    private readonly ConcurrentQueue<object> _calls = new();

    public Func<CardAction, Task<CardReply>> Decide { get; set; } = _ => Task.FromResult<CardReply>(new CardReply.Notice("Recorded."));

    public Func<Task> Listen { get; set; } = () => Task.CompletedTask;

    public IReadOnlyList<object> Calls => [.. _calls];

    public T Only<T>() => Assert.IsType<T>(Assert.Single(Calls));

    public Task OnMessage(ChatMessage message, CancellationToken cancellation)
    {
        _calls.Enqueue(message);
        return Listen();
    }

    public Task<CardReply> OnCardAction(CardAction action, CancellationToken cancellation)
    {
        _calls.Enqueue(action);
        return Decide(action);
    }

    public Task OnInstalled(Installed installed, CancellationToken cancellation)
    {
        _calls.Enqueue(installed);
        return Task.CompletedTask;
    }

    public Task OnRemoved(Conversation conversation, CancellationToken cancellation)
    {
        _calls.Enqueue(conversation);
        return Task.CompletedTask;
    }
}
