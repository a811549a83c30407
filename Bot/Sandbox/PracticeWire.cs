using System.Net;
using System.Net.Sockets;

namespace RunModes.Bot.Sandbox;

/// <summary>
/// The only way out of the sandbox, under every HTTP client: three Microsoft hosts are answered right here, loopback (the client that plays Teams)
/// is passed on, and anything else is an error. No name but a loopback one is ever looked up.
/// </summary>
internal sealed class PracticeWire(PracticeAzure azure) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _loopback = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = Connect,
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } to)
        {
            throw NotReachable("an address without a host");
        }

        if (to.IsLoopback)
        {
            return await _loopback.SendAsync(request, cancellationToken);
        }

        if (to is not { Scheme: "https", IsDefaultPort: true, UserInfo: "" })
        {
            throw NotReachable(to.GetLeftPart(UriPartial.Authority));
        }

        var answer = to.IdnHost.ToLowerInvariant() switch
        {
            "management.azure.com" => azure.Answer(request, await Body(request, cancellationToken)),
            "graph.microsoft.com" => PracticeDirectory.Answer(request.Method, to.AbsolutePath, await Body(request, cancellationToken)),
            "login.microsoftonline.com" => PracticeLogin.Answer(request.Method, to.AbsolutePath),
            var host => throw NotReachable(host),
        };
        var response = answer.To(request);
        response.Headers.Add("x-ms-request-id", Guid.NewGuid().ToString());
        response.Headers.Add("x-ms-correlation-request-id", Guid.NewGuid().ToString());
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _loopback.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Task<string> Body(HttpRequestMessage request, CancellationToken cancellation) =>
        request.Content?.ReadAsStringAsync(cancellation) ?? Task.FromResult("");

    /// <summary>A name says loopback; the addresses it resolves to must say so too.</summary>
    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        if (addresses.Length == 0 || !addresses.All(IPAddress.IsLoopback))
        {
            throw NotReachable(context.DnsEndPoint.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static HttpRequestException NotReachable(string what) => new(HttpRequestError.ConnectionError, $"{what} is not reachable from the sandbox");
}
