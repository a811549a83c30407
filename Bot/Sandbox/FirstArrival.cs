using RunModes.Bot.Audit;
using RunModes.Bot.Chat;

namespace RunModes.Bot.Sandbox;

/// <summary>Plays both examples once, by themselves, when the first client connects. In the background: the client's request must not wait for it.</summary>
internal sealed partial class FirstArrival(PracticeAlerts alerts, Arrivals arrivals, TimeProvider clock, ILogger<FirstArrival> log) : BackgroundService
{
    /// <summary>Lets the welcome be read first, and the first example before the second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await arrivals.Reader.ReadAsync(stoppingToken);
        foreach (var word in (string[])["prod", "staging"])
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                var line = await alerts.Raise(word, stoppingToken);
                Raised(log, line);
            }
            catch (StoreUnavailableException unavailable)
            {
                NotRaised(log, word, unavailable.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private static partial void Raised(ILogger log, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The practice alert {Word} could not be raised ({Why}); write practice {Word} to try again")]
    private static partial void NotRaised(ILogger log, string word, string why);
}
