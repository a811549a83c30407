namespace RunModes.Bot.Cli.Checks;

/// <summary>Trouble stops the bot from doing its work, or makes it unsafe; a note is worth knowing.</summary>
internal enum Sign { Trouble = 0, Note, Good }

/// <param name="Says">What was seen: one sentence.</param>
/// <param name="Fix">What to do about it; null where there is nothing to do.</param>
internal sealed record CheckLine(Sign Sign, string About, string Says, string? Fix = null)
{
    private const int Longest = 2000;

    public static CheckLine Good(string about, string says) => new(Sign.Good, about, says);

    public static CheckLine Note(string about, string says, string? fix = null) => new(Sign.Note, about, says, fix);

    public static CheckLine Trouble(string about, string says, string fix) => new(Sign.Trouble, about, says, fix);

    /// <summary>One line whatever it quotes, with nothing that colours a terminal.</summary>
    public override string ToString()
    {
        var text = $"{(Sign switch { Sign.Good => "ok   ", Sign.Note => "note ", _ => "FIX  " })} {About}: {Says}{(Fix is null ? "" : $". Fix: {Fix}")}";
        return string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c).Take(Longest));
    }
}

/// <summary>Looks at one thing that the bot needs, and changes nothing.</summary>
internal interface ICheck
{
    IAsyncEnumerable<CheckLine> Look(CancellationToken cancellation);
}
