using Microsoft.Bot.Builder.Integration.AspNet.Core;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams.BotFramework;

/// <summary>The SDK's adapter, and what its calls carry.</summary>
internal sealed record SdkChannel(CloudAdapter Adapter, SdkCredentials Credentials);

internal static class SdkServices
{
    /// <summary>On top of what the own endpoint needs: its checks stand before every turn. The settings have the names that the SDK reads.</summary>
    public static IServiceCollection AddBotFramework(this IServiceCollection services) => services
        .AddSingleton(provider =>
        {
            var (log, credentials) = (provider.GetRequiredService<ILoggerFactory>().CreateLogger<CloudAdapter>(), new SdkCredentials(provider.GetRequiredService<TeamsOptions>()));
            var authentication = new ConfigurationBotFrameworkAuthentication(
                provider.GetRequiredService<IConfiguration>(), credentials, null, provider.GetRequiredService<IHttpClientFactory>(), log);
            return new SdkChannel(new CloudAdapter(authentication, log), credentials);
        })
        .AddSingleton<SdkEndpoint>()
        .AddSingleton<IMessenger, SdkMessenger>();
}
