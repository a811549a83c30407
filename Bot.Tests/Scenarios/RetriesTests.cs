using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Runs;
using RunModes.Bot.Tests.Cards;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What failed is not offered for ever: the next card says how the last try ended and what is different, and after the plan's attempts people are needed.</summary>
public sealed class RetriesTests
{
    private static readonly Dictionary<string, string?> Twice = new() { ["ResponsePlans:0:Attempts"] = "2", ["Verification:GiveUpAfter"] = "00:00:02" };

    [Fact]
    public async Task What_failed_says_so_on_the_next_card_and_is_not_proposed_again_unchanged_beyond_the_attempts()
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.Faults.Always(Fault.Error(409, "Conflict", "Another operation is in progress."), World.IsRestart), Twice);
        await asking.Bot.Approve(asking.Card, People.Ada);
        var failed = await asking.Bot.WaitForCard("Failed");

        asking.App.Plan.Workers = 2;
        await asking.Bot.Press(failed, "investigate", People.Ada);
        var again = await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.Contains("UTC it failed with Conflict: Another operation is in progress. Different now: instances of the plan was 1, is now 2.", again.Reads, StringComparison.Ordinal);
        await asking.Bot.Approve(again, People.Ada);
        failed = await asking.Bot.WaitForCard("Failed", m => m.ActivityId == again.ActivityId);

        await asking.Bot.Press(failed, "investigate", People.Ada);
        var told = await asking.Bot.WaitForText("it was done twice in this incident and did not mend it");
        Assert.Contains("**Not proposed**", told.Text!, StringComparison.Ordinal);
        Assert.DoesNotContain(asking.Cloud.Teams.Posted, m => m.Number > told.Number && m.Verbs.Contains("approve"));
        Assert.Equal(2, asking.Cloud.Arm.Mutations.Count);
    }

    [Fact]
    public async Task What_was_done_and_did_not_help_counts_as_a_try_and_another_firing_offers_it_no_further()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?>(Twice) { ["ResponsePlans:0:Attempts"] = "1" });
        asking.App.MemoryAfterRestart = null;
        await asking.Bot.Approve(asking.Card, People.Ada);
        var done = await asking.Bot.WaitForCard("Done, but not recovered");
        await asking.Bot.Press(done, "investigate", People.Ada);
        await asking.Bot.WaitForText("it was done once in this incident and did not mend it");
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public void A_command_that_changed_since_says_what_it_was_and_what_it_is()
    {
        var told = Assert.Single(new Retries([Sample.Decided(ProposalStatus.Failed, Scale(3)) with { Execution = Sample.Ran(Outcome.Failed, "Forbidden", "The quota of the namespace is used up.") }], Scale(5)).Told());
        Assert.Contains("Different now: it was Scale deployment 'shop/web' in cluster aks-prod (--replicas 3) and is now Scale deployment 'shop/web' in cluster aks-prod (--replicas 5).", told.Text, StringComparison.Ordinal);
    }

    private static Operation.ToolCall Scale(int replicas) => Operation.ToolCall.Of(
        (CommandReading.Understood)new KubectlReader([new("prod", ResourceId.Parse($"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks-prod"), "prod", ["shop"])]).Read($"scale deploy/web --replicas {replicas}"), Sample.Azure);
}
