namespace RunModes.Bot.Tests.Support;

/// <summary>Moves the clock from one look at a waiting proposal's facts to the next.</summary>
internal static class Looking
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(125);

    /// <summary>Lets the watch plan its next look, then moves the clock past it.</summary>
    public static async Task Once(Asking asking)
    {
        var planned = await NextLook(asking, _ => true);
        asking.Bot.Clock.Advance(Interval);
        await NextLook(asking, due => due != planned);
        // A jump of the clock while Azure is being asked would be a time-out: the look has to have its answers first.
        for (int quiet = 0, seen = 0; quiet < 5; await Task.Delay(TimeSpan.FromMilliseconds(60), TimeProvider.System, BotClient.Cancellation))
        {
            var requests = asking.Cloud.Arm.Requests.Count;
            quiet = requests == seen ? quiet + 1 : 0;
            seen = requests;
        }
    }

    /// <summary>So many looks that were taken and came to an end: a message of theirs would have been posted by now.</summary>
    public static async Task Times(Asking asking, int times)
    {
        for (var i = 0; i <= times; i++)
        {
            await Once(asking);
        }
    }

    /// <returns>The stored due time of the look at the card, once it fits; 0 when the card waits no longer.</returns>
    private static async Task<long> NextLook(Asking asking, Func<long, bool> fits)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            var due = await asking.Bot.Count("SELECT COALESCE((SELECT w.due_at FROM waits w JOIN proposals p ON p.id = w.proposal_id AND p.revision = w.revision WHERE w.step = 'Look' AND p.status = 'AwaitingApproval'), (SELECT 0 FROM proposals WHERE status <> 'AwaitingApproval'), -1)");
            if (due >= 0 && fits(due))
            {
                return due;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"The next look is {due}.");
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, BotClient.Cancellation);
        }
    }
}
