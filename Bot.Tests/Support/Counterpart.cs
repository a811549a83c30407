namespace RunModes.Bot.Tests.Support;

/// <summary>The real thing a test needs beside it: a package, a program, reference data. Its absence skips the test on somebody's laptop and fails it in CI, where it should have been installed.</summary>
internal static class Counterpart
{
    public static bool InCi { get; } = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    public static void Require(bool present, string reason)
    {
        if (present)
        {
            return;
        }

        Assert.SkipUnless(InCi, reason);
        Assert.Fail($"In CI nothing may be missing: {reason}");
    }

    public static string RequireFile(string path, string reason)
    {
        Require(File.Exists(path), reason);
        return path;
    }
}
