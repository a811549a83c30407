namespace RunModes.Bot.Reporting;

internal static class ReportingServices
{
    public static IServiceCollection AddReporting(this IServiceCollection services) =>
        services.AddSingleton<OutboxTables>().AddSingleton<Presenters>().AddSingleton<OutboxDelivery>().AddSingleton<IPresenter, NoticePresenter>().AddHostedService<OutboxSender>();
}
