using System.Diagnostics;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>One span a durable step: begun before its transaction, ended after its commit. Costs nothing while nobody listens.</summary>
internal static class StoreSpans
{
    public const string SourceName = "RunModes.Bot.Store";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Start(DurableStep step) => Source.HasListeners() ? Source.StartActivity(step.ToString()) : null;
}
