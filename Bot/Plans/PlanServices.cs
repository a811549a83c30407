using Microsoft.Extensions.DependencyInjection.Extensions;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Plans;

internal static class PlanServices
{
    /// <summary>Needs <c>ILedger</c> and the tables from elsewhere. Whoever opens the store seeds it next.</summary>
    /// <param name="commands">Where commands may run; null: nowhere.</param>
    public static IServiceCollection AddPlans(this IServiceCollection services, IConfiguration configuration, CommandReaders? commands = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        var settings = PlanSettings.From(configuration, commands);
        services.AddSingleton(settings).AddSingleton(settings.Agent).AddSingleton(settings.Verification).AddSingleton(settings.Budget).AddSingleton(settings.Tools);
        services.AddSingleton(settings.Steps).AddSingleton(settings.Steps.Own);
        services.AddSingleton<PlanSeeding>().AddSingleton<TaskSeeding>().AddSingleton<Seeding>();
        return services;
    }
}
