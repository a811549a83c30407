using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Support;

/// <summary>
/// A process that dies at a durable step, told in this process so that the clock can be moved: from that moment on it reads and writes nothing
/// more, and whoever waits for it waits in vain.
/// </summary>
internal sealed class Death(CrashPoint point)
{
    private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _buried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Came => _came.Task.IsCompleted;

    public Task Wait(TimeSpan patience) => _came.Task.WaitAsync(patience, TestContext.Current.CancellationToken);

    /// <summary>What hung in it is given up, so that the shell of the process can be cleared away.</summary>
    public void Bury() => _buried.TrySetException(new StoreUnavailableException("This process is dead."));

    public void Strikes(IServiceCollection services)
    {
        var inner = services.Last(s => s.ServiceType == typeof(ILedger));
        services.AddSingleton<ILedger>(p => new Mortal((ILedger)inner.ImplementationFactory!(p), this));
    }

    private bool IsAt(DurableStep step, CrashWhen when) => step.ToString() == point.Step && when == point.When;

    private async Task Strike()
    {
        _came.TrySetResult();
        await _buried.Task;
    }

    private sealed class Mortal(ILedger inner, Death death) : ILedger
    {
        public bool IsExclusive => inner.IsExclusive;

        public async Task<T> Write<T>(DurableStep step, Func<ITransaction, Task<T>> work, CancellationToken cancellation)
        {
            if (death.Came || death.IsAt(step, CrashWhen.Before))
            {
                await death.Strike();
            }

            var result = await inner.Write(step, work, cancellation);
            if (death.Came || death.IsAt(step, CrashWhen.After))
            {
                await death.Strike();
            }

            return result;
        }

        public async Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation)
        {
            if (death.Came)
            {
                await death.Strike();
            }

            return await inner.Read(work, cancellation);
        }
    }
}
