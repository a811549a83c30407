using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>Requests that no client library would send.</summary>
internal static class WireNonsense
{
    private const string Json = "Content-Type: application/json\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static readonly IReadOnlyList<string> AfterTheHead =
    [
        $"{Json}Content-Length: 500\r\n\r\n{{\"type\":\"mess", $"{Json}Content-Length: 0\r\n\r\n", $"{Json}Content-Length: -1\r\n\r\n{{}}", $"{Json}Content-Length: 99999999999999999999\r\n\r\n{{}}", $"{Json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}",
        $"{Json}Content-Length: 1e2\r\n\r\n{{}}", $"{Json}Content-Length: 10485760\r\n\r\n{{}}", $"{Json}\r\n{{}}", $"{Json}Transfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n", $"{Json}Transfer-Encoding: chunked\r\n\r\n7FFFFFFF\r\n{{}}",
        $"{Json}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}", $"{Json}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}XX0\r\n\r\n", $"{Json}Transfer-Encoding: chunked\r\n\r\n", $"{Json}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", $"{Json}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{{}}",
        $"{Json}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{{}}", $"{Json}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n{{}}", $"Content-Type: \r\nContent-Length: 2\r\n\r\n{{}}", $"{Json}X: {new string('x', 40_000)}\r\n\r\n", $"{Json}No colon here\r\n\r\n", $"{Json}A\0B: c\r\n\r\n",
        $"{Json} folded\r\n\r\n", string.Concat(Enumerable.Repeat("A: b\r\n", 300)) + "\r\n", $"{Json}Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{{}}", $"{Json}Content-Length: 600000\r\n\r\n{{\"text\":\"{new string('y', 599_000)}",
        $"{Json}Content-Length: 4\r\n\r\n\u00ff\u00fe\0\0", "Never ends",
    ];

    /// <summary>Sends it, says that no more comes, and reads what comes back.</summary>
    /// <returns>The status; null when the server hung up without one.</returns>
    public static async Task<int?> Send(Uri server, string request)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            var answer = new byte[4096];
            var length = await stream.ReadAtLeastAsync(answer, 12, throwOnEndOfStream: false, limit.Token);
            var line = Encoding.Latin1.GetString(answer, 0, length);
            // "Go on" is no answer yet; what follows it here is the end.
            return line.StartsWith("HTTP/1.1 100", StringComparison.Ordinal) || length < 12 ? null : int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return null;
        }
    }
}
