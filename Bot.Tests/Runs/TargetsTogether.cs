using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Tests.Runs;

/// <summary>The deeds of <see cref="Interleaving"/>, from several tasks at once.</summary>
internal sealed class TargetsTogether(TargetWorld world)
{
    private const int Deeds = 12;
    private readonly TargetSteps _steps = new(world);

    public int Decisions { get; private set; }

    public int Requests { get; private set; }

    public int Stops { get; private set; }

    /// <returns>Null when the history holds.</returns>
    public async Task<string?> Run(int seed)
    {
        var random = new Random(seed);
        bool?[] modes = [Mode(), Mode(), Mode()];
        await world.Begin(modes, true);
        world.Wire.Answer = (TargetModel.Answer)random.Next(3);
        for (var i = 0; i < 3; i++) await _steps.Fire(random.Next(TargetModel.Targets), i % 2, 2);
        var recorded = 0;
        using var ready = new Barrier(5);
        await Task.WhenAll(
            Side(1, async r => await _steps.Fire(r.Next(TargetModel.Targets), r.Next(2), r.Next(4))),
            Side(2, async r =>
            {
                if (await Any(r, ProposalStatus.AwaitingApproval) is not { } asked) return;
                // Two people on one card.
                var clicks = await Task.WhenAll(_steps.Click("Ada", asked, r.Next(4) > 0, asked.Proposal.Revision), _steps.Click(r.Next(4) == 0 ? "Rob" : "Ben", asked, true, asked.Proposal.Revision));
                Interlocked.Add(ref recorded, clicks.Count(c => c));
            }),
            Side(3, r => r.Next(9) switch
            {
                0 => _steps.Stop(),
                1 or 2 => _steps.Start(),
                3 => _steps.ToReview(r.Next(TargetModel.Targets)),
                4 => _steps.Raise(r.Next(TargetModel.Targets)),
                5 => _steps.Enable(r.Next(TargetModel.Targets), false),
                6 or 7 => _steps.Enable(r.Next(TargetModel.Targets), true),
                _ => _steps.DefaultToReview(),
            }),
            Side(4, Work),
            Side(5, Work));

        var posts = world.Wire.Posts.ToList();
        var audit = await world.Audit();
        (Decisions, Requests, Stops) = (Decisions + recorded, Requests + posts.Count, Stops + audit.Count(row => row.Entry.After == "Stopped"));
        return TargetHistory.Objection(audit, await world.Proposals(), posts, modes, true, recorded);

        bool? Mode() => random.Next(4) switch { 0 => null, 1 => false, _ => true };

        Task Side(int number, Func<Random, Task> deed) => Task.Run(async () =>
        {
            var own = new Random((seed * 10) + number);
            ready.SignalAndWait(TestContext.Current.CancellationToken);
            for (var i = 0; i < Deeds; i++) await deed(own);
        });
    }

    private async Task Work(Random random)
    {
        if ((await _steps.Open(RunState.Queued)).FirstOrDefault() is { } queued) await world.Get<RunFlow>().Investigate(queued, CancellationToken.None);
        await _steps.Deliver();
        if (await Any(random, ProposalStatus.Approved, ProposalStatus.Cleared) is { } ready) await _steps.Execute(ready);
        await (random.Next(4) switch { 0 => _steps.Settle(), 1 => _steps.GateAgain(), 2 => _steps.Verify(), _ => Task.CompletedTask });
        foreach (var unknown in await world.Read(t => world.Tables.Proposals.InStatus(t, [ProposalStatus.Indeterminate], 10))) if (random.Next(3) == 0) await _steps.Annotate(unknown);
    }

    private async Task<GatedProposal?> Any(Random random, params ProposalStatus[] statuses)
    {
        var found = await world.Read(t => world.Tables.Proposals.InStatus(t, statuses, 100));
        return found.Count == 0 ? null : found[random.Next(found.Count)];
    }
}
