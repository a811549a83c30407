using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Chat;

internal enum ConfirmedChange { Nothing = 0, PlanMode, DefaultMode, Start }

/// <summary>A change that waits for the person who asked for it: single use, bound to them, the conversation, and the version of what it changes.</summary>
/// <param name="ChangesVersion">Of the plan or the control row, as it was when the card was made.</param>
internal sealed record Confirmation(
    string Id,
    ConfirmedChange Change,
    string? Plan,
    long ChangesVersion,
    Who By,
    string ConversationId,
    string? RootId,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    ConfirmationState State,
    ConfirmationText Text)
{
    public static readonly TimeSpan Lives = TimeSpan.FromMinutes(10);

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Counts guarded writes.</summary>
    public long Version { get; init; } = 1;

    public string Subject => $"confirmation/{Id}";

    public ConfirmationModel Model(bool sandbox)
    {
        var model = new ConfirmationModel(Id, State, By, Text.Change, Text.Before, Text.After, Text.NoLongerAsked, Text.StaysAsked, ExpiresAt) { Sandbox = sandbox, EndedAt = EndedAt };
        return Change == ConfirmedChange.Start ? model with { InForce = "Everything the stop had blocked is looked at again and asks." } : model;
    }
}

/// <summary>What the card says, fixed when it was asked.</summary>
internal sealed record ConfirmationText(string Change, string Before, string After, IReadOnlyList<string> NoLongerAsked, IReadOnlyList<string> StaysAsked);

/// <summary>Confirmations as stored. Port to the store.</summary>
internal interface IConfirmations
{
    Task Insert(ITransaction transaction, Confirmation confirmation);

    /// <summary>In a write, it stays as it was found until the transaction ends.</summary>
    Task<Confirmation?> Find(ITransaction transaction, string id);

    /// <summary>Ends a pending one; guarded by the version that was read.</summary>
    /// <returns>False when it had ended already.</returns>
    Task<bool> End(ITransaction transaction, Confirmation before, ConfirmationState state, DateTimeOffset at);

    Task<IReadOnlyList<Confirmation>> Overdue(ITransaction transaction, DateTimeOffset now, int most);
}
