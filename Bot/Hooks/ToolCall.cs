using RunModes.Bot.Proposals;

namespace RunModes.Bot.Hooks;

internal sealed record Tag(string Name, string Value);

/// <param name="Known">Of the resource and of everything it lies in, as far as they could be read.</param>
/// <param name="Complete">False: something could not be read, so that nothing can be said to be absent.</param>
internal sealed record Tags(IReadOnlyList<Tag> Known, bool Complete)
{
    public static Tags None { get; } = new([], Complete: true);

    public static Tags Unread { get; } = new([], Complete: false);
}

/// <param name="Text">What the tool gave back, plain; shown to nobody by this.</param>
internal sealed record ToolResult(bool Succeeded, string Text);

/// <summary>One call of a tool as hooks see it: what the bot established itself, and no word of an alert that could steer an answer.</summary>
internal sealed record ToolCall
{
    public required HookEvent Event { get; init; }
    public required string Tool { get; init; }

    /// <summary>"run/…": whose call it is, and under what its answers are kept.</summary>
    public required string Subject { get; init; }

    /// <summary>The plan or the task it belongs to.</summary>
    public string? Plan { get; init; }
    public Effect Effect { get; init; }

    /// <summary>The RBAC action of an operation; what another tool does, in a word.</summary>
    public string Action { get; init; } = "";

    /// <summary>Of az and kubectl: "vm deallocate", "rollout restart".</summary>
    public string Command { get; init; } = "";

    /// <summary>What it is about, for people and for patterns: a resource id, an address, a channel.</summary>
    public string Target { get; init; } = "";

    /// <summary>Compares targets; empty where there is none.</summary>
    public string TargetKey { get; init; } = "";

    /// <summary>What is done, whole.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
    public Tags Tags { get; init; } = Tags.None;

    /// <summary>The bot has measured the symptom itself since it was told of it, and nothing it asked was left out.</summary>
    public bool Measured { get; init; }
    public IReadOnlyList<string> Recipients { get; init; } = [];
    public string Host { get; init; } = "";

    /// <summary>After the call only.</summary>
    public ToolResult? Result { get; init; }

    public bool MayAsk => Event == HookEvent.PreToolUse && Tools.Gated.Contains(Tool);
}
