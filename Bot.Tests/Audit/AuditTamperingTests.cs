using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Audit;

/// <summary>250 chained entries with anchors at 1, 101, 201; each row does one thing to store or anchors and names what the verifier must find.</summary>
public sealed class AuditTamperingTests
{
    private static readonly Dictionary<string, (Action<AuditWorld> Tamper, AuditTrouble[] Found, long? Entry)> Deeds = new()
    {
        ["nothing"] = (_ => { }, [], null),
        ["after edited"] = (w => Edit(w, 42, e => Copy(e, after: "Autonomous")), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["before edited"] = (w => Edit(w, 42, e => Copy(e, before: "Review")), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["detail edited"] = (w => Edit(w, 42, e => Copy(e, detail: "{}")), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["detail emptied"] = (w => Edit(w, 42, e => new(e.Id, e.At, e.Kind, e.Actor, e.Subject, e.Before, e.After)), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["actor edited"] = (w => Edit(w, 42, e => Copy(e, actor: AuditActor.Person("t", "eve", "Ada"))), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["actor's name edited"] = (w => Edit(w, 42, e => Copy(e, actor: AuditActor.Person("t", "ada", "Eve"))), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["actor made the bot"] = (w => Edit(w, 42, e => Copy(e, actor: AuditActor.Bot)), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["subject edited"] = (w => Edit(w, 42, e => Copy(e, subject: new("plan", "staging"))), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["kind edited"] = (w => Edit(w, 42, e => Copy(e, kind: AuditKind.DecisionMade)), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["time edited by a millisecond"] = (w => Edit(w, 42, e => Copy(e, at: e.At.AddMilliseconds(1))), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["id edited"] = (w => Edit(w, 42, e => Copy(e, id: Guid.NewGuid())), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["mac taken from another row"] = (w => w.Log.Rows[41] = w.Log.Rows[41] with { Mac = w.Log.Rows[40].Mac }, [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["mac emptied"] = (w => w.Log.Rows[41] = w.Log.Rows[41] with { Mac = "" }, [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["edited and signed with another key"] = (w => w.Log.Rows[41] = w.Log.Rows[41] with { Entry = w.Entry("x"), Mac = w.Entry("x").Sign(new AuditKey(new byte[32])).Mac },
            [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 42),
        ["hash edited"] = (w => w.Log.Rows[41] = w.Log.Rows[41] with { Hash = new string('a', 64) }, [AuditTrouble.OutOfPlace, AuditTrouble.OutOfPlace], 42),
        ["removed"] = (w => w.Log.Rows.RemoveAt(41), [AuditTrouble.Missing], 42),
        ["first removed"] = (w => w.Log.Rows.RemoveAt(0), [AuditTrouble.Missing], 1),
        ["ten removed"] = (w => w.Log.Rows.RemoveRange(41, 10), [AuditTrouble.Missing], 42),
        ["removed and the gap closed"] = (w => { w.Log.Rows.RemoveAt(41); Renumber(w); }, [AuditTrouble.OutOfPlace, AuditTrouble.AnchorContradicted, AuditTrouble.AnchorContradicted], 42),
        ["two exchanged"] = (w => Exchange(w, 41, 60), [AuditTrouble.OutOfPlace, AuditTrouble.OutOfPlace], 42),
        ["neighbours exchanged"] = (w => Exchange(w, 41, 42), [AuditTrouble.OutOfPlace, AuditTrouble.OutOfPlace], 42),
        ["number and hash exchanged"] = (w => (w.Log.Rows[41], w.Log.Rows[42]) = (w.Log.Rows[41] with { Chain = 43, Hash = w.Log.Rows[42].Hash }, w.Log.Rows[42] with { Chain = 42, Hash = w.Log.Rows[41].Hash }),
            [AuditTrouble.OutOfPlace, AuditTrouble.OutOfPlace], 42),
        ["a copy of a signed row inserted"] = (w => { w.Log.Rows.Insert(41, w.Log.Rows[10]); Renumber(w); }, [AuditTrouble.OutOfPlace], 42),
        ["a signed row appended again"] = (w => w.Log.Rows.Add(w.Log.Rows[10] with { Chain = 251 }), [AuditTrouble.OutOfPlace], 251),
        ["a forged row appended"] = (w => w.Log.Rows.Add(Forged(w) with { Chain = 251, Hash = new string('b', 64) }), [AuditTrouble.Edited, AuditTrouble.OutOfPlace], 251),
        ["a forged row waiting"] = (w => w.Log.Rows.Add(Forged(w)), [AuditTrouble.Edited], null),
        ["two of one number"] = (w => w.Log.Rows.Insert(42, w.Log.Rows[10] with { Chain = 42 }), [AuditTrouble.OutOfPlace], 42),
        ["cut off behind the last anchor"] = (w => w.Log.Rows.RemoveRange(200, 50), [AuditTrouble.CutOff], 201),
        ["everything removed"] = (w => w.Log.Rows.Clear(), [AuditTrouble.CutOff], 1),
        ["places taken away from the tail"] = (w => { for (var i = 150; i < 250; i++) w.Log.Rows[i] = w.Log.Rows[i] with { Chain = null, Hash = null }; }, [AuditTrouble.CutOff], 151),
        ["an anchor's hash altered"] = (w => Line(w, 1, parts => parts[2] = new string('c', 64)), [AuditTrouble.AnchorAltered, AuditTrouble.AnchorContradicted], 101),
        ["an anchor's time altered"] = (w => Line(w, 1, parts => parts[0] = "2026-03-02T00:00:00.000Z"), [AuditTrouble.AnchorAltered], 101),
        ["an anchor's number altered"] = (w => Line(w, 1, parts => parts[1] = "100"), [AuditTrouble.AnchorAltered, AuditTrouble.AnchorContradicted], 100),
        ["an anchor's mac altered"] = (w => Line(w, 1, parts => parts[3] = new string('d', 64)), [AuditTrouble.AnchorAltered, AuditTrouble.AnchorAltered], 101),
        ["an anchor made nonsense"] = (w => w.AnchorLines = [w.AnchorLines[0], "nonsense", w.AnchorLines[2]], [AuditTrouble.AnchorAltered, AuditTrouble.AnchorAltered], null),
        ["an anchor removed from the middle"] = (w => w.AnchorLines = [w.AnchorLines[0], w.AnchorLines[2]], [AuditTrouble.AnchorAltered], 201),
        ["the first anchor removed"] = (w => w.AnchorLines = w.AnchorLines[1..], [AuditTrouble.AnchorAltered], 101),
        ["anchors exchanged"] = (w => w.AnchorLines = [w.AnchorLines[0], w.AnchorLines[2], w.AnchorLines[1]], [AuditTrouble.AnchorAltered, AuditTrouble.AnchorAltered], 201),
        ["the last two anchors removed"] = (w => w.AnchorLines = w.AnchorLines[..1], [AuditTrouble.AnchorMissing], null),
        ["the anchor file removed"] = (w => File.Delete(w.Anchors.Path), [AuditTrouble.AnchorMissing], null),
    };

    public static TheoryData<string> Names => [.. Deeds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_kind_of_tampering_is_found_and_named(string deed)
    {
        using var world = new AuditWorld();
        world.Add(1);
        await world.Seal();
        world.Add(249);
        await world.Seal();
        Assert.Equal(["1", "101", "201"], world.AnchorLines.Select(line => line.Split(' ')[1]));

        Deeds[deed].Tamper(world);
        var report = await world.Verify();

        Assert.Equal(Deeds[deed].Found.Order(), Seen(report, Deeds[deed].Found).Order());
        Assert.Equal(deed == "nothing", report.Intact);
        if (Deeds[deed].Entry is { } entry) Assert.Contains(report.Findings, finding => finding.Entry == entry);
    }

    [Fact]
    public async Task An_older_store_put_back_is_reported_once_by_the_sealer_and_for_ever_by_the_verifier()
    {
        using var world = new AuditWorld();
        world.Add(150);
        await world.Seal();
        world.Log.Rows.RemoveRange(80, 70);
        world.Add(3);

        Assert.Contains("anchored at entry 100, but its last entry is now 80", (await world.Seal()).Trouble, StringComparison.Ordinal);
        Assert.Null((await world.Seal()).Trouble);
        world.Add(40);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.Seal();

        Assert.Contains((await world.Verify()).Findings, finding => finding.Trouble == AuditTrouble.CutOff && finding.Text.StartsWith("Entries 84 to 100, anchored at 2026-03-02", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_and_grown_over_contradicts_its_anchor()
    {
        using var world = new AuditWorld();
        world.Add(150);
        await world.Seal();
        world.Log.Rows.RemoveRange(80, 70);
        var honest = new AuditSealer(world.Log, world.Key, new AnchorFile(world.Anchors.Path + ".none"), world.Clock);
        world.Add(60);
        await honest.Pass(TestContext.Current.CancellationToken);

        Assert.Contains((await world.Verify()).Findings, finding => finding is { Trouble: AuditTrouble.AnchorContradicted, Entry: 100 });
        Assert.Contains("entry 100 is not the one that was anchored", (await world.Seal()).Trouble, StringComparison.Ordinal);
        Assert.Null((await world.Seal()).Trouble);
    }

    [Fact]
    public async Task A_forged_row_is_reported_when_it_is_given_its_place()
    {
        using var world = new AuditWorld();
        world.Log.Rows.Add(Forged(world));

        var pass = await world.Seal();

        Assert.Equal(1, pass.Sealed);
        Assert.Contains("without the audit key", pass.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_is_recognised_as_such()
    {
        using var world = new AuditWorld();
        world.Add(3);
        await world.Seal();

        Assert.StartsWith("No entry at all was signed with this key", (await world.Verify(new AuditKey(new byte[32]))).Bound, StringComparison.Ordinal);
    }

    /// <summary>A shifted chain yields one finding a row; those beyond the expected ones count once.</summary>
    private static IEnumerable<AuditTrouble> Seen(AuditReport report, AuditTrouble[] expected) =>
        report.FindingCount <= expected.Length ? report.Findings.Select(finding => finding.Trouble)
        : expected.Where(trouble => report.Findings.Any(finding => finding.Trouble == trouble));

    private static AuditRow Forged(AuditWorld world) => new(world.Entry("Autonomous"), new string('e', 64));

    private static void Edit(AuditWorld world, int number, Func<AuditEntry, AuditEntry> edit) =>
        world.Log.Rows[number - 1] = world.Log.Rows[number - 1] with { Entry = edit(world.Log.Rows[number - 1].Entry) };

    private static AuditEntry Copy(AuditEntry e, Guid? id = null, DateTimeOffset? at = null, AuditKind? kind = null, AuditActor? actor = null,
        AuditSubject? subject = null, string? before = null, string? after = null, string? detail = null) =>
        new(id ?? e.Id, at ?? e.At, kind ?? e.Kind, actor ?? e.Actor, subject ?? e.Subject, before ?? e.Before, after ?? e.After, detail ?? e.Detail);

    private static void Renumber(AuditWorld world)
    {
        for (var i = 0; i < world.Log.Rows.Count; i++) world.Log.Rows[i] = world.Log.Rows[i] with { Chain = i + 1 };
    }

    /// <summary>Entry and signature change places, numbers and hashes stay.</summary>
    private static void Exchange(AuditWorld world, int one, int other)
    {
        var (a, b) = (world.Log.Rows[one], world.Log.Rows[other]);
        world.Log.Rows[one] = b with { Chain = a.Chain, Hash = a.Hash };
        world.Log.Rows[other] = a with { Chain = b.Chain, Hash = b.Hash };
    }

    private static void Line(AuditWorld world, int index, Action<string[]> edit)
    {
        var lines = world.AnchorLines;
        var parts = lines[index].Split(' ');
        edit(parts);
        lines[index] = string.Join(' ', parts);
        world.AnchorLines = lines;
    }
}
