using Azure.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using RunModes.Bot.Plans;
using RunModes.Bot.Roles;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Sandbox;

internal static class SandboxServices
{
    /// <summary>Weakest of all sources: what somebody set wins. Before anything reads the configuration.</summary>
    public static void AddSandboxSettings(this IConfigurationManager configuration, SandboxFolder folder) =>
        configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = SandboxSettings.For(folder.Database) });

    /// <summary>After all other folders were added, each with <c>sandbox: true</c> where it takes that: this has the last word on who answers and as whom.</summary>
    public static IServiceCollection AddSandbox(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PracticeAzure>().AddSingleton<PracticeAlerts>().AddSingleton<FirstArrival>();
        services.AddSingleton(provider => new Chat.PracticeAlerts(provider.GetRequiredService<PracticeAlerts>().Raise));
        services.AddHostedService(provider => provider.GetRequiredService<FirstArrival>());
        // A handler of its own for each client: the factory disposes them when they grow old.
        services.PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(
            builder => builder.PrimaryHandler = new PracticeWire(builder.Services.GetRequiredService<PracticeAzure>())));
        services.AddKeyedSingleton<TokenCredential>(GraphDirectory.Identity, (provider, _) => new PracticeLogin.Credential(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => provider.GetRequiredService<PlanSettings>().Agent with { Sandbox = true });
        // Without a tenant, so that a client with people of its own may at least talk and watch.
        services.AddSingleton(TeamsOptions.From(new ConfigurationBuilder().Build(), sandbox: true));
        return services;
    }
}
