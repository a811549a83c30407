using RunModes.Bot.Audit;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Plans and tasks share their names, the name of a deleted plan included.</summary>
public sealed class TaskNamesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_plan_does_not_come_back_under_the_name_of_a_task()
    {
        await using var world = await ChatWorld.Start();
        var (plans, tasks, plan) = (world.Get<IPlans>(), world.Get<ITasks>(), new ResponsePlan { Name = "waiting" });
        Task<bool> Write(Func<ITransaction, Task<bool>> work) => world.Ledger.Write(DurableStep.Unknown, work, Cancellation);
        Assert.True(await Write(t => plans.Insert(t, plan)));
        Assert.True(await Write(t => plans.Delete(t, plan, 1)));
        Assert.True(await Write(t => tasks.Insert(t, new() { Name = "waiting", Cron = "every hour", Does = Does.PendingReminder })));

        Assert.False(await Write(t => plans.Create(t, plan)));
        Assert.Null(await world.Plan("waiting"));
    }
}
