using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Chat;

public enum Expected { Refused, Shown, Card }

/// <summary>Who may say what. Columns: Administrator, Standard User, Reader, guest, somebody Graph does not answer for.</summary>
public sealed class AuthorityOfCommandsTests
{
    private const Expected No = Expected.Refused, Yes = Expected.Shown, Card = Expected.Card;

    public static TheoryData<string, Expected, Expected, Expected, Expected, Expected> Table { get; } = new()
    {
        { "help", Yes, Yes, Yes, Yes, Yes },
        { "whoami", Yes, Yes, Yes, Yes, Yes },
        { "approvers", Yes, Yes, Yes, No, No },
        { "plans", Yes, Yes, Yes, No, No },
        { "plan prod-web", Yes, Yes, Yes, No, No },
        { "pending", Yes, Yes, Yes, No, No },
        { "history", Yes, Yes, Yes, No, No },
        { "unmatched", Yes, Yes, Yes, No, No },
        { "health", Yes, Yes, Yes, No, No },
        { "set staging to review", Yes, Yes, No, No, No },
        { "set default to review", Yes, Yes, No, No, No },
        { "set prod-web to autonomous", Card, No, No, No, No },
        { "set default to autonomous", Card, No, No, No, No },
        { "stop", Yes, Yes, No, No, No },
        { "start", Card, No, No, No, No },
        { "use this channel", Yes, No, No, No, No },
        { "use this channel for prod-web", Yes, No, No, No, No },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_role_may_exactly_this(string text, Expected administrator, Expected standard, Expected reader, Expected guest, Expected unknown)
    {
        (Someone Who, Expected Expected)[] people = [(ChatWorld.Mute, unknown), (ChatWorld.Gale, guest), (ChatWorld.Rob, reader), (ChatWorld.Sam, standard), (ChatWorld.Ada, administrator)];
        foreach (var (who, expected) in people)
        {
            await using var world = await ChatWorld.Start();
            await world.AddPlan("prod-web", RunMode.Review);
            await world.AddPlan("staging", RunMode.Autonomous);
            if (text == "start")
            {
                await world.Say(ChatWorld.Ada, "stop");
            }

            var before = await Versions(world);
            var said = await world.Say(who, text);
            var refused = await world.Audit(AuditKind.CommandRefused);
            Assert.Equal(expected, refused.Count > 0 ? Expected.Refused : said.Any(i => i.Shows == Shown.Confirmation) ? Expected.Card : Expected.Shown);
            Assert.Contains(said, i => i.ConversationId == ChatWorld.Team);
            if (expected != Expected.Shown)
            {
                Assert.Equal(before, await Versions(world));
            }
        }
    }

    [Theory]
    [InlineData("stop", true)]
    [InlineData("set staging to review", true)]
    [InlineData("start", false)]
    [InlineData("set prod-web to autonomous", false)]
    [InlineData("use this channel", false)]
    public async Task Without_a_group_of_Standard_Users_the_people_of_the_team_may_stop_and_lower(string text, bool allowed)
    {
        await using var world = await ChatWorld.Start(NoStandardUsers);
        await world.AddPlan("prod-web", RunMode.Review);
        await world.AddPlan("staging", RunMode.Autonomous);
        await world.Say(ChatWorld.Rob, text);
        Assert.Equal(allowed, (await world.Audit(AuditKind.CommandRefused)).Count == 0);
    }

    [Fact]
    public async Task Without_a_group_of_Standard_Users_nobody_stops_it_from_outside_a_team()
    {
        await using var world = await ChatWorld.Start(NoStandardUsers);
        Assert.Contains("Microsoft Graph says you are a Reader", await world.Ask(ChatWorld.Rob, "stop", ChatWorld.Personal(ChatWorld.Rob)), StringComparison.Ordinal);
        await world.Get<IInbound>().OnRemoved(ChatWorld.Channel(ChatWorld.Team), TestContext.Current.CancellationToken);
        await world.Say(ChatWorld.Rob, "stop", ChatWorld.Channel(ChatWorld.Other));
        Assert.False((await world.Control()).Stopped);
    }

    [Fact]
    public async Task Who_is_refused_is_told_which_role_is_needed_and_what_they_are()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        Assert.Equal(
            "Only Administrators can set a run mode to Autonomous. Microsoft Graph says you are a Standard User. Nothing was changed.",
            await world.Ask(ChatWorld.Sam, "set prod-web to autonomous"));
        Assert.Contains("I could not find out what you are", await world.Ask(ChatWorld.Mute, "stop"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_twenty_first_command_in_ten_minutes_is_told_so_once_and_stop_still_works()
    {
        await using var world = await ChatWorld.Start();
        for (var i = 0; i < Pace.Most; i++)
        {
            Assert.Single(await world.Say(ChatWorld.Sam, "help"));
        }

        Assert.Contains("more than 20 commands", await world.Ask(ChatWorld.Sam, "help"), StringComparison.Ordinal);
        Assert.Empty(await world.Say(ChatWorld.Sam, "help"));
        Assert.Single(await world.Say(ChatWorld.Rob, "help"));
        await world.Say(ChatWorld.Sam, "stop");
        Assert.True((await world.Control()).Stopped);
        world.Clock.Advance(Pace.Window);
        Assert.Single(await world.Say(ChatWorld.Sam, "help"));
    }

    private static async Task<(long, long, long)> Versions(ChatWorld world) =>
        ((await world.Control()).Version, (await world.Plan("prod-web"))!.Version, (await world.Plan("staging"))!.Version);

    private static Dictionary<string, string?> NoStandardUsers => new() { ["Roles:StandardUser:Groups:0"] = null };
}
