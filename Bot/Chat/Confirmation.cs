using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Chat;

/// <summary>Names are stored: add members, never rename or remove one. PlanMode is what an older version asked; it is carried out still.</summary>
internal enum ConfirmedChange { Nothing = 0, PlanMode, DefaultMode, Start, PlanEdit, TaskEdit, TaskRun }

/// <summary>A change that waits for the person who asked for it: single use, bound to them, the conversation, and the version of what it changes.</summary>
/// <param name="ChangesVersion">Of what it changes, as it was when the card was made; 0 for something that did not exist.</param>
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

    /// <summary>The whole edit, before and after: what was shown is what is carried out.</summary>
    public PlanEdit? Edit { get; init; }

    /// <inheritdoc cref="Edit"/>
    public TaskEdit? TaskEdit { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Counts guarded writes.</summary>
    public long Version { get; init; } = 1;

    public string Subject => $"confirmation/{Id}";

    public ConfirmationModel Model(bool sandbox)
    {
        var model = new ConfirmationModel(Id, State, By, Text.Change, Text.Before, Text.After, Text.NoLongerAsked, Text.StaysAsked, ExpiresAt)
        {
            Sandbox = sandbox, EndedAt = EndedAt, Fields = Text.Fields, Consequences = Text.Consequences,
        };
        var inForce = Text.InForce ?? (Change == ConfirmedChange.Start ? "Everything the stop had blocked is looked at again and asks." : null);
        return inForce is null ? model : model with { InForce = inForce };
    }
}

/// <summary>What the card says, fixed when it was asked.</summary>
internal sealed record ConfirmationText(string Change, string Before, string After, IReadOnlyList<string> NoLongerAsked, IReadOnlyList<string> StaysAsked)
{
    /// <summary>What is edited, field by field.</summary>
    public IReadOnlyList<FieldChange> Fields { get; init; } = [];

    /// <summary>What else becomes different, one line each: which plan takes the alerts of one that is paused.</summary>
    public IReadOnlyList<string> Consequences { get; init; } = [];

    /// <summary>Null: from the next run on.</summary>
    public string? InForce { get; init; }
}

/// <summary>A change to be confirmed.</summary>
/// <param name="Name">Of the plan or task; null for the agent's own.</param>
/// <param name="Version">Of what it changes; 0 for something that does not exist yet.</param>
internal sealed record Question(ConfirmedChange Change, string? Name, long Version, ConfirmationText Text)
{
    public PlanEdit? Edit { get; init; }

    public TaskEdit? TaskEdit { get; init; }
}

/// <summary>Carries out what was confirmed, in the transaction of the click.</summary>
internal interface IConfirmed
{
    bool Carries(ConfirmedChange change);

    /// <returns>Null when it is done; else why not, and then nothing was written.</returns>
    Task<string?> Carry(ITransaction transaction, Confirmation asked);
}

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
