using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>A run that acted without asking and did not end well.</summary>
/// <param name="Owner">"plan/…" or "task/…", in lower case.</param>
/// <param name="What">"Restart App Service 'app-service-staging': not recovered".</param>
internal sealed record Lapse(RunId Run, string Owner, DateTimeOffset At, string What);

/// <summary>Lapses as stored. Port to the store.</summary>
internal interface ILapses
{
    /// <summary>Once for a run, however often it is told.</summary>
    Task Add(ITransaction transaction, Lapse lapse);

    /// <summary>Those that still count, newest first.</summary>
    Task<IReadOnlyList<Lapse>> Since(ITransaction transaction, string owner, DateTimeOffset since, int most);

    /// <summary>The count starts anew.</summary>
    Task Spend(ITransaction transaction, string owner);
}
