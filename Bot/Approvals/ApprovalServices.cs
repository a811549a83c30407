namespace RunModes.Bot.Approvals;

internal static class ApprovalServices
{
    public static IServiceCollection AddApprovals(this IServiceCollection services) =>
        services.AddSingleton<ApprovalTables>().AddSingleton<Seals>().AddSingleton<DecisionHandler>();
}
