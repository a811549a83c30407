using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Runs;

/// <summary>Azure and Microsoft Graph as far as a decision and an execution ask them, in memory, and a place where a step can be held, joined by somebody else, or left for dead.</summary>
internal sealed class TargetWire(TimeProvider clock) : HttpMessageHandler
{
    private static readonly byte[] Granted = """{"value":[{"actions":["*"],"notActions":[]}]}"""u8.ToArray();
    private static readonly byte[] Nothing = """{"value":[]}"""u8.ToArray();
    public const int Claiming = -1;
    private int _looks;
    private bool _claiming;
    private TaskCompletionSource[] _looked = [];

    public ConcurrentDictionary<string, bool> Sick { get; } = new();

    public ConcurrentDictionary<string, int> Sizes { get; } = new();

    public ConcurrentDictionary<string, byte> Administrators { get; } = new();

    /// <summary>Claim ids in the order their requests arrived.</summary>
    public ConcurrentQueue<(string Path, string Claim)> Posts { get; } = new();

    public TargetModel.Answer Answer { get; set; }

    /// <summary>Called where a step stands: the n-th look at the permissions, <see cref="Claiming"/>, or zero when the change itself has arrived.</summary>
    public Func<int, Task>? At { get; set; }

    public Task Reach(int n)
    {
        _claiming |= n == Claiming;
        return At?.Invoke(n) ?? Task.CompletedTask;
    }

    /// <summary>Rights that were read a moment ago would not be looked at, and no step would stand there.</summary>
    public Action Forget { get; set; } = () => { };

    /// <param name="inOrder">For one step alone: its target is read only after what somebody does while it is looked at.</param>
    public void NextStep(Func<int, Task>? at, bool inOrder = false)
    {
        Forget();
        (At, _looks, _claiming, _looked) = (at, 0, false, inOrder ? [Looked(), Looked()] : []);
    }

    public static string SizeOf(int size) => $"P{size + 1}v3";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (request.RequestUri.Host == "graph.microsoft.com")
        {
            return Graph(request.Method, path);
        }

        if (request.Method != HttpMethod.Get)
        {
            return await Change(request, path);
        }

        if (path.EndsWith("/permissions", StringComparison.Ordinal))
        {
            var n = Interlocked.Increment(ref _looks);
            await Reach(n);
            if (n <= _looked.Length) _looked[n - 1].TrySetResult();
            return Json(Granted);
        }

        if (!path.EndsWith("/metrics", StringComparison.Ordinal) && !Sizes.ContainsKey(path)) return Json(Nothing);
        // Whatever somebody does while it is looked at is done before the target is read, so that there is one answer.
        if (_looked is [var before, var after]) await (_claiming ? after : before).Task;
        return Json(Sizes.TryGetValue(path, out var size) ? Bytes(new JsonObject { ["sku"] = new JsonObject { ["name"] = SizeOf(size) } }) : Metric(Target(path)));
    }

    private async Task<HttpResponseMessage> Change(HttpRequestMessage request, string path)
    {
        var target = path[..path.LastIndexOf('/')];
        Posts.Enqueue((target, request.Headers.GetValues("x-ms-client-request-id").Single()));
        await Reach(0);
        switch (Answer)
        {
            case TargetModel.Answer.Accepted:
                Sick[target] = false;
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
            case TargetModel.Answer.Conflict:
                return Json("""{"error":{"code":"Conflict","message":"Another operation is in progress."}}"""u8.ToArray(), HttpStatusCode.Conflict);
            default:
                throw new HttpRequestException("reset", new IOException("Connection reset by peer"));
        }
    }

    private HttpResponseMessage Graph(HttpMethod method, string path)
    {
        var person = path.Split('/')[3];
        return method == HttpMethod.Get
            ? Json(Bytes(new JsonObject { ["id"] = person, ["accountEnabled"] = true, ["userType"] = "Member" }))
            : Json(Bytes(new JsonObject { ["value"] = Administrators.ContainsKey(person) ? new JsonArray(Known.Administrators) : [] }));
    }

    private byte[] Metric(string target)
    {
        var now = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var sample = new JsonObject { ["timeStamp"] = now, ["average"] = Sick[target] ? 94 : 42 };
        return Bytes(new JsonObject
        {
            ["value"] = new JsonArray(new JsonObject
            {
                ["name"] = new JsonObject { ["value"] = "Memory" }, ["timeseries"] = new JsonArray(new JsonObject { ["data"] = new JsonArray(sample) }),
            }),
        });
    }

    private static TaskCompletionSource Looked() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Target(string path) => path[..path.IndexOf("/providers/Microsoft.Insights", StringComparison.Ordinal)];

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static HttpResponseMessage Json(byte[] body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
}

/// <summary>A token without Entra.</summary>
internal sealed class AnyToken : TokenCredential
{
    private static readonly AccessToken Token = new("token", DateTimeOffset.MaxValue);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => Token;

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(Token);
}
