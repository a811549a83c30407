using System.Threading.Channels;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <param name="First">Unknown before, or removed meanwhile: it was welcomed just now.</param>
internal sealed record Arrival(Conversation Conversation, bool First);

/// <summary>Who has just connected. The practice world starts its incidents by it; where nobody listens the oldest are forgotten.</summary>
internal sealed class Arrivals
{
    private readonly Channel<Arrival> _arrivals = Channel.CreateBounded<Arrival>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<Arrival> Reader => _arrivals.Reader;

    public void Tell(Arrival arrival) => _arrivals.Writer.TryWrite(arrival);
}
