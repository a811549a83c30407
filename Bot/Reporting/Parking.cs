using RunModes.Bot.Audit;

namespace RunModes.Bot.Reporting;

/// <summary>
/// A row with nowhere to go is parked, and woken by whatever gives it a place. The look that finds no place and the install that it would miss
/// come one after the other: otherwise the row is parked a moment after it was woken, and sleeps.
/// </summary>
internal static class Parking
{
    private const string Name = "parking";

    /// <summary>Before the look that may park.</summary>
    public static Task Begin(ITransaction transaction) => transaction.Lock(Name);

    /// <summary>After the place was written.</summary>
    public static async Task WakeAll(this IOutbox outbox, ITransaction transaction, DateTimeOffset now)
    {
        await transaction.Lock(Name);
        await outbox.WakeParked(transaction, now);
    }
}
