using Quartz;
using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

internal static partial class RunServices
{
    /// <summary>Needs the tables of the store, the investigation, the execution and the roles.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services, IConfiguration configuration)
    {
        if (TelemetrySettings.From(configuration).Metrics)
        {
            services.AddHostedService<Backlog>();
        }

        services.AddSingleton<RunTables>().AddSingleton<ProposalSteps>().AddSingleton<ProposalWriter>().AddSingleton<OperationHooks>().AddSingleton<Mailing>().AddSingleton<Toolbox.Reach>().AddSingleton<Toolbox>().AddSingleton<ToolSteps>().AddSingleton<IncidentTools>().AddSingleton<FactCollector.Sources>().AddSingleton<FactCollector>().AddSingleton<ExecutionChecks>();
        if (services.Any(s => s.ServiceType == typeof(TaskSteps)))
        {
            services.AddSingleton(p => p.GetRequiredService<ToolSteps>().Around(p.GetRequiredService<TaskSteps>().Work));
        }

        services.AddSingleton<PollSeals>().AddSingleton<Polls>().AddHostedService<PollWorker>();
        services.AddSingleton<TargetFacts>().AddSingleton<ProposalWatch>().AddSingleton<Silence>().AddSingleton<Undelivered>().AddSingleton<Vigil>().AddSingleton<PendingReminder>();
        // What tasks do is one TaskWork each; nothing that is not registered runs.
        services.AddSingleton<TaskInvestigator>().AddSingleton<TaskRuns>().AddSingleton<Insights>().AddSingleton<Ticks.Posts>().AddSingleton<Ticks>();
        services.AddSingleton<Sender>().AddSingleton<Executions>().AddSingleton<Verifier>().AddSingleton<RunFlow.Surroundings>().AddSingleton<RunInvestigation.Ways>().AddSingleton<RunInvestigation>().AddSingleton<RunFlow>().AddSingleton<RunRecovery>().AddSingleton<ExecutionProbe>();
        services.AddSingleton<Tightening>().AddSingleton<SelfDemotion>();
        services.AddSingleton<IAlertSource, PagerDutySource>().AddSingleton<IAlertSource, AzureMonitorSource>().AddSingleton<WrittenSources>().AddSingleton<WriteBacks>().AddHostedService<WriteBackWorker>();
        services.AddSingleton<RunQueue>().AddSingleton<IRunQueue>(p => p.GetRequiredService<RunQueue>());
        services.AddSingleton<RunPresenter>().AddSingleton<IPresenter>(p => p.GetRequiredService<RunPresenter>()).AddSingleton<IPresenter, ReminderPresenter>().AddSingleton<IPresenter, DigestPresenter>();
        services.AddSingleton<RunActivities>().AddHostedService<RunWorker>().AddHostedService<Heartbeat>().AddHostedService<ClockWatch>();
        services.AddSingleton<Restoration>().AddSingleton<StoreHistory>();
        services.AddQuartz(quartz =>
        {
            quartz.AddJob<Sealing>(j => j.WithIdentity(nameof(Sealing)));
            quartz.AddTrigger(t => t.ForJob(nameof(Sealing)).WithIdentity(nameof(Sealing)).WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromSeconds(5)).RepeatForever()));
        });
        services.AddQuartzHostedService(o => o.WaitForJobsToComplete = true);
        return services;
    }

    /// <summary>One of all replicas at a time; a lost race only makes its guarded write fail.</summary>
    [DisallowConcurrentExecution]
    private sealed partial class Sealing(AuditSealer sealer, ILedger ledger, TimeProvider clock, ILogger<Sealing> log) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            try
            {
                if ((await sealer.Pass(cancellationToken)).Trouble is { } trouble)
                {
                    Tampered(log, trouble);
                    await ledger.Write(DurableStep.TamperFound, t => t.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.TamperFound, "audit", detail: trouble)), cancellationToken);
                }
            }
            catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException)
            {
                CouldNotSeal(log, e);
            }
        }

        [LoggerMessage(LogLevel.Critical, "The audit was tampered with: {Trouble}")]
        private static partial void Tampered(ILogger log, string trouble);

        [LoggerMessage(LogLevel.Error, "The audit could not be sealed or anchored; trying again")]
        private static partial void CouldNotSeal(ILogger log, Exception e);
    }
}
