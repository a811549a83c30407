using RunModes.Bot.Investigation;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Cost_days
{
    [Theory]
    [InlineData("every day at 8", 7)]
    [InlineData("every hour", 7)]
    [InlineData("every weekday at 8", 7)]
    [InlineData("every monday at 9", 7)]
    [InlineData("first day of the month at 7", 31)]
    [InlineData("0 8 1 1 *", 31)]
    [InlineData("no schedule", 7)]
    public void As_many_days_as_lie_between_two_runs_are_compared(string cron, int days) =>
        Assert.Equal(days, CostCheck.Days(cron, TimeZoneInfo.Utc, new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero)));
}
