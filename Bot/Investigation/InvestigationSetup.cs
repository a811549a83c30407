using Microsoft.Extensions.DependencyInjection.Extensions;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

internal static class InvestigationSetup
{
    /// <summary>Needs <see cref="ArmReader"/>, the agent's AzureContext and a clock.</summary>
    public static IServiceCollection AddInvestigation(this IServiceCollection services)
    {
        services.AddSingleton<MetricReader>().AddSingleton<SignalReader>().AddSingleton<HealthReader>().AddSingleton<GroupHealthReader>().AddSingleton<CostReader>();
        services.TryAddSingleton<PreconditionProbe>();
        services.AddSingleton<ChangeHistory>().AddSingleton<MachineSources>();
        services.AddSingleton<AppServiceSignals>();
        services.AddSingleton<DeploymentReader>().AddSingleton<AppServiceRecords>();
        services.AddSingleton<RequestedRestart>().AddSingleton<AppServiceRunbooks>().AddSingleton<VirtualMachineRunbook>().AddSingleton<ContainerAppRunbook>();
        services.AddSingleton<CommandSteps.Setting>().AddSingleton<CommandSteps>().AddSingleton<TaskSteps>();
        services.AddSingleton<HealthCheck>().AddSingleton(p => p.GetRequiredService<HealthCheck>().Work).AddSingleton<CostCheck>().AddSingleton(p => p.GetRequiredService<CostCheck>().Work);
        services.AddSingleton(provider => new Requester(provider.GetRequiredService<AzureContext>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RequestedChanges>().AddSingleton<RequestedCommands>();
        services.AddSingleton(provider => new RunbookInvestigator(
            [provider.GetRequiredService<RequestedRestart>().Runbook, .. provider.GetRequiredService<AppServiceRunbooks>().All, provider.GetRequiredService<VirtualMachineRunbook>().Runbook, provider.GetRequiredService<ContainerAppRunbook>().Runbook],
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IInvestigator, CommandInvestigator>();
        return services;
    }
}
