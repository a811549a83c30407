using System.Globalization;
using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// What the same incident has already tried. What failed, or did not help, as often as the plan allows attempts is not proposed again unchanged, whoever
/// asks for another look; and whoever is asked about another try is told how the last one ended and what is different now.
/// </summary>
/// <param name="Failed">Executions of the same intent that did not mend it, oldest first.</param>
internal sealed record Retries(IReadOnlyList<Proposal> Failed, Operation Wanted)
{
    public static async Task<Retries> Of(RunTables tables, ITransaction transaction, Run run, Operation wanted)
    {
        var intent = Fingerprint.IntentKey(wanted);
        return new(
            [.. (await tables.Proposals.OfIncident(transaction, run.Incident)).Select(p => p.Proposal).Where(p => DidNotMend(p) && Fingerprint.IntentKey(p.Operation) == intent)], wanted);
    }

    /// <summary>Null while it may be proposed.</summary>
    public Evidence? UsedUp(ResponsePlan? plan)
    {
        var most = plan?.Attempts ?? MostWithoutPlan;
        var same = Failed.Where(p => Request(p.Operation) == Request(Wanted)).ToList();
        return same.Count < most ? null : new("Not proposed", string.Create(CultureInfo.InvariantCulture,
            $"{Wanted.Title}: it was done {(same.Count == 1 ? "once" : same.Count == 2 ? "twice" : $"{same.Count} times")} in this incident and did not mend it ({Ending(same[^1])}). Nothing about it is different now, so I do not propose it again: this needs people."));
    }

    /// <summary>For the card of the next try.</summary>
    public IEnumerable<Evidence> Told() => Failed.Count == 0 ? [] : [new("Tried before", $"{Ending(Failed[^1])}. {Difference(Failed[^1].Operation)}")];

    private static int MostWithoutPlan { get; } = new ResponsePlan { Name = "none" }.Attempts;

    private static bool DidNotMend(Proposal proposal) => proposal.Status switch
    {
        ProposalStatus.Failed => true,
        ProposalStatus.Indeterminate => proposal.Annotation is { Done: false },
        ProposalStatus.Succeeded => proposal.Verification is { State: VerificationState.NotRecovered },
        _ => false,
    };

    private static string Ending(Proposal proposal)
    {
        var at = (proposal.Execution?.EndedAt ?? proposal.Execution?.StartedAt ?? proposal.CreatedAt).UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
        var how = proposal.Status switch
        {
            ProposalStatus.Succeeded => "was done and did not help",
            ProposalStatus.Failed => $"failed with {proposal.Execution?.Code}: {proposal.Execution?.Message}".TrimEnd(' ', ':', '.'),
            _ => "ended unknown, and was not done as somebody saw",
        };
        return $"at {at} UTC it {how}";
    }

    private string Difference(Operation before)
    {
        List<string> different =
        [
            .. Wanted.Match(
                _ => Wanted.Lines.Except(before.Lines).Select(l => $"the request is now {l}"),
                command => command.Says == before.Title ? [] : (string[])[$"it was {before.Title} and is now {command.Says}"]),
        ];
        foreach (var now in Wanted.Preconditions)
        {
            if (before.Preconditions.FirstOrDefault(p => p.Label == now.Label && p.Resource.Equals(now.Resource)) is not { } then)
            {
                different.Add($"{now.Label} is {now.Value}");
            }
            else if (then.Value != now.Value)
            {
                different.Add($"{now.Label} was {then.Value}, is now {now.Value}");
            }
        }

        return different.Count == 0 ? "Nothing about it is different now." : $"Different now: {string.Join("; ", different)}.";
    }

    /// <summary>What is sent, without what it waits for: another number of instances is another request, a later deployment of the app is not.</summary>
    private static Fingerprint Request(Operation operation) => operation.Match(arm => Fingerprint.Of(arm with { DependsOn = null }), tool => Fingerprint.Of(tool with { DependsOn = null }));
}
