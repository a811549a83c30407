using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

public sealed class TaskScopeTests
{
    private const string Subscription = "/subscriptions/00000000-0000-0000-0000-000000000001";
    private const string Group = $"{Subscription}/resourceGroups/web";
    private const string App = $"{Group}/providers/Microsoft.Web/sites/app";

    [Theory]
    [InlineData(nameof(Does.HealthCheck), Group, null)]
    [InlineData(nameof(Does.HealthCheck), Subscription, "is no resource group")]
    [InlineData(nameof(Does.HealthCheck), App, "is no resource group")]
    [InlineData(nameof(Does.HealthCheck), "", "is missing")]
    [InlineData(nameof(Does.HealthCheck), "web", "is no Azure id")]
    [InlineData(nameof(Does.HealthCheck), $"{Group}/../x", "is no Azure id")]
    [InlineData(nameof(Does.CostReport), Group, null)]
    [InlineData(nameof(Does.CostReport), Subscription, null)]
    [InlineData(nameof(Does.CostReport), App, "is a resource")]
    [InlineData(nameof(Does.CostReport), "", "is missing")]
    [InlineData(nameof(Does.CostReport), "/providers/Microsoft.Billing/billingAccounts/1", "is no Azure id")]
    [InlineData(nameof(Does.Insights), "", null)]
    [InlineData(nameof(Does.Insights), Group, "looks at no resource")]
    [InlineData(nameof(Does.PendingReminder), Group, "looks at no resource")]
    public void A_scope_fits_what_the_task_does(string does, string scope, string? problem)
    {
        var found = TaskSettings.ScopeProblem(new ScheduledTask { Name = "x", Cron = "every hour", Does = Enum.Parse<Does>(does), Scope = scope });

        Assert.Equal(problem is null, found is null);
        Assert.Contains(problem ?? "", found ?? "", StringComparison.Ordinal);
    }
}
