using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

public sealed class MailStepTests
{
    [Theory]
    [InlineData("mail to ada@contoso.com: Night report | All is well.", "ada@contoso.com", "Night report", "All is well.")]
    [InlineData("  MAIL  to  First.Last+ops@sre.contoso.co.uk :Re: the night: over |  a | b: c ", "First.Last+ops@sre.contoso.co.uk", "Re: the night: over", "a | b: c")]
    public void A_mail_is_read_as_it_is_meant(string text, string recipient, string subject, string body)
    {
        Assert.True(ToolStep.TryRead(text, out var step, out _));
        Assert.Equal(new ToolStep.SendMail(recipient, subject, body), step);
        Assert.Empty(TaskStep.Problems([text]));
    }

    [Theory]
    [InlineData("Ada <ada@contoso.com>")]
    [InlineData("\"ada@contoso.com\" <eve@evil.example>")]
    [InlineData("<ada@contoso.com>")]
    [InlineData("ada@contoso.com,eve@evil.example")]
    [InlineData("ada@contoso.com; eve@evil.example")]
    [InlineData("ada@contoso.com eve@evil.example")]
    [InlineData("eve@evil.example@contoso.com")]
    [InlineData("eve%evil.example@contoso.com@")]
    [InlineData("\"eve@evil.example\"@contoso.com")]
    [InlineData("\"a b\"@contoso.com")]
    [InlineData("ada(comment)@contoso.com")]
    [InlineData("ada@contoso.com(comment)")]
    [InlineData("ada@(evil.example)contoso.com")]
    [InlineData("ada@contoso.com\r\nBcc: eve@evil.example")]
    [InlineData("ada@contoso.com\nBcc")]
    [InlineData("ada@contoso.com\0")]
    [InlineData("ada@contoso.com%0d%0abcc")]
    [InlineData("ada@xn--contso-jua.com")]
    [InlineData("ada@mail.XN--contso-jua.com")]
    [InlineData("ada@c\u043entoso.com")]
    [InlineData("\u0430da@contoso.com")]
    [InlineData("ada@contoso\u3002com")]
    [InlineData("ada@contoso.com\u200b")]
    [InlineData("ada@contoso.\u212aom")]
    [InlineData("\u212ada@contoso.com")]
    [InlineData("ada@\u202emoc.osotnoc")]
    [InlineData("ada@[10.0.0.1]")]
    [InlineData("ada@10.0.0.1")]
    [InlineData("ada@localhost")]
    [InlineData("ada@contoso.com.")]
    [InlineData("ada@.contoso.com")]
    [InlineData("ada@contoso..com")]
    [InlineData("ada@-contoso.com")]
    [InlineData(".ada@contoso.com")]
    [InlineData("ada.@contoso.com")]
    [InlineData("a..da@contoso.com")]
    [InlineData("@contoso.com")]
    [InlineData("ada@")]
    [InlineData("ada")]
    [InlineData("mailto:ada@contoso.com")]
    [InlineData("ada!evil.example@contoso.com")]
    [InlineData("ada/../eve@contoso.com")]
    [InlineData("smtp:ada@contoso.com")]
    public void A_recipient_that_is_not_one_plain_address_is_refused(string recipient)
    {
        Assert.False(MailAddress.IsOne(recipient));
        var text = $"mail to {recipient}: Subject | text";
        Assert.False(ToolStep.TryRead(text, out _, out _));
        Assert.NotEmpty(TaskStep.Problems([text]));
        Assert.NotEmpty(PlanTools.Problems([text]));
    }

    [Fact]
    public void An_address_is_no_longer_than_addresses_are() => Assert.False(MailAddress.IsOne($"ada@{string.Join('.', Enumerable.Repeat(new string('a', 60), 5))}.com"));

    [Theory]
    [InlineData("mail to ada@contoso.com: no text")]
    [InlineData("mail to ada@contoso.com: | text")]
    [InlineData("mail to ada@contoso.com: subject |")]
    [InlineData("mail to ada@contoso.com | subject: text")]
    [InlineData("mail to ada@contoso.com")]
    [InlineData("mail to ada@contoso.com: sub\r\nBcc: eve@evil.example | text")]
    [InlineData("mail to ada@contoso.com: sub\u2028ject | text")]
    [InlineData("mail to ada@contoso.com: sub\u202eject | text")]
    [InlineData("mail to ada@contoso.com: subject | te\0xt")]
    [InlineData("mail to ada@contoso.com: subject | te\u202ext")]
    [InlineData("mail ada@contoso.com: subject | text")]
    [InlineData("mail to: subject | text")]
    public void What_is_no_whole_mail_is_refused(string text)
    {
        Assert.False(ToolStep.TryRead(text, out _, out _));
        Assert.NotEmpty(TaskStep.Problems([text]));
    }

    [Fact]
    public void Subject_and_text_have_an_end()
    {
        Assert.False(ToolStep.TryRead($"mail to ada@contoso.com: {new string('s', 151)} | text", out _, out _));
        Assert.False(ToolStep.TryRead($"mail to ada@contoso.com: subject | {new string('t', 2001)}", out _, out _));
    }

    [Theory]
    [InlineData("query prod: T | count", 60)]
    [InlineData("query prod last 5m: T | count", 5)]
    [InlineData("query prod last 24h: T | count", 1440)]
    [InlineData("QUERY prod last 7d : T | count", 10080)]
    public void A_query_says_where_and_how_far_back(string text, int minutes)
    {
        Assert.True(ToolStep.TryRead(text, out var step, out _));
        Assert.Equal(new ToolStep.QueryLogs("prod", TimeSpan.FromMinutes(minutes), "T | count"), step);
    }

    [Theory]
    [InlineData("query prod last 8d: T")]
    [InlineData("query prod last 0m: T")]
    [InlineData("query prod last 99999h: T")]
    [InlineData("query prod last 5 days: T")]
    [InlineData("query prod T | count")]
    [InlineData("query prod, staging: T")]
    [InlineData("query : T")]
    [InlineData("query prod:")]
    public void One_that_leaves_that_open_is_refused(string text)
    {
        Assert.False(ToolStep.TryRead(text, out _, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void A_plan_has_few_tools_and_one_mail()
    {
        Assert.Empty(PlanTools.Problems(["mail to ada@contoso.com: x | y", "query prod: T", "post to 19:x@thread.tacv2: z"]));
        Assert.NotEmpty(PlanTools.Problems(["mail to ada@contoso.com: x | y", "mail to bob@contoso.com: x | y"]));
        Assert.NotEmpty(PlanTools.Problems([.. Enumerable.Repeat("query prod: T", PlanTools.Most + 1)]));
        Assert.NotEmpty(PlanTools.Problems(["restart /subscriptions/x"]));
    }
}
