using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RunModes.Bot.Audit;

internal static class AuditRegistration
{
    /// <summary>Needs an <see cref="IAuditLog"/> from the store. The key is loaded before anything starts, because a bad one ends the start (exit code 2).</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services, AuditKey key, AuditFiles files)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton(key)
            .AddSingleton(new AnchorFile(files.AnchorFile))
            .AddSingleton<AuditSealer>()
            .AddSingleton<AuditVerifier>();
    }
}
