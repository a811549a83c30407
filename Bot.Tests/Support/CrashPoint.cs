using System.Globalization;

namespace RunModes.Bot.Tests.Support;

internal enum CrashWhen { Before, After }

/// <param name="Step">A name of the bot's durable steps.</param>
/// <param name="Pass">Which time it comes by, from 1.</param>
internal sealed record CrashPoint(string Step, CrashWhen When, int Pass = 1)
{
    public const string Variable = "RUNMODES_TEST_CRASH";

    public static CrashPoint? Parse(string? text) => text?.Split(':') is [var step, var when, var pass]
        ? new(step, Enum.Parse<CrashWhen>(when), int.Parse(pass, CultureInfo.InvariantCulture))
        : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step}:{When}:{Pass}");
}
