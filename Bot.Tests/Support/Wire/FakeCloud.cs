using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>
/// Everything outside the bot, at the wire, under Microsoft's own addresses: one loopback server reached as a proxy, so that production URLs stay as they are
/// and nothing leaves by accident. A host or path nobody registered is answered 599 and fails <see cref="AssertNothingUnexpected"/>.
/// </summary>
internal sealed class FakeCloud : IAsyncDisposable
{
    private readonly CertificateAuthority authority = new();
    private readonly ConcurrentQueue<string> unexpected = new();
    private readonly Dictionary<string, WireEnd> ends;
    private readonly string bundle = Path.Combine(Path.GetTempPath(), $"runmodes-ca-{Guid.NewGuid():n}.pem");
    private WebApplication server = null!;
    private ConnectProxy proxy = null!;

    private FakeCloud(TimeProvider clock)
    {
        Clock = clock;
        Entra = new FakeEntra();
        Login = new FakeBotLogin(clock);
        Teams = new FakeTeams(clock);
        Graph = new FakeGraph();
        Arm = new FakeArm(clock);
        Site = new FakeSite();
        PagerDuty = new FakePagerDuty();
        Logs = new FakeLogs();
        ends = new WireEnd[] { Entra, Login, Teams, Graph, Arm, PagerDuty, Site, Logs }.ToDictionary(end => end.Host, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Metrics, logs and connector tokens follow this clock; certificates do not.</summary>
    public TimeProvider Clock { get; }

    public FakeEntra Entra { get; }

    public FakeBotLogin Login { get; }

    public FakeTeams Teams { get; }

    public FakeGraph Graph { get; }

    public FakeArm Arm { get; }

    public FakeSite Site { get; }

    public FakePagerDuty PagerDuty { get; }

    public FakeLogs Logs { get; }

    /// <summary>Calls to hosts or paths nobody registered, in order.</summary>
    public IReadOnlyList<string> Unexpected => [.. unexpected];

    public Uri ProxyAddress => proxy.Address;

    /// <summary>For a child process: every way out leads here, and only this cloud's authority is added to what it trusts. Loopback stays direct.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            var address = proxy.Address.ToString().TrimEnd('/');
            const string Direct = "localhost,127.0.0.1,::1";
            return new Dictionary<string, string>
            {
                ["HTTPS_PROXY"] = address, ["https_proxy"] = address, ["HTTP_PROXY"] = address, ["http_proxy"] = address,
                ["NO_PROXY"] = Direct, ["no_proxy"] = Direct, ["SSL_CERT_FILE"] = bundle, ["REQUESTS_CA_BUNDLE"] = bundle, ["CURL_CA_BUNDLE"] = bundle,
            };
        }
    }

    /// <summary>Another end for a host, where a test needs a world of its own.</summary>
    public void Replace(WireEnd end) => ends[end.Host] = end;

    public static async Task<FakeCloud> Start(TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var cloud = new FakeCloud(clock ?? TimeProvider.System);
        await cloud.Listen(cancellation);
        return cloud;
    }

    /// <summary>For an app in this process: the way out and the trust of <see cref="Environment"/>, without touching the process.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = true,
        Proxy = new WebProxy(proxy.Address),
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = authority.Trust() },
    };

    public void AssertNothingUnexpected()
    {
        Assert.True(unexpected.IsEmpty, $"Calls to what nobody registered:\n{string.Join('\n', unexpected)}");
        Assert.True(Entra.Leaks.Count == 0, $"Tokens shown to the wrong host:\n{string.Join('\n', Entra.Leaks)}");
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await server.DisposeAsync();
        authority.Dispose();
        File.Delete(bundle);
    }

    internal void NoteUnexpected(string what) => unexpected.Enqueue(what);

    private async Task Listen(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = connection => ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = authority.Leaf(connection.ClientHelloInfo.ServerName),
                    }),
                });
            });
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        server = builder.Build();
        server.Run(Serve);
        await server.StartAsync(cancellation);
        var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        proxy = new ConnectProxy(new IPEndPoint(IPAddress.Loopback, address.Port), NoteUnexpected);
        await File.WriteAllTextAsync(bundle, authority.Root.ExportCertificatePem() + "\n", cancellation);
    }

    private async Task Serve(HttpContext http)
    {
        try
        {
            var request = await WireRequest.Read(http, Clock.GetUtcNow());
            if (ends.TryGetValue(request.Host, out var end))
            {
                await end.Serve(http, request, this);
                return;
            }

            NoteUnexpected(request.ToString());
            Entra.Check(request, null, out _);
            http.Response.StatusCode = 599;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller gave up, which is what the script of a hanging call waits for.
        }
    }
}
