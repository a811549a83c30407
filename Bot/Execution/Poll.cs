using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>How an operation that Azure still works on is asked after, in the order of preference that Azure documents.</summary>
internal enum PollKind { Unknown = 0, AsyncOperation, Location, Resource }

/// <summary>What to ask, and what the answer means.</summary>
/// <param name="Url">Null for <see cref="PollKind.Resource"/> alone, whose URL is built from the operation.</param>
internal sealed record Poll(PollKind Kind, PollingUrl? Url)
{
    /// <summary>For the store, which seals it: a kind, a space, and the URL as it came.</summary>
    public string Reveal() => $"{Kind} {Url?.Reveal()}";

    /// <returns>Null: what was stored is not what this build wrote, or leads elsewhere.</returns>
    public static Poll? Of(string? revealed, ArmEndpoint endpoint)
    {
        var space = revealed?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        if (space < 0 || !Enum.TryParse<PollKind>(revealed![..space], out var kind))
        {
            return null;
        }

        var url = PollingUrl.Of(revealed[(space + 1)..], endpoint);
        return kind switch
        {
            PollKind.Resource => new(kind, null),
            PollKind.AsyncOperation or PollKind.Location when url is not null => new(kind, url),
            _ => null,
        };
    }
}

/// <summary>Azure has accepted an operation and works on it: where to ask, and when for the first time.</summary>
internal sealed record LongRunning(Poll Poll, TimeSpan After);

/// <summary>What asking after an operation came to.</summary>
internal abstract record PollAnswer
{
    private PollAnswer() { }

    /// <param name="Progress">Azure's own word for it, safe to show.</param>
    internal sealed record Running(TimeSpan After, string Progress) : PollAnswer;

    /// <summary>It could not be asked just now, which says nothing about the operation.</summary>
    internal sealed record Unread(TimeSpan After, string Why) : PollAnswer;

    /// <param name="AskLater">The result is unknown, but the same URL may still tell some day.</param>
    internal sealed record Ended(ExecutionResult Result, bool AskLater = false) : PollAnswer;
}
