using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Cli;

/// <summary><c>store move --to "…"</c>: everything of the SQLite file that the settings name into an empty PostgreSQL, while no bot works on either.</summary>
internal static class StoreCommand
{
    private const string Usage = "Usage: store move --to \"Host=…;Database=…;Username=…;Password=…\" (or --to - to read it from standard input)";

    public static async Task<int> Run(string[] words, IConfiguration settings, TextReader input, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (words is not ["move", "--to", { Length: > 0 } given])
        {
            await errors.WriteLineAsync(Usage);
            return ExitCode.WrongUse;
        }

        // On the command line everybody on the machine can read the password.
        var target = given == "-" ? await input.ReadLineAsync(cancellation) ?? "" : given;
        return await Move(settings, target, output, cancellation) is { } problem ? await Refuse(errors, problem) : ExitCode.Good;
    }

    /// <returns>Null when it was moved; else one line.</returns>
    private static async Task<string?> Move(IConfiguration settings, string target, TextWriter output, CancellationToken cancellation)
    {
        if (StoreSettings.Provider(settings) != StoreProvider.Sqlite)
        {
            return "Store:Provider: only a Sqlite store is moved; run this with the settings of the bot as it was.";
        }

        if (StoreSettings.Malformed(target) is { } malformed)
        {
            return $"--to: it does not read as a connection string of PostgreSQL: {malformed}";
        }

        using (var named = StoreSettings.OpenReadOnly(settings))
        {
            if (!File.Exists(named.Path))
            {
                return $"Store: there is no file {named.Path}. Set Store:ConnectionString, or name the settings with --settings FILE.";
            }
        }

        try
        {
            using var from = SqliteStore.OpenToMove(StoreSettings.ConnectionString(settings));
            var files = AuditFiles.From(settings, from.Path)!;
            if (!AuditSettings.TryLoad(settings, files, out var key, out var problem))
            {
                return problem;
            }

            await using var provider = Services(PostgresStore.Open(target), key);
            var where = StoreSettings.Place(target);
            var move = ActivatorUtilities.CreateInstance<StoreMove>(provider, from, where);
            var moved = await move.Run(cancellation);
            if (moved is Moved.Refused refused)
            {
                return $"Store: {refused.Why}";
            }

            // Without a key file the settings go on naming the anchors; with one they are looked for beside it.
            var given = !string.IsNullOrWhiteSpace(settings["Audit:Key"]) || !string.IsNullOrWhiteSpace(settings["Audit:AnchorFile"]);
            var anchors = given ? files.AnchorFile : $"{files.KeyFile}.anchors";
            if (File.Exists(files.AnchorFile) && anchors != files.AnchorFile)
            {
                File.Copy(files.AnchorFile, anchors, overwrite: true);
            }

            var audit = string.IsNullOrWhiteSpace(settings["Audit:Key"]) ? $"Audit:KeyFile to {Path.GetFullPath(files.KeyFile)}" : $"Audit:AnchorFile to {Path.GetFullPath(anchors)} (Audit:Key stays)";

            await output.WriteLineAsync(moved is Moved.Done done
                ? $"Moved {done.Rows} rows from {from.Path} to {where}. {done.Asking} proposals ask again, {done.Unknown} executions are Indeterminate."
                : $"Everything of {from.Path} had arrived at {where} already; it is marked now.");
            await output.WriteLineAsync($"Next: set Store:Provider to PostgreSql, Store:ConnectionString to the target and {audit}, and start the bot. It no longer starts on the old file.");
            return null;
        }
        catch (StoreInUseException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is StoreUnavailableException or System.Data.Common.DbException)
        {
            return $"Store: nothing is known to have been moved: {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")} Run the same command again when it is mended.";
        }
    }

    private static ServiceProvider Services(IStore to, AuditKey key) => new ServiceCollection()
        .AddLogging().AddSingleton(TimeProvider.System).AddSingleton(key).AddSingleton(AutonomyBudget.Default)
        .AddStorage(to).AddSingleton<RunTables>().AddSingleton<ProposalSteps>().AddSingleton<Restoration>()
        .BuildServiceProvider();

    private static async Task<int> Refuse(TextWriter errors, string problem)
    {
        await errors.WriteLineAsync(problem);
        return ExitCode.WrongUse;
    }
}
