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
