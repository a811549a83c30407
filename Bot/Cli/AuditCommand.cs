using RunModes.Bot.Audit;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Cli;

/// <summary><c>audit [--json]</c> and <c>audit verify</c>: read the store beside a running bot, write nothing.</summary>
internal static class AuditCommand
{
    public static async Task<int> Run(string[] words, IConfiguration settings, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (words is not ([] or ["--json"] or ["verify"]))
        {
            await errors.WriteLineAsync("Usage: audit [--json] | audit verify");
            return ExitCode.WrongUse;
        }

        var connection = StoreSettings.ConnectionString(settings);
        var store = SqliteStore.OpenReadOnly(connection);
        if (!File.Exists(store.Path))
        {
            await errors.WriteLineAsync($"Store: there is no file {store.Path}. Set Store:ConnectionString, or name the settings with --settings FILE.");
            return ExitCode.WrongUse;
        }

        var files = AuditFiles.Of(settings["Audit:KeyFile"], store.Path)!;
        var log = new AuditLog(new SqliteReader(store));
        if (words is not ["verify"])
        {
            await AuditPrinter.Print(log, output, words is ["--json"], cancellation);
            return ExitCode.Good;
        }

        if (!AuditKey.TryLoad(files.KeyFile, out var key, out var problem))
        {
            await errors.WriteLineAsync(problem);
            return ExitCode.WrongUse;
        }

        var report = await new AuditVerifier(log, key, new AnchorFile(files.AnchorFile)).Verify(cancellation);
        await output.WriteLineAsync(AuditPrinter.Report(report));
        return report.Intact ? ExitCode.Good : ExitCode.FoundTrouble;
    }
}

internal static class ExitCode
{
    public const int Good = 0;
    public const int FoundTrouble = 1;
    public const int WrongUse = 2;
}
