using RunModes.Bot.Incidents;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

internal static class ChatServices
{
    /// <summary>Needs the store, the roles, the approvals and the runs. A <see cref="PracticeAlerts"/>, if registered, adds the practice commands.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services)
    {
        services.AddSingleton<Recheck>().AddSingleton<UndoChecks>().AddSingleton<Undoing>().AddSingleton<EmergencyStop>().AddSingleton<Reinvestigation>();
        services.AddSingleton<CommandRules>().AddSingleton<PersonalLimits>().AddSingleton<ChatRequests>().AddSingleton<KnownResources>().AddSingleton<IChange, RunRequests>().AddSingleton<IChange, CommandRequests>();
        services.AddSingleton<IShow, InsightsShown>().AddSingleton<IShow, HooksShown>();
        services.AddSingleton<ChatTables>().AddSingleton<ChatSettings>().AddSingleton<RunSteps>().AddSingleton<Replies>();
        services.AddSingleton<Pace>().AddSingleton<Access>().AddSingleton<Confirmations>().AddSingleton<ConfirmationExpiry>();
        services.AddSingleton<HealthTables>().AddSingleton<HealthReport>().AddSingleton<Names>().AddSingleton<Answers>().AddSingleton<Commands>();
        services.AddSingleton<INames, NamesOfPlans>().AddSingleton<INames, NamesOfTasks>().AddSingleton<IShow, TasksShown>();
        services.AddSingleton<TaskWrites>().AddSingleton<TaskQuestions.Setting>().AddSingleton<TaskQuestions>().AddSingleton<TaskEdits>().AddSingleton<RunsByHand>().AddSingleton<IChange, TaskChanges>();
        services.AddSingleton<IShow, BotShown>().AddSingleton<IShow, PlansShown>().AddSingleton<IShow, WorkShown>().AddSingleton<IShow, PlanTrial>();
        services.AddSingleton<IChange, ControlChanges>().AddSingleton<IChange, ChannelChange>().AddSingleton<IChange, PlanChanges>();
        services.AddSingleton<PlanWrites>().AddSingleton<PlanQuestions>().AddSingleton<PlanEdits>();
        services.AddSingleton<FormDesk>().AddSingleton<IPresenter, FormPresenter>().AddSingleton<IFormKind, PlanForm>().AddSingleton<IChange, PlanForms>().AddSingleton<IFormKind, TaskForm>().AddSingleton<IChange, TaskForms>();
        services.AddSingleton<IConfirmed, ControlWrites>().AddSingleton<IConfirmed>(s => s.GetRequiredService<PlanWrites>());
        services.AddSingleton<IConfirmed>(s => s.GetRequiredService<TaskWrites>()).AddSingleton<IConfirmed>(s => s.GetRequiredService<RunsByHand>());
        services.AddSingleton<FollowUps>().AddSingleton<Clicks>().AddSingleton<Installations>().AddSingleton<Arrivals>();
        services.AddHostedService<Sweep>();
        return services.AddSingleton<IPresenter, ConfirmationPresenter>().AddSingleton<IInbound, ChatHandler>();
    }
}
