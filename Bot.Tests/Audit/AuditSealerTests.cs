using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Audit;

public sealed class AuditSealerTests
{
    [Fact]
    public async Task An_anchor_is_written_every_hundred_entries_or_five_minutes_and_not_more_often()
    {
        using var world = new AuditWorld();
        world.Add(1);
        Assert.NotNull((await world.Seal()).Anchored);

        world.Add(99);
        Assert.Equal(new SealPass(99, Anchored: null, Trouble: null), await world.Seal());
        world.Add(1);
        Assert.Equal(101, (await world.Seal()).Anchored?.Place.Number);
        world.Add(1);
        world.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Null((await world.Seal()).Anchored);
        world.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(102, (await world.Seal()).Anchored?.Place.Number);

        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Null((await world.Seal()).Anchored);
    }

    [Fact]
    public async Task A_backlog_is_sealed_in_one_pass_and_never_more_than_a_hundred_entries_beyond_an_anchor()
    {
        using var world = new AuditWorld();
        world.Add(1234);

        var pass = await world.Seal();

        Assert.Equal((1234, null), (pass.Sealed, pass.Trouble));
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"{i}00"), world.AnchorLines.Select(line => line.Split(' ')[1]));
        Assert.True((await world.Verify()).Intact);
    }

    [Fact]
    public async Task Sealing_waits_while_anchors_cannot_be_written()
    {
        using var world = new AuditWorld();
        world.Add(150);
        Directory.CreateDirectory(world.Anchors.Path);

        await Assert.ThrowsAnyAsync<Exception>(world.Seal);
        await Assert.ThrowsAnyAsync<Exception>(world.Seal);

        Assert.Equal(100, (await world.Log.Count(TestContext.Current.CancellationToken)).Sealed);
    }

    [Fact]
    public async Task A_sealer_that_lost_its_lease_writes_nothing()
    {
        using var world = new AuditWorld();
        world.Add(5);
        world.Log.BeforeSeal = () =>
        {
            world.Log.BeforeSeal = null;
            world.Seal().GetAwaiter().GetResult();
        };

        var late = await world.Seal();

        Assert.Equal((0, null), (late.Sealed, late.Anchored));
        var report = await world.Verify();
        Assert.Equal((true, 5), (report.Intact, report.Entries));
        Assert.Single(world.AnchorLines);
    }

    [Fact]
    public async Task A_line_half_written_when_the_power_went_is_no_anchor_and_not_in_the_way()
    {
        using var world = new AuditWorld();
        world.Add(1);
        await world.Seal();
        await File.AppendAllTextAsync(world.Anchors.Path, "2026-03-02T08:0", TestContext.Current.CancellationToken);
        Assert.True((await world.Verify()).Intact);

        world.Add(100);
        await world.Seal();

        Assert.Equal(2, world.AnchorLines.Length);
        Assert.True((await world.Verify()).Intact);
    }

    [Fact]
    public async Task The_report_says_what_an_intact_result_proves_and_what_it_cannot()
    {
        using var world = new AuditWorld();
        Assert.Equal("No entry is chained yet.", (await world.Verify()).Bound);

        world.Add(1);
        Assert.Equal("No entry is chained yet. 1 entry is signed but not chained yet: a removal of those would not show.", (await world.Verify()).Bound);
        await world.Seal();
        world.Add(4);
        await world.Seal();
        world.Add(2);

        var report = await world.Verify();

        Assert.StartsWith(
            "Complete up to entry 1, anchored at 2026-03-02 08:00:01Z; 4 later entries are chained but not anchored: a cut-off of those would not show."
            + " 2 entries are signed but not chained yet: a removal of those would not show.", report.Bound, StringComparison.Ordinal);
        Assert.Equal((5, 2, true), (report.Entries, report.Unsealed, report.Intact));
    }

    [Fact]
    public async Task The_stated_bound_is_true_a_cut_off_behind_it_does_not_show()
    {
        using var world = new AuditWorld();
        world.Add(1);
        await world.Seal();
        world.Add(4);
        await world.Seal();

        world.Log.Rows.RemoveRange(1, 4);

        Assert.True((await world.Verify()).Intact);
    }

    [Fact]
    public void Only_the_owner_may_read_the_anchors_and_they_lie_beside_the_store()
    {
        Assert.Equal(new AuditFiles("/d/runmodes.db.audit-key", "/d/runmodes.db.anchors"), AuditFiles.Of(null, "/d/runmodes.db"));
        Assert.Equal(new AuditFiles("/k/key", "/d/runmodes.db.anchors"), AuditFiles.Of("/k/key", "/d/runmodes.db"));
        Assert.Equal(new AuditFiles("/k/key", "/k/key.anchors"), AuditFiles.Of("/k/key", null));
        Assert.Null(AuditFiles.Of(" ", null));
        if (OperatingSystem.IsWindows()) return;
        using var world = new AuditWorld();
        world.Anchors.Append(Anchor.Make(world.Key, AuditWorld.Start, new ChainPlace(1, new string('a', 64)), null));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(world.Anchors.Path));
    }
}
