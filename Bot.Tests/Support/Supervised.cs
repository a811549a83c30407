using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>
/// A bot that dies at one point after another and is always followed by another process, and people and sources who try again what was not
/// acknowledged, as they do. On SQLite the next process is started when the last one is gone, as a host does; on PostgreSQL it was there all along.
/// </summary>
internal sealed class Supervised : IAsyncDisposable
{
    private readonly FakeCloud _cloud;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly CancellationTokenSource _over = new();
    private readonly List<BotProcess> _all = [];
    private readonly Task _watch;
    private TaskCompletionSource<BotProcess> _current = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Supervised(FakeCloud cloud, IReadOnlyDictionary<string, string?> settings, IReadOnlyList<CrashPoint> points, bool replicas)
    {
        (_cloud, _settings) = (cloud, settings);
        _watch = Watch([.. points, null], replicas);
    }

    /// <summary>How many died at their point.</summary>
    public int Deaths { get; private set; }

    /// <summary>Until it is acknowledged: by whichever process answers.</summary>
    public async Task<T> Do<T>(Func<BotProcess, Task<T>> act)
    {
        while (true)
        {
            var bot = await _current.Task.WaitAsync(TimeSpan.FromSeconds(120), BotClient.Cancellation);
            try
            {
                return await act(bot);
            }
            catch (HttpRequestException)
            {
                // It died under the call, or is about to.
                await Task.WhenAny(bot.Exited, Task.Delay(TimeSpan.FromSeconds(1), BotClient.Cancellation));
            }
        }
    }

    public Task Do(Func<BotProcess, Task> act) => Do(async bot =>
    {
        await act(bot);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var bot in _all)
        {
            await bot.DisposeAsync();
        }

        _over.Dispose();
    }

    private async Task Watch(CrashPoint?[] points, bool replicas)
    {
        try
        {
            var running = replicas ? await Task.WhenAll(points.Select(Start)) : [];
            // The others hold their breath until it is their turn: which replica comes by a step would be chance, and here it is the one that dies.
            await Task.WhenAll(running.Skip(1).Select(other => other?.Pause() ?? Task.CompletedTask));
            for (var i = 0; i < points.Length; i++)
            {
                if (await (replicas ? Task.FromResult(running[i]) : Start(points[i])) is { } bot)
                {
                    await (replicas && i > 0 ? bot.Wake() : Task.CompletedTask);
                    _current.TrySetResult(bot);
                    await bot.Exited.WaitAsync(_over.Token);
                    _current = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                Deaths++;
            }
        }
        catch (Exception e)
        {
            _current.TrySetException(e);
            throw;
        }
    }

    /// <returns>Null when it died before it listened.</returns>
    private async Task<BotProcess?> Start(CrashPoint? point)
    {
        try
        {
            var bot = await BotProcess.Start(_cloud, _settings, crash: point);
            lock (_all)
            {
                _all.Add(bot);
            }

            return bot;
        }
        catch (BotProcess.DiedAtStart) when (point is not null)
        {
            return null;
        }
    }
}
