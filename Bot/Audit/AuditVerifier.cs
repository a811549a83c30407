using System.Globalization;

namespace RunModes.Bot.Audit;

internal enum AuditTrouble { Unknown = 0, Edited, Missing, OutOfPlace, CutOff, AnchorAltered, AnchorContradicted, AnchorMissing }

/// <param name="Entry">Number in the chain, where there is one.</param>
internal sealed record AuditFinding(AuditTrouble Trouble, long? Entry, string Text);

/// <param name="Findings">At most <see cref="AuditVerifier.MostFindings"/>; <paramref name="FindingCount"/> counts all.</param>
/// <param name="Bound">What an intact result proves, and what it cannot.</param>
internal sealed record AuditReport(IReadOnlyList<AuditFinding> Findings, int FindingCount, long Entries, long Unsealed, Anchor? LastAnchor, string Bound)
{
    public bool Intact => FindingCount == 0;
}

/// <summary>
/// Reads the whole audit and says what does not fit: edited, removed, re-ordered and inserted entries, a tail cut off behind an anchor, altered or removed anchors.
/// Reads only, also beside a running bot.
/// </summary>
internal sealed class AuditVerifier(IAuditLog log, AuditKey key, AnchorFile anchors)
{
    public const int MostFindings = 100;
    private const int Page = 500;

    public async Task<AuditReport> Verify(CancellationToken cancellation)
    {
        var pass = new Pass();
        // This order, because a running bot goes on: entries, then the anchors that must be behind them, then what can only have become more.
        var sealedBefore = await log.Last(cancellation);
        var known = ReadAnchors(pass);
        var counted = await log.Count(cancellation);
        var last = await WalkChain(pass, known, cancellation);
        if (pass.Read < counted.Sealed)
            pass.Found(AuditTrouble.OutOfPlace, null, $"{counted.Sealed - pass.Read} sealed entries share a number with another entry or have none.");
        Compare(pass, known, sealedBefore, last);
        await CheckUnsealed(pass, cancellation);
        var anchor = known.Count == 0 ? null : known[^1];
        return new AuditReport(pass.Findings, pass.Count, pass.Read, counted.Unsealed, anchor, Bound(last, anchor, counted.Unsealed, pass.EveryRowFailed));
    }

    private List<Anchor> ReadAnchors(Pass pass)
    {
        var known = new List<Anchor>();
        var line = 0;
        foreach (var text in anchors.Lines())
        {
            line++;
            var previous = known.Count == 0 ? null : known[^1];
            if (Anchor.Parse(text) is not { } anchor)
            {
                pass.Found(AuditTrouble.AnchorAltered, null, $"Line {line} of the anchor file is not an anchor.");
                continue;
            }

            if (!anchor.Verify(key, previous))
                pass.Found(AuditTrouble.AnchorAltered, anchor.Place.Number, $"Line {line} of the anchor file was altered, or lines before it were removed or exchanged.");
            else if (previous is not null && anchor.Place.Number < previous.Place.Number)
                pass.Found(AuditTrouble.CutOff, anchor.Place.Number,
                    $"Entries {anchor.Place.Number + 1} to {previous.Place.Number}, anchored at {At(previous)}, were gone at {At(anchor)}: removed, or an older store was put back.");
            known.Add(anchor);
        }

        return known;
    }

    private async Task<ChainPlace> WalkChain(Pass pass, List<Anchor> known, CancellationToken cancellation)
    {
        var anchored = known.ToLookup(anchor => anchor.Place.Number);
        var place = ChainPlace.Start;
        while (await log.ReadSealed(place.Number, Page, cancellation) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                pass.Read++;
                CheckMac(pass, row);
                place = CheckPlace(pass, place, row);
                foreach (var anchor in anchored[place.Number].Where(anchor => anchor.Place.Hash != row.Hash))
                    pass.Found(AuditTrouble.AnchorContradicted, place.Number, $"Entry {place.Number} is not the one that was anchored at {At(anchor)}.");
            }
        }

