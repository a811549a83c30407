using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Hooks;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal static class StorageServices
{
    /// <param name="store">Opened before anything else starts: a file in use, or a key that cannot be read, ends the start.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, IStore store)
    {
        // By factory, so that the container closes it, and with it the lock.
        services.AddSingleton(_ => store).AddSingleton<Pulse>().AddSingleton<AuditTable>();
        services.AddSingleton(p => p.GetRequiredService<IStore>().Ledger(p)).AddSingleton<IAuditLog, AuditLog>();
        services.TryAddSingleton<IStoreClock>(p => store.Path is null ? new ServerClock() : new OwnClock(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ClockSkew>();
        if (store is PostgresStore server)
        {
            services.AddHostedService<ClockWatch>();
            services.AddQuartz(quartz => ClusteredJobs.On(quartz, server.ConnectionString));
        }

        services.AddSingleton<ProposalTable>().AddSingleton<IProposals>(p => p.GetRequiredService<ProposalTable>()).AddSingleton<IClaims>(p => p.GetRequiredService<ProposalTable>());
        services.AddSingleton<IIncidents, IncidentTable>().AddSingleton<IPlans, PlanTable>().AddSingleton<IRuns, RunTable>().AddSingleton<IWaits, WaitTable>();
        services.AddSingleton<IOutbox, OutboxTable>().AddSingleton<IConversations, ConversationTable>().AddSingleton<IConfirmations, ConfirmationTable>().AddSingleton<IForms, FormTable>();
        services.AddSingleton<ILeases, LeaseTable>().AddSingleton<ITurns, TurnTable>().AddSingleton<ILapses, LapseTable>().AddSingleton<ITasks, TaskTable>().AddSingleton<IWriteBacks, WriteBackTable>().AddSingleton<IHookAnswers, HookAnswerTable>().AddSingleton<IMails, MailTable>().AddSingleton<Unreadable>();
        return services;
    }
}
