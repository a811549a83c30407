using Microsoft.Bot.Builder.Integration.AspNet.Core;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams.BotFramework;

internal static class SdkServices
{
    /// <summary>On top of what the own endpoint needs: its checks stand before every turn. The settings have the names that the SDK reads.</summary>
    public static IServiceCollection AddBotFramework(this IServiceCollection services) => services
        .AddSingleton(provider => new CloudAdapter(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger<CloudAdapter>()))
        .AddSingleton<SdkEndpoint>()
        .AddSingleton<IMessenger, SdkMessenger>();
}
