using Microsoft.Extensions.DependencyInjection.Extensions;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

internal static class TeamsServices
{
    private const int LargestAnswer = 1024 * 1024;

    /// <summary>Needs an <c>IInbound</c> from elsewhere, and primary HTTP handlers that follow no redirects.</summary>
    public static IServiceCollection AddTeams(this IServiceCollection services, IConfiguration configuration, bool sandbox)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(TeamsHttp.ClientName, client =>
        {
            // Every call brings its own limit on the injected clock.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.MaxResponseContentBufferSize = LargestAnswer;
        }).RemoveAllLoggers();

        services.AddSingleton(TeamsOptions.From(configuration, sandbox));
        services.AddSingleton<SigningKeys>().AddSingleton<CallerCheck>().AddSingleton<ActivityDispatch>().AddSingleton<TeamsEndpoint>();
        services.AddSingleton<BotIdentity>().AddSingleton<ConnectorToken>().AddSingleton<ConnectorAttempts>().AddSingleton<ConnectorProbe>().AddSingleton<IMessenger, BotConnector>();
        if (!sandbox)
            services.AddHostedService<KeyWarmUp>();
#if BOT_FRAMEWORK_SDK
        // The practice world has no tokens, and the SDK no way without.
        if (!sandbox)
            BotFramework.SdkServices.AddBotFramework(services);
#endif
        return services;
    }

    /// <summary>So that the first click does not wait for the keys. A failure is logged and tried again when one is needed.</summary>
    private sealed class KeyWarmUp(SigningKeys keys) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => keys.Current();
    }
}
