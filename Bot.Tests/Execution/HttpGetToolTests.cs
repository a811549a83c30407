using System.Net;
using RunModes.Bot.Execution;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

public sealed class HttpGetToolTests
{
    [Theory]
    [InlineData("/status", true, 200, """{"status":"all systems go"}""")]
    [InlineData("/moved", false, 302, "It was answered 302, a redirect, which is never followed.")]
    [InlineData("/large", false, 200, "The answer has more than 64 KB.")]
    [InlineData("/nothing", false, 599, "It was answered 599.")]
    public async Task What_is_answered_is_told_as_it_is_and_bounded(string path, bool answered, int status, string text)
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        var got = await new HttpGetTool(new Clients(cloud.CreateHandler()), TimeProvider.System).Get(new Uri($"https://status.contoso.example{path}"), TestContext.Current.CancellationToken);
        Assert.Equal(new HttpGot(answered, status, text), got);
        var asked = Assert.Single(cloud.Site.Requests);
        Assert.Empty(asked.Headers.Keys.Intersect(["Authorization", "Cookie"], StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task One_that_hangs_is_left_after_ten_seconds()
    {
        using var clock = new ManualClock();
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Site.Faults.Always(Fault.Hang);
        var asking = new HttpGetTool(new Clients(cloud.CreateHandler()), clock).Get(new Uri("https://status.contoso.example/status"), TestContext.Current.CancellationToken);
        while (cloud.Site.Requests.Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        clock.Advance(HttpGetTool.Limit);
        Assert.Equal("There was no answer within 10 seconds.", (await asking).Text);
    }

    [Fact]
    public async Task An_address_of_a_private_network_is_not_connected_to_whatever_its_name()
    {
        using var handler = HttpGetTool.Handler();
        handler.UseProxy = false;
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var got = await new HttpGetTool(new Clients(handler), TimeProvider.System).Get(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/"), TestContext.Current.CancellationToken);
        Assert.Equal(new HttpGot(false, 0, "localhost leads to an address of a private network, which is never asked."), got);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("20.50.2.3", true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.8.9.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("::ffff:20.50.2.3", true)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2002:a9fe:a9fe::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    public void Only_the_open_internet_is_asked(string address, bool open) => Assert.Equal(open, PublicAddresses.Contain(IPAddress.Parse(address)));

    private sealed class Clients(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }
}
