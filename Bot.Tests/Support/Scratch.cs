namespace RunModes.Bot.Tests.Support;

internal static class Scratch
{
    private const int Tries = 50;

    /// <summary>SQLite removes its side files a moment after the last connection was closed; a folder that is being emptied is tried again.</summary>
    public static async Task Delete(string folder)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < Tries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }
}
