using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>Several processes of the bot on one store, behind a balancer: each request goes to the next that answers.</summary>
internal sealed class Replicas : BotClient
{
    private Replicas(FakeCloud cloud, List<BotProcess> all) : base(cloud, all[0].Address, new Balancer(all)) => All = all;

    public List<BotProcess> All { get; }

    public static async Task<Replicas> Start(int count, FakeCloud cloud, IReadOnlyDictionary<string, string?> settings)
    {
        // All at once, as a deployment starts them.
        var all = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => BotProcess.Start(cloud, settings)));
        return new Replicas(cloud, [.. all]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var replica in All)
        {
            await replica.DisposeAsync();
        }
    }

    private sealed class Balancer(List<BotProcess> all) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _next;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var replica = all[(int)((uint)Interlocked.Increment(ref _next) % all.Count)];
            request.RequestUri = new Uri(replica.Address, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
