namespace RunModes.Bot.Investigation;

/// <summary>One question put to Azure: what it said, or why nobody knows. Unread is never "nothing there".</summary>
internal abstract record Reading<T>
{
    private Reading() { }

    public sealed record Told(T Value) : Reading<T>;

    public sealed record NotRead(string Why) : Reading<T>;
}
