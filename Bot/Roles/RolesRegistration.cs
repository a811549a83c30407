using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RunModes.Bot.Roles;

internal static class RolesRegistration
{
    /// <summary>Needs a keyed <see cref="Azure.Core.TokenCredential"/> under <see cref="GraphDirectory.Identity"/>: the bot's own identity.</summary>
    public static IServiceCollection AddRoles(this IServiceCollection services, IConfiguration settings)
    {
        var options = RoleOptions.From(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<GraphDirectory>();
        services.AddSingleton<RoleLookup>().AddSingleton<ApproverGroups>();
        services.AddHttpClient(GraphDirectory.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.All,
                // The SDK's client lives as long as the bot; connections are what must follow DNS.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .AddHttpMessageHandler(() => new GraphGuard(options.GraphHost))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }
}
