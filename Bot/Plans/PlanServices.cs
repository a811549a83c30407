using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RunModes.Bot.Plans;

internal static class PlanServices
{
    /// <summary>Needs <c>ILedger</c> and the tables from elsewhere. Whoever opens the store seeds it next.</summary>
    public static IServiceCollection AddPlans(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        var settings = PlanSettings.From(configuration);
        services.AddSingleton(settings).AddSingleton(settings.Agent).AddSingleton(settings.Verification).AddSingleton(settings.Budget).AddSingleton(settings.Tools);
        services.AddSingleton<PlanSeeding>().AddSingleton<TaskSeeding>().AddSingleton<Seeding>();
        return services;
    }
}
