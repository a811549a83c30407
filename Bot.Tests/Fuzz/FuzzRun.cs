using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>Sends many inputs to a running bot, several at once, and says of each what was wrong with the answer; then what of all of them changed anything.</summary>
internal sealed class FuzzRun(BotHost bot)
{
    private const int AtOnce = 6;
    private const int MostShown = 10;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>What only somebody may do whom no forged input comes from.</summary>
    private static readonly AuditKind[] Changes =
    [
        AuditKind.DecisionMade, AuditKind.ExecutionStarted, AuditKind.ModeChanged, AuditKind.PlanChanged, AuditKind.StopChanged, AuditKind.RoutingChanged, AuditKind.ConfirmationChanged, AuditKind.Annotated, AuditKind.TamperFound,
    ];

    private readonly ConcurrentQueue<string> _wrong = new();
    private int _answered;

    /// <returns>The figures, after everything that is wrong has failed the test with its seed and its input.</returns>
    public async Task<FuzzFigures> Send(string family, IEnumerable<FuzzInput> inputs)
    {
        var before = await Changed();
        var tried = 0;
        await Parallel.ForEachAsync(inputs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = BotClient.Cancellation }, async (input, cancellation) =>
        {
            Interlocked.Increment(ref tried);
            await Send(input, cancellation);
        });
        var figures = new FuzzFigures(family, tried, _answered, (await Changed()).Except(before).Count());
        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString());
        Assert.True(_wrong.IsEmpty, $"{figures}\n{_wrong.Count} answers are wrong:\n{string.Join("\n\n", _wrong.Take(MostShown))}");
        Assert.Empty(Errors());
        bot.Cloud.AssertNothingUnexpected();
        return figures;
    }

    /// <summary>Plans, control and what was decided or begun: what no forged input may touch. Asked again, it must be the same.</summary>
    public Task<IReadOnlyList<string>> Standing() => Ledger.Read<IReadOnlyList<string>>(
        async t =>
        {
            var control = await Service<IPlans>().ReadControl(t);
            return
            [
                $"control {control}",
                .. (await Service<IPlans>().All(t)).Select(p => $"plan {p.Name} {p.Version} {p.Mode} {p.Enabled} {p.Channel}"),
                .. (await Service<IProposals>().History(t, null, 10_000)).Select(p => $"proposal {p.Proposal.Id} {p.Status} revision {p.Proposal.Revision} {p.Proposal.Decision} {p.Proposal.Execution}"),
            ];
        },
        BotClient.Cancellation);

    /// <summary>What alerts alone may lead to: something to decide, and nothing decided.</summary>
    public Task<IReadOnlyList<GatedProposal>> BeyondAsking() => Ledger.Read<IReadOnlyList<GatedProposal>>(
        async t => [.. (await Service<IProposals>().History(t, null, 10_000)).Where(p => p.Proposal is { Decision: not null } or { Execution: not null }
            || p.Status is not (ProposalStatus.AwaitingApproval or ProposalStatus.Superseded or ProposalStatus.Withdrawn or ProposalStatus.Blocked or ProposalStatus.Refused))],
        BotClient.Cancellation);

    private ILedger Ledger => Service<ILedger>();

    private T Service<T>() where T : notnull => bot.Services.GetRequiredService<T>();

    private async Task Send(FuzzInput input, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Bound);
        try
        {
            using var request = input.Request();
            using var answer = await bot.Raw(request).WaitAsync(limit.Token);
            var (status, body) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(limit.Token));
            if (answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _answered);
            }

            if (status >= 500 || body.Contains("InternalError", StringComparison.Ordinal) || (input.Only is { } only && !only.Contains(status)))
            {
                _wrong.Enqueue($"{status} {body}\n  to {input}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            _wrong.Enqueue($"No answer ({e.Message})\n  to {input}");
        }
    }

    private List<string> Errors() =>
        [.. bot.Logs.Text.Split('\n').Where(l => l.StartsWith("Error ", StringComparison.Ordinal) || l.StartsWith("Critical ", StringComparison.Ordinal)).Take(MostShown)];

    private async Task<HashSet<Guid>> Changed()
    {
        var audit = Service<IAuditLog>();
        return [.. (await audit.ReadSealed(0, int.MaxValue, BotClient.Cancellation)).Concat(await audit.ReadUnsealed(int.MaxValue, BotClient.Cancellation)).Where(r => Changes.Contains(r.Entry.Kind)).Select(r => r.Entry.Id)];
    }
}
