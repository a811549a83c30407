using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace RunModes.Bot.Tests.Support.Wire;

/// <param name="Parent">Empty: a root.</param>
internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> LinkedTraces);

/// <summary>An OTLP collector over HTTP on loopback: keeps every byte that arrives, and reads as much of the protocol as the tests ask about.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly ConcurrentQueue<string> _headers = new();
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <param name="grpc">As OTEL_EXPORTER_OTLP_PROTOCOL is when nothing is said: HTTP/2 without TLS.</param>
    public static async Task<OtlpReceiver> Start(bool grpc = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.Receive);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>For a bot that is to send here, soon.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address.ToString().TrimEnd('/'), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500", ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
    };

    public IReadOnlyList<ReceivedSpan> Spans => [.. Of("/v1/traces").SelectMany(b => Each(b, 1)).SelectMany(r => Each(r, 2)).SelectMany(s => Each(s, 2)).Select(Span)];

    /// <summary>Names of the metrics, each with its data as bytes.</summary>
    public ILookup<string, byte[]> Metrics => Of("/v1/metrics").SelectMany(b => Each(b, 1)).SelectMany(r => Each(r, 2)).SelectMany(s => Each(s, 2)).ToLookup(m => Words(m, 1));

    /// <summary>What was logged, each with the trace it belongs to.</summary>
    public IReadOnlyList<(string Text, string Trace)> Logs =>
        [.. Of("/v1/logs").SelectMany(b => Each(b, 1)).SelectMany(r => Each(r, 2)).SelectMany(s => Each(s, 2)).Select(l => (Words(Each(l, 5).FirstOrDefault() ?? [], 1), Hex(l, 9)))];

    /// <summary>Every byte and header that came, as text.</summary>
    public string Everything => string.Join('\n', _received.Select(r => Encoding.Latin1.GetString(r.Body)).Concat(_headers));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Receive(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var grpc = http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        // A frame: one byte and a length, then the message.
        _received.Enqueue((grpc ? OfService(http.Request.Path) : http.Request.Path, body.ToArray()[(grpc ? 5 : 0)..]));
        _headers.Enqueue($"{http.Request.Path}{http.Request.QueryString} {string.Join(' ', http.Request.Headers.Select(h => $"{h.Key}={h.Value}"))}");
        http.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
        if (grpc)
        {
            await http.Response.Body.WriteAsync(new byte[5], http.RequestAborted);
            http.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private static string OfService(string path) => path.Contains(".trace.", StringComparison.Ordinal) ? "/v1/traces" : path.Contains(".metrics.", StringComparison.Ordinal) ? "/v1/metrics" : "/v1/logs";

    private IEnumerable<byte[]> Of(string path) => _received.Where(r => r.Path == path).Select(r => r.Body);

    private static ReceivedSpan Span(byte[] span) => new(
        Hex(span, 1), Hex(span, 2), Hex(span, 4), Words(span, 5),
        Each(span, 9).ToDictionary(a => Words(a, 1), a => Words(Each(a, 2).FirstOrDefault() ?? [], 1)),
        [.. Each(span, 13).Select(l => Hex(l, 1))]);

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Each(message, field).FirstOrDefault() ?? []);

    private static string Words(byte[] message, int field) => Encoding.UTF8.GetString(Each(message, field).FirstOrDefault() ?? []);

    /// <summary>Fields of a number that have a length: messages, texts, bytes.</summary>
    private static IEnumerable<byte[]> Each(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Number(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Number(message, ref at);
                    if (tag >> 3 == (ulong)field)
                    {
                        yield return message[at..(at + length)];
                    }

                    at += length;
                    break;
            }
        }
    }

    private static ulong Number(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
