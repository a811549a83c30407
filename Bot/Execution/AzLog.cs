using System.Text.RegularExpressions;

namespace RunModes.Bot.Execution;

/// <summary>
/// What az writes down of one run, in the run's own folder: how often it sent something that changes. After 429, 500 or a lost connection it sends again by itself, and nothing else tells.
/// A count to be shown, never a reason to call anything done or not done: another version may write otherwise.
/// </summary>
internal static partial class AzLog
{
    public static Dictionary<string, string> Kept(ToolFolder folder) => new() { ["AZURE_LOGGING_ENABLE_LOG_FILE"] = "yes", ["AZURE_LOGGING_LOG_DIR"] = Path.Combine(folder.Home, "log") };

    /// <returns>Null: it kept no log that can be read.</returns>
    public static int? Changes(ToolFolder folder)
    {
        try
        {
            var logs = Directory.GetFiles(Path.Combine(folder.Home, "log"), "az.log*");
            return logs.Length == 0 ? null : logs.Sum(log => File.ReadLines(log).Count(line => Change().IsMatch(line)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^\d+ : [0-9 :,-]+ : DEBUG : cli\.azure\.cli\.core\.sdk\.policies : Request method: '(POST|PUT|PATCH|DELETE)'", RegexOptions.NonBacktracking)]
    private static partial Regex Change();
}
