using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RunModes.Bot.Plans;

internal static class PlanServices
{
    /// <summary>Needs <c>ILedger</c> and <see cref="IPlans"/> from elsewhere. Whoever opens the store calls <see cref="PlanSeeding.Seed"/> next.</summary>
    public static IServiceCollection AddPlans(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        var settings = PlanSettings.From(configuration);
        services.AddSingleton(settings).AddSingleton(settings.Agent).AddSingleton(settings.Verification).AddSingleton(settings.Budget);
        services.AddSingleton<PlanSeeding>();
        return services;
    }
}
