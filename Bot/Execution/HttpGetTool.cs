using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RunModes.Bot.Execution;

/// <param name="Text">What was answered, cut; why it was not, in one sentence.</param>
internal sealed record HttpGot(bool Answered, int Status, string Text);

/// <summary>Asks an address that the deployer listed: GET only, no credentials, no cookies, no redirects, bounded in time and size, and never an address of a private network.</summary>
internal sealed class HttpGetTool(IHttpClientFactory clients, TimeProvider clock)
{
    public const string ClientName = "http-get";
    public const int Most = 64 * 1024;
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task<HttpGot> Get(Uri url, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            return status switch
            {
                >= 200 and < 300 => await Read(response, either.Token) is { } text ? new(true, status, text) : new(false, status, $"The answer has more than {Most / 1024} KB."),
                >= 300 and < 400 => new(false, status, $"It was answered {status}, a redirect, which is never followed."),
                _ => new(false, status, $"It was answered {status}."),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, 0, $"There was no answer within {Limit.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new(false, 0, e.GetBaseException() is PrivateAddress refused ? refused.Message : $"It could not be reached: {WireFailure.Words(e)}.");
        }
    }

    /// <returns>Null when there is more than is read.</returns>
    private static async Task<string?> Read(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[Most + 1];
        var read = 0;
        while (read < buffer.Length && await body.ReadAsync(buffer.AsMemory(read), cancellation) is var more and > 0)
        {
            read += more;
        }

        return read > Most ? null : Encoding.UTF8.GetString(buffer, 0, read);
    }

    /// <summary>Looks at the address that is connected to, not at one that was looked up before. Behind a proxy the proxy looks names up, and only it is connected to.</summary>
    public static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        Credentials = null,
        PreAuthenticate = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = async (context, cancellation) =>
        {
            var isProxy = context.InitialRequestMessage.RequestUri is not { } asked || !asked.IdnHost.Equals(context.DnsEndPoint.Host, StringComparison.OrdinalIgnoreCase);
            var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
            if (!isProxy && (addresses.Length == 0 || !addresses.All(PublicAddresses.Contain)))
            {
                throw new PrivateAddress($"{context.DnsEndPoint.Host} leads to an address of a private network, which is never asked.");
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
        },
    };

    private sealed class PrivateAddress(string message) : IOException(message);
}

/// <summary>Addresses of the open internet: not this machine, not its network, not the cloud's metadata, and none of the ranges set apart for other purposes.</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Apart =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    public static bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Apart.Any(n => n.BaseAddress.AddressFamily == plain.AddressFamily && n.Contains(plain));
    }
}
