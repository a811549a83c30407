namespace RunModes.Bot.Tests.Support;

internal static class Scratch
{
    private const int Tries = 50;

    /// <summary>A program of a few lines that can be started.</summary>
    public static string Program(string folder, string lines)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():n}.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{lines}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

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
