using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Kubernetes;

/// <summary>
/// A real Kubernetes on loopback: etcd, API server, controllers and scheduler as processes of their own, with ports, keys and a folder of their own, all of which end
/// with the tests. Only the node is played, by <see cref="Kubelet"/>. Built once by Bot.Tests/Judges/kubernetes/build.sh.
/// </summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    private const string Release = "1.20.2";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly Lazy<Task<ControlPlane>> Once = new(async () =>
    {
        var cluster = await Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster._leashes.ForEach(l => l.LetGo());
        return cluster;
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("k8s-").FullName;
    private readonly List<Leash> _leashes = [];
    private Kubelet? _kubelet;
    private int _spaces;

    private ControlPlane(int port)
    {
        Address = new Uri($"https://127.0.0.1:{port}");
        Keys = new ClusterKeys(_folder);
        Api = new ClusterApi(Address, Keys);
    }

    public Uri Address { get; }

    public ClusterKeys Keys { get; }

    /// <summary>A kubeconfig of somebody who may do everything.</summary>
    public string AdminConfig { get; private set; } = "";

    public ClusterApi Api { get; }

    /// <summary>One for the whole test run. Without the programs the test is skipped, in CI too: they take a quarter of an hour to build.</summary>
    public static async Task<ControlPlane> Shared()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Programs, "etcd")),
            $"KUBERNETES IS NOT JUDGED: there is no control plane in {Programs}. Build it once, in a quarter of an hour, by Bot.Tests/Judges/kubernetes/build.sh, or run .ci/run with CI_FULL=1.");
        Counterpart.RequireFile(Kubectl, "kubectl is not installed.");
        return await Once.Value;
    }

    public const string Kubectl = "/usr/bin/kubectl";

    /// <summary>A namespace and a user of one test's own.</summary>
    public Task<ClusterSpace> NewSpace() => ClusterSpace.Make(this, $"space-{Interlocked.Increment(ref _spaces)}");

    public async ValueTask DisposeAsync()
    {
        if (_kubelet is not null)
        {
            await _kubelet.DisposeAsync();
        }

        foreach (var leash in _leashes)
        {
            await leash.DisposeAsync();
        }

        Api.Dispose();
        Keys.Dispose();
    }

    private static string Programs => Path.Combine(
        Environment.GetEnvironmentVariable("KUBERNETES_CACHE") is { Length: > 0 } cache ? cache : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home ? home : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "runmodes-kubernetes"),
        Release);

    private static async Task<ControlPlane> Start()
    {
        var ports = FreePorts(3);
        var cluster = new ControlPlane(ports[0]);
        try
        {
            await cluster.Begin(ports);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task Begin(int[] ports)
    {
        var store = $"http://127.0.0.1:{ports[1]}";
        Hold("etcd", "--data-dir", Keys.At("etcd"), "--listen-client-urls", store, "--advertise-client-urls", store, "--listen-peer-urls", $"http://127.0.0.1:{ports[2]}", "--log-level", "error");
        Hold("kube-apiserver", $"--etcd-servers={store}", "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", $"--secure-port={ports[0]}", "--insecure-port=0",
            $"--tls-cert-file={Keys.At("server.crt")}", $"--tls-private-key-file={Keys.At("server.key")}", $"--client-ca-file={Keys.Authority}", $"--token-auth-file={Keys.At("tokens.csv")}",
            "--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24", "--service-account-issuer=https://kubernetes.default.svc", "--kubelet-preferred-address-types=InternalIP",
            $"--service-account-signing-key-file={Keys.At("accounts.key")}", $"--service-account-key-file={Keys.At("accounts.pub")}",
            // Nothing runs in its pods that would sign in.
            "--disable-admission-plugins=ServiceAccount");
        await Until(Api.IsReady);
        var admin = AdminConfig = Keys.KubeConfig(Address, "admin", new JsonObject { ["client-certificate"] = Keys.At("admin.crt"), ["client-key"] = Keys.At("admin.key") });
        // Nobody looks after the node's lease.
        Hold("kube-controller-manager", $"--kubeconfig={admin}", "--controllers=*,-nodelifecycle", "--port=0", "--secure-port=0", "--leader-elect=false");
        Hold("kube-scheduler", $"--kubeconfig={admin}", "--port=0", "--secure-port=0", "--leader-elect=false");
        _kubelet = await Kubelet.Start(Api, Keys);
    }

    private void Hold(string program, params string[] arguments) => _leashes.Add(new Leash(_folder, Path.Combine(Programs, program), arguments));

    private async Task Until(Func<Task<bool>> ready)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); !await ready(); await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < Patience, $"The API server did not become ready:\n{string.Join('\n', _leashes.Select(l => l.LastWords))}");
        }
    }

    private static int[] FreePorts(int count)
    {
        List<TcpListener> listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Dispose());
        return ports;
    }
}