        return place;
    }

    private void CheckMac(Pass pass, AuditRow row)
    {
        if (key.Verify(AuditPurpose.Row, row.Mac, row.Entry.Canonical())) pass.Signed++;
        else pass.Found(AuditTrouble.Edited, row.Chain, $"Entry {Name(row)} was edited or added without the audit key.");
    }

    /// <summary>Goes on from what is stored, so that one wrong entry is one finding.</summary>
    private ChainPlace CheckPlace(Pass pass, ChainPlace previous, AuditRow row)
    {
        var number = row.Chain ?? 0;
        if (number > previous.Number + 1)
        {
            var (from, to) = (previous.Number + 1, number - 1);
            pass.Found(AuditTrouble.Missing, from, from == to ? $"Entry {from} is missing." : $"Entries {from} to {to} are missing.");
        }
        else if (AuditChain.Next(key, previous, row) is var due && (due.Number != number || due.Hash != row.Hash))
        {
            pass.Found(AuditTrouble.OutOfPlace, number, $"Entry {Name(row)} does not follow the entry before it: one of the two was edited, exchanged, inserted or re-ordered.");
        }

        return new ChainPlace(number, row.Hash ?? "");
    }

    private static void Compare(Pass pass, List<Anchor> known, ChainPlace sealedBefore, ChainPlace last)
    {
        var anchor = known.Count == 0 ? null : known[^1];
        var behind = sealedBefore.Number - (anchor?.Place.Number ?? 0);
        if (anchor is not null && last.Number < anchor.Place.Number)
            pass.Found(AuditTrouble.CutOff, last.Number + 1, $"Entries {last.Number + 1} to {anchor.Place.Number} were there at {At(anchor)} and are gone.");
        else if (behind > AuditSealer.EntriesPerAnchor)
            pass.Found(AuditTrouble.AnchorMissing, null,
                $"{behind} entries have no anchor behind them, and the bot never leaves more than {AuditSealer.EntriesPerAnchor}: anchors were removed, or another replica keeps them.");
    }

    private async Task CheckUnsealed(Pass pass, CancellationToken cancellation)
    {
        foreach (var row in await log.ReadUnsealed(int.MaxValue, cancellation)) CheckMac(pass, row);
    }

    private static string Bound(ChainPlace last, Anchor? anchor, long unsealed, bool everyRowFailed)
    {
        var behind = last.Number - (anchor?.Place.Number ?? 0);
        var chained = (anchor, behind) switch
        {
            (null, 0) => "No entry is chained yet.",
            (null, _) => $"{Entries(behind)} chained but never anchored: a cut-off of those would not show.",
            (_, <= 0) => $"Complete up to entry {anchor.Place.Number}, anchored at {At(anchor)}.",
            _ => $"Complete up to entry {anchor.Place.Number}, anchored at {At(anchor)}; {behind} later {Entries(behind, "entry is", "entries are")} chained but not anchored: a cut-off of those would not show.",
        };
        var waiting = unsealed == 0 ? "" : $" {Entries(unsealed)} signed but not chained yet: a removal of those would not show.";
        var copies = anchor is null ? "" : " That holds against whoever could not also change the anchor file; compare its last line with a copy kept elsewhere.";
        return (everyRowFailed ? "No entry at all was signed with this key: it is probably another one. " : "") + chained + waiting + copies;
    }

    private static string Entries(long count) => $"{count} {Entries(count, "entry is", "entries are")}";

    private static string Entries(long count, string one, string many) => count == 1 ? one : many;

    private static string Name(AuditRow row) => row.Chain is { } number ? $"{number} ({row.Entry.Id})" : $"{row.Entry.Id}, not chained yet,";

    private static string At(Anchor anchor) => anchor.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed class Pass
    {
        public List<AuditFinding> Findings { get; } = [];

        public int Count { get; private set; }

        public long Read { get; set; }

        public long Signed { get; set; }

        public bool EveryRowFailed => Signed == 0 && Count > 0 && Read > 0;

        public void Found(AuditTrouble trouble, long? entry, string text)
        {
            Count++;
            if (Findings.Count < MostFindings) Findings.Add(new AuditFinding(trouble, entry, text));
        }
    }
}
