using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>
/// The only way out: accepts <c>CONNECT host:443</c> and leads it to the TLS server of the cloud, whatever the host; that server knows who belongs.
/// Anything else (plain http, other ports, bare addresses) is refused with 502.
/// </summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, byte> tunnels = new();
    private readonly IPEndPoint inner;
    private readonly Action<string> refused;
    private readonly Task accepting;

    public ConnectProxy(IPEndPoint inner, Action<string> refused)
    {
        this.inner = inner;
        this.refused = refused;
        listener.Start(512);
        accepting = Accept();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(tunnels.Keys);
        stopping.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                var tunnel = Tunnel(socket);
                tunnels[tunnel] = 0;
                _ = tunnel.ContinueWith(done => tunnels.TryRemove(done, out byte _), TaskScheduler.Default);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The listener was stopped: nobody is accepted any more.
        }
    }

    private async Task Tunnel(Socket socket)
    {
        await Task.Yield();
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                var head = await ReadHead(socket);
                var line = head.Split("\r\n", 2)[0];
                if (!Allowed(line))
                {
                    refused(line);
                    await socket.SendAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), stopping.Token);
                    return;
                }

                await server.ConnectAsync(inner, stopping.Token);
                await socket.SendAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), stopping.Token);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
                var there = Pump(socket, server, either.Token);
                var back = Pump(server, socket, either.Token);
                await Task.WhenAny(there, back);
                // One side is gone: what the other already sent is on its way, nothing more will be read.
                await either.CancelAsync();
                await Task.WhenAll(there, back);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // A peer went away or the cloud is closing: closing both sockets is all there is to do.
            }
        }
    }

    private static bool Allowed(string line) =>
        line.Split(' ') is ["CONNECT", var authority, _] && authority.EndsWith(":443", StringComparison.Ordinal)
        && Uri.CheckHostName(authority[..^4]) == UriHostNameType.Dns;

    private async Task<string> ReadHead(Socket socket)
    {
        var buffer = new byte[8192];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), stopping.Token);
            if (read == 0) throw new SocketException((int)SocketError.ConnectionReset);
            length += read;
            if (buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8)) return Encoding.ASCII.GetString(buffer, 0, length);
        }

        throw new SocketException((int)SocketError.MessageSize);
    }

    private static async Task Pump(Socket from, Socket to, CancellationToken cancellation)
    {
        var buffer = new byte[16384];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var read)
            {
                for (var sent = 0; sent < read;) sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), cancellation);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            // Seen by the other direction as the end of the tunnel.
        }
    }
}
