using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>A database that was opened, with its schema up to date.</summary>
internal interface IStore : IDisposable
{
    /// <summary>Null where the store is a server.</summary>
    string? Path { get; }

    ILedger Ledger(IServiceProvider services);

    /// <summary>Beside running bots, for whoever never writes.</summary>
    ILedger Reader();
}

/// <summary>For a command: whoever would write through it fails.</summary>
internal sealed class OnlyRead(IStore store) : IStore
{
    public string? Path => store.Path;

    public ILedger Ledger(IServiceProvider services) => store.Reader();

    public ILedger Reader() => store.Reader();

    public void Dispose() => store.Dispose();
}
