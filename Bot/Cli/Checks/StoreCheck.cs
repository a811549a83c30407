using RunModes.Bot.Audit;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Cli.Checks;

/// <param name="IsNew">There is none yet: what is read is what the settings would make of it.</param>
/// <param name="Path">Null where it is a server.</param>
/// <param name="Key">Why the audit key cannot be used; null: it can.</param>
internal sealed record StoreSeen(bool IsNew, string? Path, string? Key);

/// <summary>Whether the store, the key outside it and the clocks that share it are what the bot needs.</summary>
internal sealed class StoreCheck(StoreSeen seen, ILedger ledger, IPlans plans, ClockSkew skew) : ICheck
{
    private static readonly HashSet<string> OverTheNetwork = new(["nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "fuse.sshfs", "9p"], StringComparer.OrdinalIgnoreCase);

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (seen.Path is { } path && FileSystem(path) is { } kind && OverTheNetwork.Contains(kind))
        {
            yield return CheckLine.Trouble("store", $"{path} is on a network filesystem ({kind}), where its locks do not hold", "put the file on a local or block disk, or use PostgreSql.");
        }

        if (seen.IsNew)
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(seen.Path!))!;
            yield return Directory.Exists(folder)
                ? CheckLine.Note("store", $"{seen.Path} is not there yet; the first start makes it")
                : CheckLine.Trouble("store", $"the folder of {seen.Path} is not there", "create it, and let the bot's user write in it.");
            yield break;
        }

        string? unread = null;
        try
        {
            var control = await ledger.Read(plans.ReadControl, cancellation);
            await ledger.Read(skew.Agrees, cancellation);
            unread = control.Stopped ? "" : null;
        }
        catch (StoreUnavailableException e)
        {
            unread = (e.InnerException ?? e).Message.ReplaceLineEndings(" ");
        }

        if (unread is { Length: > 0 })
        {
            yield return CheckLine.Trouble("store", $"it cannot be read: {unread}", "check that the server runs and Store:ConnectionString names it; a store of an older version is brought up to date by the next start of the bot.");
            yield break;
        }

        yield return CheckLine.Good("store", $"{seen.Path ?? "PostgreSQL"} can be read");
        if (unread is not null)
        {
            yield return CheckLine.Note("emergency stop", "it is on: nothing is executed", "an Administrator writes 'start' in Teams when it is over.");
        }

        yield return seen.Key is null
            ? CheckLine.Good("audit key", "it can be read, by its owner only")
            : CheckLine.Trouble("audit key", seen.Key, "without it nothing that was approved can be executed and the audit cannot be verified.");
        if (seen.Path is null)
        {
            yield return skew.IsTooGreat
                ? CheckLine.Trouble("store's clock", $"this machine is {skew.Measured.TotalSeconds:0.0} s from the database server, and takes no work", "mend the time synchronisation of both.")
                : CheckLine.Good("store's clock", "it agrees with this machine's");
        }
    }

    private static string? FileSystem(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            return DriveInfo.GetDrives().Where(d => full.StartsWith(d.RootDirectory.FullName, StringComparison.Ordinal)).MaxBy(d => d.RootDirectory.FullName.Length)?.DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
