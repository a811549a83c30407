using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using RunModes.Bot.Execution;
using RunModes.Bot.Roles;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Sandbox;

public sealed class PracticeWireTests
{
    private static readonly string[] Clients = [ArmHttp.ClientName, GraphDirectory.HttpClientName, TeamsHttp.ClientName, "any other"];

    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("https://smba.trafficmanager.net/teams/")]
    [InlineData("https://login.botframework.com/v1/.well-known/openidconfiguration")]
    [InlineData("http://management.azure.com/subscriptions")]
    [InlineData("https://management.azure.com:8443/subscriptions")]
    [InlineData("https://user@management.azure.com/subscriptions")]
    [InlineData("https://management.azure.com.example/subscriptions")]
    [InlineData("http://169.254.169.254/metadata/identity/oauth2/token")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://localhost.example/")]
    public async Task Nothing_but_loopback_is_reachable_from_any_client(string address)
    {
        using var world = new PracticeWorld();
        foreach (var name in Clients.Where(name => name != GraphDirectory.HttpClientName))
        {
            using var client = world.Client(name);

            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(address), TestContext.Current.CancellationToken));

            Assert.Contains("not reachable from the sandbox", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_connector_on_this_machine_is_reached_and_its_redirects_are_not_followed()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var connector = builder.Build();
        connector.MapGet("/here", () => "here");
        connector.MapGet("/away", () => Results.Redirect("https://example.com/"));
        await connector.StartAsync(TestContext.Current.CancellationToken);
        using var world = new PracticeWorld();
        using var client = world.Client(TeamsHttp.ClientName);
        var port = new Uri(connector.Urls.Single()).Port;

        foreach (var host in (string[])["127.0.0.1", "localhost"])
        {
            Assert.Equal("here", await client.GetStringAsync(new Uri($"http://{host}:{port}/here"), TestContext.Current.CancellationToken));
        }

        using var away = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/away"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, away.StatusCode);
    }

    [Fact]
    public async Task A_connector_that_is_not_there_is_a_connection_error()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var world = new PracticeWorld();
        using var client = world.Client(TeamsHttp.ClientName);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://127.0.0.1:{port}/"), TestContext.Current.CancellationToken));

        Assert.Equal(HttpRequestError.ConnectionError, failed.HttpRequestError);
    }

    [Fact]
    public async Task Without_a_token_the_practice_subscription_refuses()
    {
        using var world = new PracticeWorld();
        using var client = world.Client(ArmHttp.ClientName);

        using var answer = await client.PostAsync(new Uri($"https://management.azure.com{world.Azure.Production.Id}/restart?api-version=2023-12-01"), null, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Unauthorized, null), (answer.StatusCode, world.Azure.Production.RestartedAt));
    }
}
