using Azure.Core.Pipeline;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace RunModes.Bot.Execution;

internal static class ArmHttp
{
    /// <summary>The named client of everything the agent sends: Azure and its tokens.</summary>
    public const string ClientName = "arm";
}

internal static class ExecutionSetup
{
    public static IServiceCollection AddExecution(this IServiceCollection services, IConfiguration settings, bool sandbox)
    {
        // No loggers: they would write query strings and headers.
        services.AddHttpClient(ArmHttp.ClientName).RemoveAllLoggers();
        // Last word, whoever else configures the handler.
        services.PostConfigure<HttpClientFactoryOptions>(ArmHttp.ClientName, o => o.HttpMessageHandlerBuilderActions.Add(b => Harden(b.PrimaryHandler)));

        services.AddHttpClient(GraphMail.ClientName).RemoveAllLoggers();
        services.PostConfigure<HttpClientFactoryOptions>(GraphMail.ClientName, o => o.HttpMessageHandlerBuilderActions.Add(b => Harden(b.PrimaryHandler)));
        services.AddHttpClient(HttpGetTool.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(HttpGetTool.Handler).RemoveAllLoggers();
        services.AddSingleton<HttpGetTool>();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
        {
            var transport = new HttpClientTransport(provider.GetRequiredService<IHttpClientFactory>().CreateClient(ArmHttp.ClientName));
            return sandbox ? AgentIdentity.Practice(transport) : AgentIdentity.FromSettings(settings, transport);
        });
        services.AddSingleton(provider => provider.GetRequiredService<AgentIdentity>().Context);
        services.AddSingleton<ArmPipeline>();
        services.AddSingleton<ArmReader>().AddSingleton<ArmQuery>().AddSingleton<LogQuery>();
        services.AddSingleton<ArmExecutor>();
        services.AddSingleton<ArmPolling>().AddSingleton<AlertStates>();
        services.AddSingleton(_ => ToolSurroundings.From(settings)).AddSingleton(provider => provider.GetRequiredService<ToolSurroundings>().Settings);
        services.AddSingleton<Subprocess>().AddSingleton<ToolRunner>().AddSingleton<ToolReads>().AddSingleton<ToolExecutor>().AddSingleton<ToolProbe>().AddSingleton<ToolPreparation>().AddSingleton<OperationExecutor>().AddSingleton<Executors>();
        services.AddHostedService<ToolLeftovers>();
        services.AddSingleton<RecentRights>().AddSingleton<PermissionProbe>().AddSingleton<PreconditionProbe>();
        return services;
    }

    private static void Harden(HttpMessageHandler handler)
    {
        switch (handler)
        {
            case SocketsHttpHandler { AllowAutoRedirect: true } sockets:
                sockets.AllowAutoRedirect = false;
                break;
            case HttpClientHandler { AllowAutoRedirect: true } client:
                client.AllowAutoRedirect = false;
                break;
            default:
                break;
        }
    }
}
