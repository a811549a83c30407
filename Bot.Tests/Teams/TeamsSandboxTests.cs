using System.Net;
using Microsoft.AspNetCore.Http;
using RunModes.Bot.Chat;
using RunModes.Bot.Reporting;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Teams;

public sealed class TeamsSandboxTests
{
    private const string Playground = "http://localhost:56150/_connector";

    [Fact]
    public async Task This_machine_may_talk_without_a_token_and_is_answered_without_one()
    {
        await using var world = await TeamsWorld.Start(sandbox: true);
        using var answer = await world.Deliver(Known.Message().With("serviceUrl", Playground).With("from.aadObjectId", "ada").ToJsonString(), []);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var message = world.Inbound.Only<ChatMessage>();
        Assert.Equal("ada", message.Actor.ObjectId);
        Assert.IsType<Delivery.Delivered>(await world.Messenger.Post(message.Conversation, Message.Plain("Hello"), TestContext.Current.CancellationToken));

        var sent = Assert.Single(world.Microsoft.All);
        Assert.Equal(("http://localhost:56150/_connector/v3/conversations/a%3Achat/activities", null), (sent.Uri.AbsoluteUri, sent.Authorization));
    }

    [Theory]
    [InlineData(Known.Service)]
    [InlineData("https://evil.example/")]
    [InlineData("http://localhost.evil.example/")]
    [InlineData("http://localhost@evil.example/")]
    [InlineData("http://10.0.0.1/")]
    public async Task A_connector_elsewhere_is_refused_in_both_directions(string serviceUrl)
    {
        await using var world = await TeamsWorld.Start(sandbox: true);

        using var answer = await world.Deliver(Known.Message().With("serviceUrl", serviceUrl).ToJsonString(), []);
        var delivery = await world.Messenger.Post(Known.InChat with { ServiceUrl = new(serviceUrl) }, Message.Plain("Hello"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.IsType<Delivery.Rejected>(delivery);
        Assert.Empty(world.Inbound.Calls);
        Assert.Empty(world.Microsoft.All);
    }

    [Theory]
    [InlineData("conversation.tenantId")]
    [InlineData("channelData.tenant.id")]
    public async Task Tenants_that_disagree_are_refused_in_the_sandbox_too(string path)
    {
        await using var world = await TeamsWorld.Start(sandbox: true);

        using var answer = await world.Deliver(Known.Message().With("serviceUrl", Playground).With(path, Known.OtherTenant).ToJsonString(), []);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-Host", "abc.tunnel.example")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("Host", "evil.example")]
    public async Task Tunnels_and_web_pages_are_refused_although_they_connect_from_this_machine(string header, string value)
    {
        await using var world = await TeamsWorld.Start(sandbox: true);

        using var answer = await world.Deliver(Known.Message().With("serviceUrl", Playground).ToJsonString(), [], (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(world.Inbound.Calls);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData(null, false)]
    public void Only_loopback_addresses_are_this_machine(string? address, bool admitted)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new("localhost", 3978);
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);

        Assert.Equal(admitted, SandboxCaller.Check(context) is null);
    }

    [Theory]
    [InlineData("https://smba.trafficmanager.net/teams", true)]
    [InlineData("https://SMBA.trafficmanager.net/emea/", true)]
    [InlineData("https://smba.infra.gcc.teams.microsoft.com/teams", true)]
    [InlineData("https://smba.infra.gov.teams.microsoft.us/teams", true)]
    [InlineData("https://europe.webchat.botframework.com/", true)]
    [InlineData("https://botframework.com/", false)]
    [InlineData("https://smba.infra.teams.microsoft.com/", false)]
    [InlineData("https://smba.infra.a.b.teams.microsoft.com/", false)]
    [InlineData("https://smba.trafficmanager.net./", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("ftp://smba.trafficmanager.net/", false)]
    public void Outside_the_sandbox_only_the_connectors_hosts_are_allowed(string address, bool allowed) =>
        Assert.Equal(allowed, ServiceHosts.Allowed(new(address), sandbox: false));
}
