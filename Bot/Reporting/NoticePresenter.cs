using System.Text.Json.Nodes;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Reporting;

/// <summary>What was fixed when it was written: replies and notices.</summary>
internal sealed class NoticePresenter : IPresenter
{
    public IReadOnlySet<Shown> Shows { get; } = new HashSet<Shown> { Shown.Notice };

    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) => Task.FromResult(item.Payload switch
    {
        null => null,
        { CardJson: { } card } payload => new Presentation(Message.OfCard((JsonObject)JsonNode.Parse(card)!, payload.Text), 1, false, null),
        var payload => new Presentation(Message.Plain(payload.Text), 1, false, null),
    });

    public Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation) => Task.FromResult<Message?>(null);

    public Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at) => Task.CompletedTask;
}
