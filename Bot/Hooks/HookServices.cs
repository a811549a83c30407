using Microsoft.Extensions.DependencyInjection.Extensions;
using RunModes.Bot.Execution;

namespace RunModes.Bot.Hooks;

internal static class HookServices
{
    /// <summary>Needs the ledger, the table of answers, <see cref="ArmReader"/> and a clock.</summary>
    public static IServiceCollection AddHooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton<Subprocess>();
        return services.AddSingleton(HookSettings.From(configuration)).AddSingleton<TagReader>().AddSingleton<HookProcess>().AddSingleton<HookPrograms>().AddSingleton<Governance>();
    }
}
