using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Cli.Checks;

/// <summary>Whether the alerts that plans wait for are let in, and nobody else's.</summary>
internal sealed class SourcesCheck(IncidentSettings sources, ILedger ledger, IPlans plans) : ICheck
{
    /// <summary>As many characters as nobody guesses.</summary>
    private const int ShortestKey = 20;
    private const int FewestCharacters = 8;

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var waiting = (await ledger.Read(plans.All, cancellation)).Where(p => p.Enabled).Select(p => p.Platform).ToHashSet();
        yield return Monitor(waiting.Contains(Platform.AzureMonitor));
        yield return PagerDuty(waiting.Contains(Platform.PagerDuty));
    }

    private CheckLine Monitor(bool waited) => sources switch
    {
        { Key: null, Audience: null } => Closed("Azure Monitor", waited, "set Incidents:AzureMonitor:Key (or :Audience for a secure webhook), and put it into the action group's webhook."),
        { Key: { } key } when IsGuessable(key) => CheckLine.Trouble("Azure Monitor", $"its webhook key can be guessed: it is shorter than {ShortestKey} characters or made of few different ones", "use a long random one: openssl rand -hex 32."),
        { Key: not null } => CheckLine.Good("Azure Monitor", "alerts are let in with a key"),
        _ => CheckLine.Good("Azure Monitor", "alerts are let in with tokens of Entra"),
    };

    private CheckLine PagerDuty(bool waited) => sources switch
    {
        { Secrets.Count: 0 } => Closed("PagerDuty", waited, "put the signing secret of the webhook subscription into Incidents:PagerDuty:SigningSecrets."),
        { Services.Count: 0 } => CheckLine.Trouble("PagerDuty", "no service stands for a resource, so no event can be acted on", "map services to resource ids under Incidents:PagerDuty:Services."),
        _ when sources.Secrets.Any(IsGuessable) => CheckLine.Trouble("PagerDuty", "a signing secret can be guessed", "use the one that PagerDuty made for the webhook subscription."),
        _ => CheckLine.Good("PagerDuty", $"signed events are let in; {sources.Services.Count} services stand for resources"),
    };

    private static CheckLine Closed(string about, bool waited, string fix) => waited
        ? CheckLine.Trouble(about, "plans wait for its alerts, and none is let in", fix)
        : CheckLine.Note(about, "no alert is let in, and no plan waits for one");

    private static bool IsGuessable(string key) => key.Length < ShortestKey || key.Distinct().Count() < FewestCharacters;
}
