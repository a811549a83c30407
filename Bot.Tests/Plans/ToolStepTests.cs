using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

public sealed class ToolStepTests
{
    [Theory]
    [InlineData("get https://status.contoso.com/health?x=1", "get https://status.contoso.com/health?x=1")]
    [InlineData("  GET   https://STATUS.contoso.com ", "get https://status.contoso.com/")]
    [InlineData("post to 19:team@thread.tacv2: The night is over: all is well.", "post to 19:team@thread.tacv2: The night is over: all is well.")]
    public void A_step_of_a_tool_is_read_as_it_is_meant(string text, string words)
    {
        Assert.True(ToolStep.TryRead(text, out var step, out _));
        Assert.Equal(words, step.Words);
        Assert.Empty(TaskStep.Problems([text]));
    }

    [Theory]
    [InlineData("get http://status.contoso.com/")]
    [InlineData("get https://status.contoso.com:8443/")]
    [InlineData("get https://user@status.contoso.com/")]
    [InlineData("get https://10.0.0.1/")]
    [InlineData("get https://[::1]/")]
    [InlineData("get https://0x7f000001/")]
    [InlineData("get https://status.contoso.com/#x")]
    [InlineData("get https://status.contoso.com\\@evil.example/")]
    [InlineData("get file:///etc/passwd")]
    [InlineData("get status.contoso.com")]
    [InlineData("get https://a.example https://b.example")]
    [InlineData("post to 19:team@thread.tacv2:")]
    [InlineData("post 19:team@thread.tacv2: text")]
    [InlineData("put https://status.contoso.com/")]
    public void Anything_else_is_refused_with_what_is_accepted(string text)
    {
        Assert.False(ToolStep.TryRead(text, out _, out _));
        Assert.Matches("; write |names|shorten", Assert.Single(TaskStep.Problems([text])));
    }
}
