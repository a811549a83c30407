using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Mail leaves at most once, to whom it may go, and says what it may say.</summary>
public class MailTests
{
    [Fact]
    public async Task A_mail_whose_answer_was_lost_may_have_been_sent_and_is_not_sent_again_whoever_looks_again()
    {
        await using var bot = await Start("mail to ada@contoso.example: prod-web | Have a look.");
        bot.Cloud.Graph.Faults.Always(Fault.AcceptThenDrop, r => r.Is("POST", "/sendMail"));
        await bot.Fire(bot.Cloud.Sick(World.Prod).Id);
        var card = await bot.WaitForAsk();
        Assert.Contains("a mail to ada@contoso.example may have been sent: the connection to Microsoft Graph was lost. It is not sent again", card.Reads, StringComparison.Ordinal);
        Assert.Contains("MailSent", await bot.WaitForAudit("MailSent", 2), StringComparison.Ordinal);
        Assert.Single(bot.Cloud.Graph.Mail.Sent);
        Assert.Equal(1, await bot.Count("SELECT COUNT(*) FROM mails WHERE fate = 'Unknown'"));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "ada@fabrikam.example", "fabrikam.example is none of the tenant's verified domains, and ada@fabrikam.example is not among Tools:SendMail:Recipients" },
        { "ada@contoso.example.evil.example", "contoso.example.evil.example is none of the tenant's verified domains" },
        { "ada@sub.contoso.example", "sub.contoso.example is none of the tenant's verified domains" },
        { "ada@ccontoso.example", "ccontoso.example is none of the tenant's verified domains" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_stranger_who_is_not_listed_gets_none(string recipient, string words)
    {
        await using var bot = await Start($"mail to {recipient}: prod-web | Have a look.");
        await bot.Fire(bot.Cloud.Sick(World.Prod).Id);
        Assert.Contains(words, (await bot.WaitForAsk()).Reads, StringComparison.Ordinal);
        Assert.DoesNotContain(bot.Cloud.Graph.Requests, r => r.Is("POST", "/sendMail"));
    }

    [Fact]
    public async Task Where_the_domains_cannot_be_read_only_those_listed_get_any()
    {
        await using var bot = await Start("mail to ada@contoso.example: prod-web | Have a look.", "mail to bob@fabrikam.example: staging-web | Have a look.", new() { ["Tools:SendMail:Recipients:0"] = "Bob@fabrikam.example" });
        bot.Cloud.Graph.Faults.Always(Fault.Error(403, "Authorization_RequestDenied", "No."), r => r.Path.EndsWith("/organization", StringComparison.Ordinal));
        await bot.Fire(bot.Cloud.Sick(World.Prod).Id);
        Assert.Contains("was not sent: the tenant's domains could not be read (403 Authorization", (await bot.WaitForAsk()).Reads.Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await bot.Fire(bot.Cloud.Sick(World.Staging).Id);
        await bot.WaitForText("Done: I've restarted app-service-staging");
        Assert.Equal("bob@fabrikam.example", Assert.Single(bot.Cloud.Graph.Mail.Sent).Recipient);
    }

    [Fact]
    public async Task More_than_so_many_an_hour_are_held_back_and_an_hour_later_they_are_not()
    {
        await using var bot = await Start("mail to ada@contoso.example: prod-web | Have a look.", "mail to ada@contoso.example: staging-web | Have a look.", new() { ["Tools:SendMail:PerHour"] = "1" });
        await bot.Fire(bot.Cloud.Sick(World.Prod).Id);
        Assert.Contains("was accepted", (await bot.WaitForAsk()).Reads, StringComparison.Ordinal);
        await bot.Fire(bot.Cloud.Arm.App(World.Staging, rg: "web", memory: Series.Flat(41)).Id);
        await bot.WaitForText("was not sent: 1 mails an hour are the most");
        bot.Clock.Advance(TimeSpan.FromMinutes(61));
        await bot.Fire(bot.Cloud.Arm.App(World.Staging, rg: "web", memory: Series.Flat(41)).Id, "Slow answers");
        await bot.WaitForText("tool 1 of 1 of plan staging-web: a mail to ada@contoso.example was accepted");
        Assert.Equal(2, bot.Cloud.Graph.Mail.Sent.Count);
    }

    [Fact]
    public async Task What_looks_like_a_credential_does_not_leave_and_the_agent_cannot_send()
    {
        await using var bot = await Start("mail to ada@contoso.example: prod-web | Sign in with password=hunter2-canary.");
        await bot.Fire(bot.Cloud.Sick(World.Prod).Id);
        await bot.WaitForAsk();
        var mail = Assert.Single(bot.Cloud.Graph.Mail.Sent);
        Assert.StartsWith("Sign in with password=[removed]", mail.Text, StringComparison.Ordinal);
        Assert.All(bot.Cloud.Graph.Requests.Where(r => r.Is("POST", "/sendMail")), r => Assert.Equal(Known.AppId, bot.Cloud.Entra.Issued.Single(t => t.Value == r.Bearer).ClientId));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_mailbox_that_may_not_be_sent_from_is_told_with_what_to_grant()
    {
        await using var bot = await Start("mail to ada@contoso.example: prod-web | Have a look.");
        bot.Cloud.Graph.Mail.Allowed.Clear();
        await bot.Fire(bot.Cloud.Sick(World.Prod).Id);
        Assert.Contains("the bot may not send from sre@contoso.example", (await bot.WaitForAsk()).Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Graph.Mail.Sent);
    }

    private static async Task<BotHost> Start(string prod, string? staging = null, Dictionary<string, string?>? more = null)
    {
        var bot = await BotHost.Start(settings: new Dictionary<string, string?>(more ?? [])
        {
            ["ResponsePlans:0:Tools:0"] = prod, ["ResponsePlans:1:Tools:0"] = staging, ["Tools:SendMail:Sender"] = FakeMailbox.Sender,
        });
        await bot.Install();
        return bot;
    }
}

public sealed class MailTestsOnPostgreSql : MailTests;
