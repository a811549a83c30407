using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Storage;

public class ConversationTableTests
{
    private static readonly Conversation General = new("team", ConversationKind.Channel, new("https://smba.example/a/"), "tenant", "bot", TeamId: "team");

    [Fact]
    public async Task A_conversation_is_welcomed_once_per_installation()
    {
        await using var world = await StoreWorld.Open();
        await world.Write(t => world.Conversations.Seen(t, General, world.Now));

        Assert.True(await Installed(world));
        Assert.False(await Installed(world));
        Assert.False(await Installed(world));
        await world.Write(t => world.Conversations.Removed(t, General.Id, world.Now));
        Assert.Null(await world.Read(t => world.Conversations.Find(t, General.Id)));
        Assert.True(await Installed(world));
        Assert.False(await Installed(world));
        Assert.Equal(General, await world.Read(t => world.Conversations.Find(t, General.Id)));
    }

    [Fact]
    public async Task Fifty_installs_at_once_are_one_welcome()
    {
        await using var world = await StoreWorld.Open();

        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Installed(world)))), welcome => welcome);
    }

    [Fact]
    public async Task The_service_URL_follows_what_was_last_seen()
    {
        await using var world = await StoreWorld.Open();
        await Installed(world);
        await world.Write(t => world.Conversations.Seen(t, General with { ServiceUrl = new("https://smba.example/b/") }, world.Now));

        Assert.Equal("https://smba.example/b/", (await world.Read(t => world.Conversations.Find(t, General.Id)))!.ServiceUrl.AbsoluteUri);
        Assert.False(await Installed(world));
    }

    [Fact]
    public async Task General_of_the_first_team_is_where_nothing_else_is_named()
    {
        await using var world = await StoreWorld.Open();
        Assert.Null(await First(world));
        await world.Write(t => world.Conversations.Installed(t, General with { Id = "chat", Kind = ConversationKind.Personal, TeamId = null }, world.Now));
        await world.Write(t => world.Conversations.Installed(t, General with { Id = "other-channel" }, world.Now));
        Assert.Null(await First(world));
        await Installed(world);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Write(t => world.Conversations.Installed(t, General with { Id = "later", TeamId = "later" }, world.Now));

        Assert.Equal("team", (await First(world))!.Id);
        await world.Write(t => world.Conversations.Removed(t, "team", world.Now));
        Assert.Equal("later", (await First(world))!.Id);
    }

    [Fact]
    public async Task A_person_is_found_in_their_chat_while_it_is_open()
    {
        await using var world = await StoreWorld.Open();
        await world.Write(async t =>
        {
            await world.Conversations.Installed(t, General with { Id = "chat", Kind = ConversationKind.Personal }, world.Now);
            await world.Conversations.RememberPerson(t, "ada", "gone");
            await world.Conversations.RememberPerson(t, "ada", "chat");
        });

        Assert.Equal("chat", (await world.Read(t => world.Conversations.PersonalOf(t, "ada")))?.Id);
        Assert.Null(await world.Read(t => world.Conversations.PersonalOf(t, "grace")));
        await world.Write(t => world.Conversations.Removed(t, "chat", world.Now));
        Assert.Null(await world.Read(t => world.Conversations.PersonalOf(t, "ada")));
    }

    private static Task<bool> Installed(StoreWorld world) => world.Write(t => world.Conversations.Installed(t, General, world.Now));

    private static Task<Conversation?> First(StoreWorld world) => world.Read(world.Conversations.FirstTeam);
}
