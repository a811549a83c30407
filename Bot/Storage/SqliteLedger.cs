using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>
/// SQLite for one process: every write goes through one connection behind a queue and commits in groups (one fsync serves many callers),
/// each in its own savepoint so that one failure is its own. Reads see the last commit on connections of their own.
/// </summary>
internal sealed partial class SqliteLedger : ILedger, IAsyncDisposable
{
    private const int LargestGroup = 64;

    private readonly SqliteStore _store;
    private readonly SqliteReader _reader;
    private readonly AuditTable _audit;
    private readonly Pulse _pulse;
    private readonly ILogger<SqliteLedger> _log;
    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly Task _writer;

    public SqliteLedger(SqliteStore store, AuditTable audit, Pulse pulse, ILogger<SqliteLedger> log)
    {
        _store = store;
        _reader = new SqliteReader(store);
        _audit = audit;
        _pulse = pulse;
        _log = log;
        _writer = Task.Run(WriteGroups);
    }

    /// <summary>The lock file: held by the operating system for the life of a process.</summary>
    public bool IsExclusive => true;

    public async Task<T> Write<T>(DurableStep step, Func<ITransaction, Task<T>> work, CancellationToken cancellation)
    {
        using var span = StoreSpans.Start(step);
        var item = new Work<T>(work);
        await _queue.Writer.WriteAsync(item, cancellation);
        // Not cancellable from here on: whether it was committed must reach the caller.
        return await item.Result;
    }

    public Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation) => _reader.Read(work, cancellation);

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteGroups()
    {
        await using var connection = _store.Open(readOnly: false);
        List<Work> group = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var work))
            {
                group.Add(work);
            }

            await WriteGroup(connection, group);
        }
    }

    private async Task WriteGroup(SqliteConnection connection, List<Work> group)
    {
        try
        {
            await using var transaction = connection.BeginTransaction(deferred: false);
            var unit = new SqlTransaction(connection, transaction, _audit, SqlDialect.Sqlite);
            foreach (var work in group)
            {
                transaction.Save("work");
                if (!await work.Run(unit))
                {
                    transaction.Rollback("work");
                }

                transaction.Release("work");
            }

            transaction.Commit();
        }
#pragma warning disable CA1031 // A disk that is full ends SQLite's transaction under the provider, which then throws what it likes. Whatever it was, nothing was committed, and a writer that ended here would leave every caller waiting for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            CouldNotCommit(e);
            var unavailable = new StoreUnavailableException("The store could not commit.", e);
            group.ForEach(w => w.Fail(unavailable));
            return;
        }

        // What this thread queues last it takes up first: callers, who wait for an answer, before workers, who only look for work.
        _pulse.Beat();
        group.ForEach(w => w.Complete());
    }

    [LoggerMessage(LogLevel.Error, "The store could not commit; nothing of it was acknowledged")]
    private partial void CouldNotCommit(Exception e);

    private abstract class Work
    {
        public abstract Task<bool> Run(SqlTransaction unit);

        public abstract void Complete();

        public abstract void Fail(Exception e);
    }

    private sealed class Work<T>(Func<ITransaction, Task<T>> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Activity? _span = Activity.Current;
        private T? _value;
        private Exception? _problem;

        public Task<T> Result => _done.Task;

        public override async Task<bool> Run(SqlTransaction unit)
        {
            // The writer's thread belongs to nobody's trace; the work does.
            Activity.Current = _span;
            try
            {
                _value = await work(unit);
                return true;
            }
#pragma warning disable CA1031 // The caller gets whatever its work threw; the group goes on without it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _problem = e is SqliteException { SqliteErrorCode: not 19 } ? new StoreUnavailableException("The store could not write.", e) : e;
                return false;
            }
        }

        public override void Complete()
        {
            if (_problem is not null)
            {
                _done.TrySetException(_problem);
            }
            else
            {
                _done.TrySetResult(_value!);
            }
        }

        public override void Fail(Exception e) => _done.TrySetException(_problem ?? e);
    }
}
