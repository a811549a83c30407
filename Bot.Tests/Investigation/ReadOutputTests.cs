using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

/// <summary>What people see of a program's output, and what nobody should.</summary>
public sealed class ReadOutputTests
{
    private const string Canary = "hunter2-canary-1f00";

    [Theory]
    [InlineData("password=" + Canary)]
    [InlineData("\"adminPassword\": \"" + Canary + "\",")]
    [InlineData("      DB_PASSWORD:                      " + Canary)]
    [InlineData("      API_KEY:   " + Canary)]
    [InlineData("Server=db;User=x;Password=" + Canary + ";Encrypt=true")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + Canary + ";")]
    [InlineData("        - name: DB_PASSWORD\n          value: " + Canary + " and more")]
    [InlineData("{ \"env\": [\n{\n \"name\": \"SMTP_TOKEN\",\n \"value\": \"" + Canary + "\"\n}")]
    [InlineData("postgres://app:" + Canary + "@db.contoso.example/shop")]
    [InlineData("https://store.blob.example/c?sv=1&sig=" + Canary)]
    [InlineData("Authorization: Bearer " + Canary)]
    [InlineData("connectionString = '" + Canary + "'")]
    public void What_looks_like_a_credential_is_not_shown(string output)
    {
        var shown = ReadOutput.Fold(output).ToList();
        Assert.DoesNotContain(shown, e => e.Text.Contains(Canary, StringComparison.Ordinal));
        Assert.Contains(shown, e => e.Text.Contains("[removed]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("NAME    READY   STATUS\nweb-1   1/1     Running\n\n", "NAME | READY | STATUS", "web-1 | 1/1 | Running")]
    [InlineData("        - name: COLOUR\n          value: blue", "- name: COLOUR", "value: blue")]
    [InlineData("", "(nothing)")]
    [InlineData("\n\n", "(nothing)")]
    public void The_rest_is_shown_line_by_line(string output, params string[] shown) => Assert.Equal(shown, ReadOutput.Fold(output).Select(e => e.Text));

    [Fact]
    public void Only_the_beginning_is_shown_and_how_much_more_there_is()
    {
        var shown = ReadOutput.Fold(string.Join('\n', Enumerable.Range(1, 500).Select(n => $"line {n}"))).ToList();
        Assert.Equal(("line 1", Evidence.Line), (shown[0].Text, shown[0].Label));
        Assert.Equal("460 more lines", shown[^1].Text);
        Assert.All(ReadOutput.Fold(new string('x', 65_000)), e => Assert.InRange(e.Text.Length, 1, 201));
    }
}
