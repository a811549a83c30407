using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace RunModes.Bot.Tests.Execution;

internal enum Then { Close = 0, Reset, KeepAlive, Hang }

/// <summary>What goes over the wire, byte for byte, and what becomes of the connection afterwards.</summary>
internal sealed record RawAnswer(string Bytes, Then Then)
{
    public static RawAnswer Http(int status, string body = "", string headers = "", Then then = Then.KeepAlive) =>
        new($"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}{(body.Length > 0 ? "Content-Type: application/json\r\n" : "")}\r\n{body}", then);
}

internal sealed record RawRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, int Connection);

internal enum Tunnel { Serves = 0, Refuses, SpeaksNoTls, SaysNothing, ClosesAfterTls }

/// <summary>
/// A proxy on loopback that opens no tunnel: it plays Azure behind every CONNECT, with a certificate of its own authority, and counts
/// what arrives. Production URLs stay as they are and nothing can leave by accident.
/// </summary>
internal sealed class RawAzure : IAsyncDisposable
{
    private static readonly (X509Certificate2 Authority, X509Certificate2 Server) Certificates = Issue();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _loop;
    private int _count;

    public RawAzure(Func<RawRequest, RawAnswer> answer)
    {
        Answer = answer;
        _listener.Start();
        _loop = Accept();
    }

    public Func<RawRequest, RawAnswer> Answer { get; set; }

    public Func<int, Tunnel> Tunnels { get; set; } = _ => Tunnel.Serves;

    public ConcurrentQueue<RawRequest> Requests { get; } = new();

    public TaskCompletionSource FirstPost { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Connections => _count;

    public int Posts => Requests.Count(r => r.Method == "POST");

    public Uri Proxy => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public SocketsHttpHandler Handler(bool trusted = true, bool follows = false, Uri? proxy = null) => new()
    {
        Proxy = new WebProxy(proxy ?? Proxy),
        UseProxy = true,
        AllowAutoRedirect = follows,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        SslOptions = trusted
            ? new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { Certificates.Authority },
                },
            }
            : new(),
    };

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_loop, .. _connections]);
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _connections.Add(Serve(client, Interlocked.Increment(ref _count)));
            }
        }
        catch (Exception e) when (_end.IsCancellationRequested && e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client, int number)
    {
        using var owned = client;
        try
        {
            var raw = client.GetStream();
            await Head(raw);
            var tunnel = Tunnels(number);
            if (tunnel == Tunnel.Refuses)
            {
                await raw.WriteAsync("HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _end.Token);
                return;
            }

            await raw.WriteAsync("HTTP/1.1 200 X\r\n\r\n"u8.ToArray(), _end.Token);
            if (tunnel == Tunnel.SpeaksNoTls)
            {
                await raw.WriteAsync("this is not TLS at all\r\n\r\n"u8.ToArray(), _end.Token);
                return;
            }

            if (tunnel == Tunnel.SaysNothing)
            {
                await Task.Delay(Timeout.Infinite, _end.Token);
            }

            await using var tls = new SslStream(raw);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificates.Server }, _end.Token);
            if (tunnel == Tunnel.ClosesAfterTls)
            {
                client.Client.LingerState = new LingerOption(true, 0);
                client.Client.Close();
                return;
            }

            while (await Exchange(client, tls, number))
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException or SocketException)
        {
            // The client left, or the test is over.
        }
    }

    private async Task<bool> Exchange(TcpClient client, SslStream tls, int number)
    {
        var lines = (await Head(tls)).Split("\r\n");
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Where(l => l.Contains(':', StringComparison.Ordinal))
            .ToDictionary(l => l[..l.IndexOf(':', StringComparison.Ordinal)], l => l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : 0];
        await tls.ReadExactlyAsync(body, _end.Token);

        var request = new RawRequest(first[0], first[1], headers, Encoding.UTF8.GetString(body), number);
        Requests.Enqueue(request);
        if (request.Method == "POST")
        {
            FirstPost.TrySetResult();
        }

        var answer = Answer(request);
        if (answer.Bytes.Length > 0)
        {
            await tls.WriteAsync(Encoding.UTF8.GetBytes(answer.Bytes), _end.Token);
            await tls.FlushAsync(_end.Token);
        }

        switch (answer.Then)
        {
            case Then.KeepAlive:
                return true;
            case Then.Hang:
                await Task.Delay(Timeout.Infinite, _end.Token);
                return false;
            case Then.Reset:
                client.Client.LingerState = new LingerOption(true, 0);
                client.Client.Close();
                return false;
            default:
                return false;
        }
    }

    private async Task<string> Head(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!(head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n'))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
            {
                throw new IOException("closed");
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private static (X509Certificate2, X509Certificate2) Issue()
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Loopback authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=Loopback Azure", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("management.azure.com");
        names.AddDnsName("login.microsoftonline.com");
        names.AddDnsName("graph.microsoft.com");
        names.AddDnsName("api.loganalytics.io");
        leaf.CertificateExtensions.Add(names.Build());
        using var signed = leaf.Create(authority, now.AddHours(-1), now.AddDays(1), [1, 2, 3, 4]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return (X509CertificateLoader.LoadCertificate(authority.RawData), X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null));
    }
}
