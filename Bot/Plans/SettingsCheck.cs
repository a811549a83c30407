namespace RunModes.Bot.Plans;

/// <summary>Settings that cannot be used stop the start: one line a problem, naming key and fix, never a secret's value.</summary>
internal static class SettingsCheck
{
    public static IReadOnlyList<string> Problems(IConfiguration configuration) =>
        [.. SettingsSchema.Problems(configuration), .. PlanSettings.From(configuration).Problems];
}
