using System.Text;
using Microsoft.Extensions.Configuration;
using RunModes.Bot.Audit;
using RunModes.Bot.Cli;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Audit;

/// <summary>The key as a vault hands it over: text in the environment, no file.</summary>
public sealed class KeyAsTextTests
{
    private const string Text = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

    [Fact]
    public void The_text_is_the_same_key_as_the_file()
    {
        Assert.True(AuditKey.TryRead(Text, out var key, out _));
        Assert.Equal(new AuditKey(Convert.FromHexString(Text)).Mac(AuditPurpose.Row, "x"), key!.Mac(AuditPurpose.Row, "x"));
        Assert.True(AuditKey.TryRead(" ", out var none, out _));
        Assert.Null(none);
    }

    [Theory]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeef", "not 64 hexadecimal digits")]
    [InlineData("zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "not 64 hexadecimal digits")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00", "not 64 hexadecimal digits")]
    [InlineData("@Microsoft.KeyVault(SecretUri=https://vault.example/secrets/audit-key)", "could not read it from the vault")]
    public void Text_that_is_no_key_is_refused_with_the_fix_and_never_repeated(string text, string told)
    {
        Assert.False(AuditKey.TryRead(text, out var key, out var problem));
        Assert.Null(key);
        Assert.StartsWith("Audit:Key: ", problem, StringComparison.Ordinal);
        Assert.Contains(told, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(text, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null, null, null, null)]
    [InlineData(false, null, null, null, "Audit:KeyFile: ")]
    [InlineData(false, "key", null, null, null)]
    [InlineData(false, null, Text, null, "Audit:AnchorFile: ")]
    [InlineData(false, null, Text, "anchors", null)]
    [InlineData(false, null, null, "anchors", "Audit:KeyFile: ")]
    [InlineData(true, null, Text, null, null)]
    [InlineData(true, "key", Text, null, "Audit:Key and Audit:KeyFile are both set")]
    public void What_is_missing_or_said_twice_is_one_line(bool file, string? keyFile, string? key, string? anchors, string? told)
    {
        var problems = AuditSettings.Problems(Settings(("Audit:KeyFile", keyFile), ("Audit:Key", key), ("Audit:AnchorFile", anchors)), file).ToList();
        if (told is null)
        {
            Assert.Empty(problems);
            Assert.NotNull(AuditFiles.Of(keyFile, file ? "runmodes.db" : null, anchors));
        }
        else
        {
            Assert.StartsWith(told, Assert.Single(problems), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_bot_with_its_key_in_the_environment_makes_no_key_file_keeps_its_anchors_where_told_and_verifies()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var settings = home.Settings();
        var anchors = Path.Combine(home.Folder, "elsewhere.anchors");
        (settings["Audit:KeyFile"], settings["Audit:Key"], settings["Audit:AnchorFile"]) = (null, Text, anchors);
        await using (var bot = await BotProcess.Start(cloud, settings))
        {
            await bot.Stop();
        }

        await using var output = new StringWriter();
        var exit = await AuditCommand.Run(["verify"], new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), output, output, TestContext.Current.CancellationToken);
        Assert.True(exit == 0, output.ToString());
        Assert.True(File.Exists(anchors));
        Assert.Empty(Directory.GetFiles(home.Folder, "*key*"));

        // Another key does not fit what was written under this one.
        settings["Audit:Key"] = new string('7', 64);
        Assert.Equal(1, await AuditCommand.Run(["verify"], new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), output, output, TestContext.Current.CancellationToken));

        var kept = Directory.GetFiles(home.Folder).Select(File.ReadAllBytes).ToList();
        Assert.NotEmpty(kept);
        byte[][] forms = [Convert.FromHexString(Text), Encoding.ASCII.GetBytes(Text), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Convert.FromHexString(Text)))];
        Assert.All(forms, form => Assert.All(kept, file => Assert.True(file.AsSpan().IndexOf(form) < 0, "The key was written down.")));
    }

    private static IConfiguration Settings(params (string Key, string? Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, v.Value))).Build();
}
