using RunModes.Bot.Reporting;

namespace RunModes.Bot.Sandbox;

/// <summary>What the sandbox runs with, in the words of the settings file. What else is set (name, budget, verification) wins over it.</summary>
internal static class SandboxSettings
{
    private const string AppId = "5a4db0c5-0000-4000-8000-0000000000b0";

    /// <param name="database">A file in a folder of its own.</param>
    public static IReadOnlyDictionary<string, string?> For(string database) => new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["MicrosoftAppId"] = AppId,
        ["MicrosoftAppTenantId"] = PracticePeople.TenantId,
        ["Roles:Administrator:Groups:0"] = PracticeDirectory.Administrators,
        ["Roles:StandardUser:Groups:0"] = PracticeDirectory.StandardUsers,
        ["Store:Provider"] = "Sqlite",
        ["Store:ConnectionString"] = $"Data Source={database}",
        // Samples of the running minute count, and nobody waits ten minutes for an app that was built not to recover.
        ["Verification:Settle"] = "00:00:00",
        ["Verification:Interval"] = "00:00:02",
        ["Verification:GiveUpAfter"] = "00:00:30",
        // Practising is repeating.
        ["Budget:PerTargetPerHour"] = "50",
        ["Budget:PerPlanPerHour"] = "50",
        // Cards are also readable in the log.
        [$"Logging:LogLevel:{typeof(OutboxDelivery).FullName}"] = "Debug",
    }.Concat(Plan(0, "production", "Review", "app-service-prod", "Practice: an Administrator decides before anything is restarted."))
        .Concat(Plan(1, "staging", "Autonomous", "app-service-staging", "Practice: restarted at once, and reported."))
        .Concat(Plan(2, "stuck", "Review", "app-service-stuck", "Practice: this app does not recover, whatever is restarted."))
        .Concat(Task(0, "daily-health", "every day at 8", "HealthCheck", PracticeAzure.Group))
        .Concat(Task(1, "weekly-cost", "every monday at 9", "CostReport", PracticeAzure.Group))
        .Concat(Task(2, "weekly-insights", "every monday at 9", "Insights", scope: null))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>To be tried with `run`: nobody practises until Monday.</summary>
    private static Dictionary<string, string?> Task(int at, string name, string cron, string does, string? scope) => new()
    {
        [$"ScheduledTasks:{at}:Name"] = name,
        [$"ScheduledTasks:{at}:Cron"] = cron,
        [$"ScheduledTasks:{at}:Does"] = does,
        [$"ScheduledTasks:{at}:Scope"] = scope,
        [$"ScheduledTasks:{at}:Mode"] = "Review",
    };

    private static Dictionary<string, string?> Plan(int at, string name, string mode, string app, string instructions) => new()
    {
        [$"ResponsePlans:{at}:Name"] = name,
        [$"ResponsePlans:{at}:Mode"] = mode,
        [$"ResponsePlans:{at}:SubscriptionId"] = PracticeAzure.Subscription,
        [$"ResponsePlans:{at}:ResourceGroup"] = PracticeAzure.ResourceGroup,
        [$"ResponsePlans:{at}:ResourceType"] = "Microsoft.Web/sites",
        [$"ResponsePlans:{at}:Resource"] = app,
        [$"ResponsePlans:{at}:Instructions"] = instructions,
        // Each practice alert is an exercise of its own, also a minute after a Deny.
        [$"ResponsePlans:{at}:MergeEnabled"] = "false",
    };
}

/// <summary>Where a sandbox keeps its store and audit key: a private folder that ends with it. Dispose after the host.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runmodes-sandbox-");

    public string Database => Path.Combine(_folder.FullName, "runmodes.db");

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // A last message was still being recorded: what is left of a practice belongs to whoever tidies the temporary folder.
        }
    }
}
