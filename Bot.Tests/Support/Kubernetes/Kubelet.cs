using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RunModes.Bot.Tests.Support.Kubernetes;

/// <summary>
/// The only node of a cluster of the tests, without a container: what is scheduled on it becomes Running, what is deleted goes, and it has logs to show. An image
/// says how its container fares: with "crash" in its name it falls over again and again, with "stuck" it never starts.
/// </summary>
internal sealed class Kubelet : IAsyncDisposable
{
    private const string Name = "n1";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private readonly ClusterApi _api;
    private readonly WebApplication _logs;
    private readonly CancellationTokenSource _over = new();
    private Task _work = Task.CompletedTask;

    private Kubelet(ClusterApi api, WebApplication logs) => (_api, _logs) = (api, logs);

    public static async Task<Kubelet> Start(ClusterApi api, ClusterKeys keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.UseHttps(keys.Server)));
        var logs = builder.Build();
        logs.MapGet("/containerLogs/{space}/{pod}/{container}", (string pod, string container, HttpRequest request) =>
        {
            var lines = Enumerable.Range(1, 500).Select(n => string.Create(CultureInfo.InvariantCulture, $"line {n} of {container} in {pod}"));
            return int.TryParse(request.Query["tailLines"], out var tail) ? string.Join('\n', lines.TakeLast(tail)) + "\n" : string.Join('\n', lines) + "\n";
        });
        await logs.StartAsync(CancellationToken.None);
        var kubelet = new Kubelet(api, logs);
        await kubelet.Join(new Uri(logs.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port);
        kubelet._work = kubelet.Work();
        return kubelet;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _logs.DisposeAsync();
        _over.Dispose();
    }

    private async Task Join(int port)
    {
        await _api.Create("/api/v1/nodes", new JsonObject { ["metadata"] = new JsonObject { ["name"] = Name, ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = Name } } });
        await _api.Patch($"/api/v1/nodes/{Name}", new JsonObject { ["spec"] = new JsonObject { ["taints"] = null } });
        JsonObject Room() => new() { ["cpu"] = "64", ["memory"] = "256Gi", ["pods"] = "1000" };
        await _api.Patch($"/api/v1/nodes/{Name}/status", new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["capacity"] = Room(), ["allocatable"] = Room(), ["conditions"] = new JsonArray(Condition("Ready")),
                ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = "127.0.0.1" }),
                ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = port } },
            },
        });
    }

    private async Task Work()
    {
        for (; !_over.IsCancellationRequested; await Task.Delay(Pause, TimeProvider.System, _over.Token))
        {
            try
            {
                foreach (var pod in (await _api.Get("/api/v1/pods"))["items"]!.AsArray().Where(p => p!["spec"]!["nodeName"] is not null))
                {
                    await Tend(pod!);
                }
            }
            catch (HttpRequestException)
            {
                // Somebody else changed the pod, or the server is busy: the next round sees what is.
            }
        }
    }

    private async Task Tend(JsonNode pod)
    {
        var path = $"/api/v1/namespaces/{pod["metadata"]!["namespace"]}/pods/{pod["metadata"]!["name"]}";
        if (pod["metadata"]!["deletionTimestamp"] is not null)
        {
            await _api.Delete(path);
        }
        else if (pod["status"]!["phase"]!.GetValue<string>() == "Pending" && pod["spec"]!["containers"]!.AsArray().All(c => !Image(c!).Contains("stuck", StringComparison.Ordinal)))
        {
            List<JsonObject> containers = [.. pod["spec"]!["containers"]!.AsArray().Select(c => Container(c!))];
            var conditions = containers.TrueForAll(c => c["ready"]!.GetValue<bool>()) ? new JsonArray(Condition("Ready"), Condition("ContainersReady")) : new JsonArray(Condition("Ready", "False"), Condition("ContainersReady", "False"));
            await _api.Patch($"{path}/status", new JsonObject
            {
                ["status"] = new JsonObject { ["phase"] = "Running", ["startTime"] = Now(), ["podIP"] = "10.1.0.9", ["conditions"] = conditions, ["containerStatuses"] = new JsonArray([.. containers]) },
            });
        }
    }

    private static JsonObject Container(JsonNode container)
    {
        var crashes = Image(container).Contains("crash", StringComparison.Ordinal);
        return new JsonObject
        {
            ["name"] = container["name"]!.DeepClone(), ["image"] = Image(container), ["imageID"] = Image(container), ["ready"] = !crashes, ["started"] = !crashes, ["restartCount"] = crashes ? 5 : 0,
            ["state"] = crashes
                ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "CrashLoopBackOff", ["message"] = "back-off 2m40s restarting failed container" } }
                : new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Now() } },
        };
    }

    private static string Image(JsonNode container) => container["image"]!.GetValue<string>();

    private static JsonObject Condition(string type, string status = "True") => new() { ["type"] = type, ["status"] = status, ["lastTransitionTime"] = Now(), ["lastHeartbeatTime"] = Now() };

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
