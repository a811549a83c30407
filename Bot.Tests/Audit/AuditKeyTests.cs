using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Audit;

public sealed class AuditKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("key").FullName;

    private string KeyPath => Path.Combine(folder, "runmodes.db.audit-key");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_missing_key_is_generated_once_for_the_owner_alone_and_then_kept()
    {
        Assert.True(AuditKey.TryLoadOrGenerate(KeyPath, out var first, out _));
        Assert.True(AuditKey.TryLoadOrGenerate(KeyPath, out var second, out _));
        Assert.True(AuditKey.TryLoad(KeyPath, out var third, out _));

        Assert.Equal(first.Mac(AuditPurpose.Decision, "x"), second.Mac(AuditPurpose.Decision, "x"));
        Assert.Equal(first.Mac(AuditPurpose.Decision, "x"), third.Mac(AuditPurpose.Decision, "x"));
        Assert.Equal(32, new FileInfo(KeyPath).Length);
        Assert.Single(Directory.GetFiles(folder));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
    }

    [Fact]
    public void Two_generated_keys_differ()
    {
        Assert.True(AuditKey.TryLoadOrGenerate(KeyPath, out var one, out _));
        Assert.True(AuditKey.TryLoadOrGenerate(KeyPath + "2", out var other, out _));

        Assert.NotEqual(one.Mac(AuditPurpose.Row, "x"), other.Mac(AuditPurpose.Row, "x"));
    }

    [Fact]
    public async Task Starts_that_race_for_the_first_key_end_with_the_same_one()
    {
        var macs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AuditKey.TryLoadOrGenerate(KeyPath, out var key, out var problem)
            ? key.Mac(AuditPurpose.Row, "x") : problem)));

        Assert.Single(macs.Distinct());
        Assert.Equal([KeyPath], Directory.GetFiles(folder));
    }

    [Theory]
    [InlineData("640")]
    [InlineData("620")]
    [InlineData("610")]
    [InlineData("604")]
    [InlineData("602")]
    [InlineData("777")]
    public void A_key_others_can_use_is_refused_with_the_fix(string mode)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Unix file modes");
        else
        {
            File.WriteAllBytes(KeyPath, new byte[32]);
            File.SetUnixFileMode(KeyPath, (UnixFileMode)Convert.ToInt32(mode, 8));

            Assert.False(AuditKey.TryLoadOrGenerate(KeyPath, out _, out var problem));

            Assert.Contains($"'chmod 600 {KeyPath}'", problem, StringComparison.Ordinal);
            Assert.StartsWith("Audit:KeyFile: ", problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void A_key_of_another_length_is_refused_and_never_replaced(int length)
    {
        File.WriteAllBytes(KeyPath, new byte[length]);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.False(AuditKey.TryLoadOrGenerate(KeyPath, out _, out var problem));

        Assert.Contains("is not 32 bytes long", problem, StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(KeyPath).Length);
    }

    [Fact]
    public void A_reader_never_makes_a_key_and_a_folder_that_is_not_there_is_said()
    {
        Assert.False(AuditKey.TryLoad(KeyPath, out _, out var missing));
        Assert.Contains("could not be read", missing, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyPath));

        Assert.False(AuditKey.TryLoadOrGenerate(Path.Combine(folder, "nowhere", "key"), out _, out var nowhere));
        Assert.Contains("could not be written", nowhere, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_holds_for_its_purpose_its_fields_and_its_key_only()
    {
        var key = new AuditKey(new byte[32]);
        var purposes = Enum.GetValues<AuditPurpose>().Where(purpose => purpose != AuditPurpose.Unknown).ToList();

        foreach (var made in purposes)
            foreach (var asked in purposes)
                Assert.Equal(made == asked, key.Verify(asked, key.Mac(made, "proposal", "1"), "proposal", "1"));
        var mac = key.Mac(AuditPurpose.Decision, "proposal", "1");
        Assert.False(key.Verify(AuditPurpose.Decision, mac, "proposal", "2"));
        Assert.False(new AuditKey([.. Enumerable.Repeat((byte)1, 32)]).Verify(AuditPurpose.Decision, mac, "proposal", "1"));
        Assert.All(new[] { null, "", "00", mac[..^1], mac + "0", mac.ToUpperInvariant(), mac[..^1] + "é" }, wrong => Assert.False(key.Verify(AuditPurpose.Decision, wrong, "proposal", "1")));
        Assert.Throws<ArgumentOutOfRangeException>(() => key.Mac(AuditPurpose.Unknown, "x"));
    }

    /// <summary>A stored signature outlives the program: this one must never change.</summary>
    [Fact]
    public void A_known_key_gives_the_known_signature()
    {
        var entry = new AuditEntry(Guid.Parse("01900000-0000-7000-8000-000000000001"), AuditWorld.Start, AuditKind.DecisionMade,
            AuditActor.Person("tenant", "oid", "Ada Ü"), new AuditSubject("proposal", "p1"), "AwaitingApproval", "Approved", null);

        Assert.Equal("2ca60c3947a7c49c68ff2b5ea8dde771fa9a7affee738df7a10cecc358bd4b0f", entry.Sign(new AuditKey(new byte[32])).Mac);
    }
}
