using Azure.Core;
using RunModes.Bot.Execution;
using RunModes.Bot.Roles;

namespace RunModes.Bot;

internal static class GraphMailSetup
{
    /// <summary>Here, because what sends knows nobody's roles, and who the bot is to Microsoft Graph is known there.</summary>
    public static IServiceCollection AddGraphMail(this IServiceCollection services) => services.AddSingleton(provider => new GraphMail(
        provider.GetRequiredService<IHttpClientFactory>(),
        provider.GetRequiredKeyedService<TokenCredential>(GraphDirectory.Identity),
        provider.GetRequiredService<RoleOptions>().GraphHost,
        provider.GetRequiredService<TimeProvider>()));
}
