using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Storage;

/// <summary>A claim obeys its task's row as it obeys a plan's.</summary>
public class TaskClaimTests
{
    [Theory]
    [InlineData("nothing", true, true)]
    [InlineData("the task is paused", false, false)]
    [InlineData("the task was deleted", false, false)]
    [InlineData("the task was never there", false, false)]
    [InlineData("only a plan of that name is there", false, false)]
    [InlineData("the task was set to Review", true, false)]
    [InlineData("the task stores no mode and there is no default", true, false)]
    [InlineData("the task stores no mode and the default is Autonomous", true, true)]
    [InlineData("its row was written by a version that knew no mode", false, false)]
    public async Task Whatever_was_answered_of_its_task_before_a_claim_it_obeys(string obstacle, bool approvedWins, bool clearedWins)
    {
        foreach (var (status, wins) in new[] { (ProposalStatus.Approved, approvedWins), (ProposalStatus.Cleared, clearedWins) })
        {
            await using var world = await StoreWorld.Open();
            var tasks = new TaskTable(world.Unreadable);
            var task = new ScheduledTask { Name = "Nightly", Cron = "every hour", Does = Does.Steps, Mode = RunMode.Autonomous };
            if (obstacle is not ("the task was never there" or "only a plan of that name is there"))
            {
                Assert.True(await world.Write(t => tasks.Insert(t, task)));
            }

            var proposal = await world.Propose(status, but: p => p with { Plan = null, Task = "Nightly" });
            await world.Write(async t =>
            {
                var stored = await tasks.Find(t, "nightly");
                switch (obstacle)
                {
                    case "the task is paused": await tasks.Move(t, stored!, stored! with { Enabled = false }); break;
                    case "the task was deleted": await tasks.Delete(t, stored!); break;
                    case "only a plan of that name is there": await world.Plans.Insert(t, new ResponsePlan { Name = "nightly", Mode = RunMode.Autonomous }); break;
                    case "the task was set to Review": await tasks.Move(t, stored!, stored! with { Mode = RunMode.Review }); break;
                    case "the task stores no mode and there is no default": await tasks.Move(t, stored!, stored! with { Mode = null }); break;
                    case "the task stores no mode and the default is Autonomous":
                        await tasks.Move(t, stored!, stored! with { Mode = null });
                        var control = await world.Plans.ReadControl(t);
                        await world.Plans.WriteControl(t, control with { DefaultMode = RunMode.Autonomous }, control.Version);
                        break;
                    case "its row was written by a version that knew no mode": await t.Unit().Execute("UPDATE tasks SET mode = NULL, enabled = 0"); break;
                    default: break;
                }
            });
            Assert.Equal(wins, await world.Claim(proposal, "mine") is not null);
        }
    }
}

public sealed class TaskClaimTestsOnPostgreSql : TaskClaimTests;
