using System.Security.Cryptography;
using RunModes.Bot.Audit;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Storage;

public class StoredAuditTests
{
    [Fact]
    public async Task A_row_comes_back_as_it_was_signed()
    {
        await using var world = await StoreWorld.Open();
        AuditEntry[] entries =
        [
            AuditEntry.OfBot(world.Now, AuditKind.Started, "bot"),
            AuditEntry.Of(world.Now.AddTicks(1), AuditKind.DecisionMade, AuditActor.Person("t", "ada", "Ada \ud83d\ude80 \ud800 \0"), "proposal/p/1", "a", "b", "{\"x\":\"\u202e\"}"),
            AuditEntry.Of(world.Now, AuditKind.DecisionRefused, AuditActor.Person(null, null, null), "", "", "", ""),
        ];
        await world.Write(async t =>
        {
            foreach (var entry in entries)
            {
                await t.Append(entry);
            }
        });

        var rows = await world.Audit();

        Assert.Equal(entries, rows.Select(r => r.Entry));
        Assert.All(rows, r => Assert.True(world.Key.Verify(AuditPurpose.Row, r.Mac, r.Entry.Canonical())));
        Assert.All(rows, r => Assert.False(new AuditKey(RandomNumberGenerator.GetBytes(AuditKey.Length)).Verify(AuditPurpose.Row, r.Mac, r.Entry.Canonical())));
    }

    [Fact]
    public async Task What_was_sealed_over_the_real_store_verifies()
    {
        await using var world = await StoreWorld.Open();
        await Append(world, 230);

        var pass = await Seal(world);
        await Append(world, 3);
        var report = await Verify(world);

        Assert.Equal((230, null), (pass.Sealed, pass.Trouble));
        Assert.NotNull(pass.Anchored);
        Assert.True(report.Intact, string.Join('\n', report.Findings));
        Assert.Equal((230, 3), (report.Entries, report.Unsealed));
        Assert.Equal(Enumerable.Range(1, 230).Select(i => (long)i), (await world.Log.ReadSealed(0, 1000, StoreWorld.Ct)).Select(r => r.Chain!.Value));
        Assert.Equal("0", (await world.Log.ReadSealed(0, 1, StoreWorld.Ct))[0].Entry.Detail);
        Assert.Equal("229", (await world.Log.ReadSealed(229, 9, StoreWorld.Ct)).Single().Entry.Detail);
    }

    [Fact]
    public async Task A_sealer_that_comes_second_writes_nothing()
    {
        await using var world = await StoreWorld.Open();
        await Append(world, 2);
        var rows = await world.Audit();

        Assert.True(await world.Log.Seal(ChainPlace.Start, [new(rows[0].Entry.Id, 1, "h1")], StoreWorld.Ct));
        Assert.False(await world.Log.Seal(ChainPlace.Start, [new(rows[1].Entry.Id, 1, "h2")], StoreWorld.Ct));
        Assert.False(await world.Log.Seal(new(1, "h1"), [new(rows[1].Entry.Id, 2, "h2"), new(rows[0].Entry.Id, 3, "h3")], StoreWorld.Ct));
        Assert.Equal(new AuditCount(1, 1), await world.Log.Count(StoreWorld.Ct));
        Assert.Equal(new ChainPlace(1, "h1"), await world.Log.Last(StoreWorld.Ct));
    }

    [Theory]
    [InlineData("document = replace(document, 'line', 'other')")]
    [InlineData("document = '{}'")]
    [InlineData("document = 'null'")]
    [InlineData("document = ''")]
    [InlineData("document = '[]'")]
    [InlineData("document = 'no json'")]
    [InlineData("document = replace(document, 'CommandGiven', 'NoSuchKind')")]
    [InlineData("document = replace(document, '\"At\":', '\"At\":9999999999')")]
    [InlineData("mac = ''")]
    [InlineData("id = 'no guid ' || written")]
    [InlineData("id = upper(id)")]
    [InlineData("id = '{' || id || '}'")]
    public async Task An_altered_row_is_reported_and_never_thrown_sealed_or_not(string alteration)
    {
        await using var world = await StoreWorld.Open();
        await Append(world, 5);
        await Seal(world);
        await Append(world, 5);
        world.Tamper($"UPDATE audit SET {alteration} WHERE written IN (SELECT written FROM (SELECT written, ROW_NUMBER() OVER (ORDER BY written) AS place FROM audit) AS placed WHERE place IN (3, 8))");

        var report = await Verify(world);

        // A sealed row that no longer verifies breaks the chain at its place too.
        Assert.False(report.Intact);
        Assert.Contains(report.Findings, f => f is { Trouble: AuditTrouble.Edited, Entry: 3 });
        Assert.Contains(report.Findings, f => f is { Trouble: AuditTrouble.Edited, Entry: null });
        Assert.NotNull((await Seal(world)).Trouble);
    }

    [Theory]
    [InlineData("DELETE FROM audit WHERE chain = 3", "Missing")]
    [InlineData("DELETE FROM audit WHERE chain > 2", "CutOff")]
    [InlineData("UPDATE audit SET chain = 99 WHERE chain = 3", "Missing")]
    [InlineData("UPDATE audit SET hash = 'x' WHERE chain = 3", "OutOfPlace")]
    public async Task A_row_removed_or_moved_is_reported(string sql, string trouble)
    {
        await using var world = await StoreWorld.Open();
        await Append(world, 5);
        await Seal(world);
        world.Tamper(sql);

        Assert.Contains((await Verify(world)).Findings, f => f.Trouble.ToString() == trouble);
    }

    private static async Task Append(StoreWorld world, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await world.Write(t => t.Append(AuditEntry.OfBot(world.Now, AuditKind.CommandGiven, "line", detail: i.ToString(System.Globalization.CultureInfo.InvariantCulture))));
        }
    }

    private static Task<SealPass> Seal(StoreWorld world) => new AuditSealer(world.Log, world.Key, world.Anchors, world.Clock).Pass(StoreWorld.Ct);

    private static Task<AuditReport> Verify(StoreWorld world) => new AuditVerifier(world.Log, world.Key, world.Anchors).Verify(StoreWorld.Ct);
}
