using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using Sample = RunModes.Bot.Tests.Cards.Sample;

namespace RunModes.Bot.Tests.Chat;

/// <summary>`insights` over what is stored: what a person reads on a phone, letter by letter.</summary>
public sealed class InsightsShownTests
{
    [Fact]
    public async Task With_nothing_to_go_by_it_says_so()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        Assert.Equal(
            "**Insights**, 4 Feb to 4 Mar (4 weeks)\n\nNothing was proposed in this time, so there is nothing to go by.\n\nNo proposals: prod-web.",
            await world.Ask(ChatWorld.Rob, "insights"));
        Assert.StartsWith("There is no plan or task nosuch", await world.Ask(ChatWorld.Rob, "insights nosuch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_names_what_is_always_approved_and_what_does_badly_with_the_command_and_counts_the_rest()
    {
        await using var world = await ChatWorld.Start();
        foreach (var (name, mode) in (IEnumerable<(string, RunMode?)>)[("prod web", RunMode.Review), ("staging-web", RunMode.Autonomous), ("shop", null), ("quiet", RunMode.Review)])
        {
            await world.AddPlan(name, mode);
        }

        foreach (var (daysAgo, by) in (IEnumerable<(double, Someone)>)[(20, ChatWorld.Ada), (15, ChatWorld.Ben), (11, ChatWorld.Ada), (6, ChatWorld.Ada), (3, ChatWorld.Ben), (1, ChatWorld.Ada)])
        {
            await Add(world, "prod web", daysAgo, ProposalStatus.Succeeded, p => Approved(p, by, VerificationState.Recovered));
        }

        await Add(world, "prod web", 9, ProposalStatus.Expired, p => p);
        await Add(world, "prod web", 40, ProposalStatus.Denied, p => p);
        foreach (var state in (VerificationState[])[VerificationState.Recovered, VerificationState.NotRecovered, VerificationState.CouldNotTell])
        {
            await Add(world, "staging-web", 2, ProposalStatus.Succeeded, p => Approved(p, ChatWorld.Ada, state) with { Decision = null, ClearedSeal = "seal" });
        }

        await Add(world, "shop", 2, ProposalStatus.Denied, p => p with { Decision = Sample.Denial with { At = p.DeliveredAt!.Value.AddHours(3) } });
        await Add(world, null, 1, ProposalStatus.Succeeded, p => Approved(p, ChatWorld.Ben, VerificationState.Recovered) with { StartedBy = Sample.Ada });

        await Golden.MustEqual("Bot.Tests/Chat/Golden/insights.txt", [await world.Ask(ChatWorld.Rob, "insights")]);
        Assert.DoesNotContain("prod web", await world.Ask(ChatWorld.Rob, "insights shop"), StringComparison.Ordinal);
        Assert.DoesNotContain("shop", await world.Ask(ChatWorld.Rob, "how is prod web doing"), StringComparison.Ordinal);
    }

    private static Proposal Approved(Proposal p, Someone by, VerificationState state) => p with
    {
        Decision = Sample.Approval with { By = new(Roles.ScriptedGraph.Tenant, by.ObjectId, by.Name), At = p.DeliveredAt!.Value.AddMinutes(4) },
        Execution = Sample.Ran(Outcome.Succeeded, "200", null),
        Verification = Sample.Watch(state, null),
    };

    private static Task<GatedProposal> Add(ChatWorld world, string? plan, double daysAgo, ProposalStatus status, Func<Proposal, Proposal> change)
    {
        var at = world.Clock.GetUtcNow().AddDays(-daysAgo);
        return world.AddProposal(status, plan, change: p => change(p with { CreatedAt = at, DeliveredAt = at }));
    }
}
