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

        if (StoreSettings.Problems(settings).Concat(AuditSettings.Problems(settings, StoreSettings.Provider(settings) != StoreProvider.PostgreSql)).ToList() is { Count: > 0 } problems)
        {
            await errors.WriteLineAsync(string.Join(Environment.NewLine, problems));
            return ExitCode.WrongUse;
        }

        using var store = StoreSettings.OpenReadOnly(settings);
        if (store.Path is { } path && !File.Exists(path))
        {
            await errors.WriteLineAsync($"Store: there is no file {path}. Set Store:ConnectionString, or name the settings with --settings FILE.");
            return ExitCode.WrongUse;
        }

        try
        {
            return await Read(words, new AuditLog(store.Reader()), settings, AuditFiles.From(settings, store.Path)!, (output, errors), cancellation);
        }
        catch (StoreUnavailableException e)
        {
            await errors.WriteLineAsync($"Store:ConnectionString: {e.Message} {e.InnerException?.Message.ReplaceLineEndings(" ")}");
            return ExitCode.WrongUse;
        }
    }

    private static async Task<int> Read(string[] words, AuditLog log, IConfiguration settings, AuditFiles files, (TextWriter Output, TextWriter Errors) to, CancellationToken cancellation)
    {
        if (words is not ["verify"])
        {
            await AuditPrinter.Print(log, to.Output, words is ["--json"], cancellation);
            return ExitCode.Good;
        }

        if (!AuditSettings.TryLoad(settings, files, out var key, out var problem))
        {
            await to.Errors.WriteLineAsync(problem);
            return ExitCode.WrongUse;
        }

        var report = await new AuditVerifier(log, key, new AnchorFile(files.AnchorFile)).Verify(cancellation);
        await to.Output.WriteLineAsync(AuditPrinter.Report(report));
        return report.Intact ? ExitCode.Good : ExitCode.FoundTrouble;
    }
}

internal static class ExitCode
{
    public const int Good = 0;
    public const int FoundTrouble = 1;
    public const int WrongUse = 2;
}
