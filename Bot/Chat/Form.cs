using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Chat;

/// <summary>A form that waits for the person who asked for it: saved once, bound to them, the conversation, and the version of what it edits.</summary>
/// <param name="Before">The plan as it was when the form was made; null when one is created.</param>
/// <param name="Values">By field, as it stands or was typed last.</param>
internal sealed record Form(string Id, ResponsePlan? Before, IReadOnlyDictionary<string, string> Values, Who By, string ConversationId, string? RootId, DateTimeOffset ExpiresAt, FormState State)
{
    public static readonly TimeSpan Lives = TimeSpan.FromMinutes(10);

    /// <summary>Plan: so it is with forms of an older version, which knew nothing else.</summary>
    public Thing Kind { get; init; } = Thing.Plan;

    /// <summary>The task as it was when the form was made; null when one is created, or where the form is a plan's.</summary>
    public ScheduledTask? Task { get; init; }

    /// <summary>By field; under an empty name what concerns all of it.</summary>
    public IReadOnlyDictionary<string, string> Problems { get; init; } = new Dictionary<string, string>();

    public string Outcome { get; init; } = "";

    /// <summary>Counts how often it was shown anew: a button of an older showing is told to use the newest.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Counts guarded writes.</summary>
    public long Version { get; init; } = 1;

    public string Subject => $"form/{Id}";

    public string Title => (Kind, Before, Task) switch
    {
        (Thing.Task, _, { } task) => $"Edit task {task.Name}",
        (Thing.Task, _, _) => "Create a task",
        (_, { } plan, _) => $"Edit plan {plan.Name}",
        _ => "Create a plan",
    };
}

/// <summary>Forms as stored. Port to the store.</summary>
internal interface IForms
{
    Task Insert(ITransaction transaction, Form form);

    /// <summary>In a write, it stays as it was found until the transaction ends.</summary>
    Task<Form?> Find(ITransaction transaction, string id);

    /// <summary>Guarded by the version that was read; an ended form stays ended.</summary>
    Task<bool> Update(ITransaction transaction, Form before, Form after);

    Task<IReadOnlyList<Form>> Overdue(ITransaction transaction, DateTimeOffset now, int most);
}
