using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Audit;

public sealed class SealedTextTests
{
    private const string Secret = "AsyncOperation https://management.azure.com/x?c=%2B+=&s=é";
    private static readonly AuditKey Key = new([.. Enumerable.Repeat((byte)1, 32)]);

    [Fact]
    public void What_was_sealed_opens_as_it_was()
    {
        foreach (var text in new[] { Secret, "", new string('x', 20_000) })
        {
            Assert.Equal(text, Key.OpenText(AuditPurpose.Polling, Key.SealText(AuditPurpose.Polling, text, "p1", "c1"), "p1", "c1"));
        }
    }

    [Fact]
    public void Nothing_of_it_shows_and_no_two_look_alike()
    {
        var (one, two) = (Key.SealText(AuditPurpose.Polling, Secret, "p1"), Key.SealText(AuditPurpose.Polling, Secret, "p1"));
        Assert.NotEqual(one, two);
        Assert.DoesNotContain("management", System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(one)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Another_key_purpose_or_row_does_not_open_it()
    {
        var whole = Key.SealText(AuditPurpose.Polling, Secret, "p1", "c1");
        Assert.Null(new AuditKey([.. Enumerable.Repeat((byte)2, 32)]).OpenText(AuditPurpose.Polling, whole, "p1", "c1"));
        Assert.Null(Key.OpenText(AuditPurpose.Decision, whole, "p1", "c1"));
        Assert.Null(Key.OpenText(AuditPurpose.Polling, whole, "p2", "c1"));
        Assert.Null(Key.OpenText(AuditPurpose.Polling, whole, "p1", "c2"));
        Assert.Null(Key.OpenText(AuditPurpose.Polling, whole, "p1c1"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Key.SealText(AuditPurpose.Unknown, Secret));
    }

    [Fact]
    public void One_bit_changed_anywhere_does_not_open()
    {
        var bytes = Convert.FromBase64String(Key.SealText(AuditPurpose.Polling, Secret, "p1"));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.Null(Key.OpenText(AuditPurpose.Polling, Convert.ToBase64String(bytes), "p1"));
            bytes[i] ^= 1;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("no base64 at all")]
    public void What_was_never_sealed_does_not_open(string text) => Assert.Null(Key.OpenText(AuditPurpose.Polling, text, "p1"));
}
