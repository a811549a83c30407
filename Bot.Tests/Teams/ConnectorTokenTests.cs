using System.Net;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using RunModes.Bot.Reporting;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Teams;

public sealed class ConnectorTokenTests
{
    private static readonly Message Text = Message.Plain("Hello");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_asked_for_once_and_again_five_minutes_before_it_ends()
    {
        await using var world = await TeamsWorld.Start();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Post(world)));
        Assert.Equal(1, world.Microsoft.TokensIssued);

        world.Clock.Advance(TimeSpan.FromMinutes(54));
        await Post(world);
        Assert.Equal(1, world.Microsoft.TokensIssued);

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await Post(world);
        Assert.Equal(2, world.Microsoft.TokensIssued);
        Assert.Equal("Bearer outbound-2", world.Microsoft.ToConnector[^1].Authorization);
    }

    [Fact]
    public async Task The_token_is_the_bots_own_for_the_connector_alone()
    {
        await using var world = await TeamsWorld.Start();

        await Post(world);

        var login = Assert.Single(world.Microsoft.Calls("login.microsoftonline.com"));
        var form = login.Body.Split('&').ToDictionary(pair => pair.Split('=')[0], pair => Uri.UnescapeDataString(pair.Split('=')[1]));
        Assert.Equal(("client_credentials", Known.App, "https://api.botframework.com/.default"), (form["grant_type"], form["client_id"], form["scope"].Split(' ')[0]));
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once()
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Connector = sent => sent.Authorization == "Bearer outbound-1"
            ? FakeMicrosoft.Json(HttpStatusCode.Unauthorized, "")
            : FakeMicrosoft.Json(HttpStatusCode.Created, """{"id":"1"}""");

        Assert.Equal(new Delivery.Delivered("1"), await Post(world));
        Assert.Equal(["Bearer outbound-1", "Bearer outbound-2"], world.Microsoft.ToConnector.Select(sent => sent.Authorization));

        world.Microsoft.Connector = _ => FakeMicrosoft.Json(HttpStatusCode.Unauthorized, "");
        Assert.IsType<Delivery.TryAgain>(await Post(world));
        Assert.Equal(4, world.Microsoft.ToConnector.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Without_a_token_nothing_is_sent_and_the_message_waits(HttpStatusCode login)
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Login = login;

        Assert.IsType<Delivery.TryAgain>(await Post(world));
        Assert.Empty(world.Microsoft.ToConnector);

        world.Microsoft.Login = HttpStatusCode.OK;
        Assert.IsType<Delivery.Delivered>(await Post(world));
    }

    [Fact]
    public async Task Neither_secret_nor_token_is_logged()
    {
        await using var world = await TeamsWorld.Start();
        await Post(world);
        world.Microsoft.Connector = _ => FakeMicrosoft.Json(HttpStatusCode.Unauthorized, "");
        await Post(world);
        world.Microsoft.Login = HttpStatusCode.Unauthorized;
        await Post(world);
        using var answer = await world.Deliver(Known.Message());

        Assert.NotEmpty(world.Log.Lines);
        Assert.DoesNotContain(world.Log.Lines, line =>
            line.Contains(Known.Secret, StringComparison.Ordinal) || line.Contains("outbound-", StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_managed_identity_is_used_when_the_bot_is_one()
    {
        await using var world = await TeamsWorld.Start();
        var options = TeamsOptions.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MicrosoftAppType"] = "UserAssignedMSI", ["MicrosoftAppId"] = Known.App, ["MicrosoftAppTenantId"] = Known.Tenant,
        }).Build(), sandbox: false);

        Assert.IsType<ManagedIdentityCredential>(new BotIdentity(options, world.The<IHttpClientFactory>()).BotCredential);
        Assert.IsType<ClientSecretCredential>(world.The<BotIdentity>().BotCredential);
    }

    private static Task<Delivery> Post(TeamsWorld world) => world.Messenger.Post(Known.InChat, Text, Cancellation);
}
