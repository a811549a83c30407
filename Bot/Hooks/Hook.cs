namespace RunModes.Bot.Hooks;

internal enum HookEvent { Unknown = 0, PreToolUse, PostToolUse }

/// <summary>What counts when a command hook gives no answer that can be read.</summary>
internal enum FailMode { Block = 0, Allow }

/// <summary>
/// A rule of the deployer round calls of tools. It may object or ask, and nothing it says permits anything: there is no word for that.
/// </summary>
/// <param name="Plan">Of this plan or task only; null: of the whole agent. Where both fit, both are asked.</param>
/// <param name="Reason">What people read when it objects.</param>
internal sealed record Hook(string Name, HookEvent Event, ToolMatcher Matcher, string? Plan, string Reason, HookCheck Check)
{
    public bool Concerns(ToolCall call) =>
        call.Event == Event && Matcher.Fits(call.Tool) && (Plan is null || Plan.Equals(call.Plan, StringComparison.OrdinalIgnoreCase));
}

/// <summary>How a hook comes to its answer.</summary>
internal abstract record HookCheck
{
    private HookCheck() { }

    /// <summary>Objects (or asks) when everything it looks for is so.</summary>
    internal sealed record Rule(HookWhen When, bool Asks) : HookCheck;

    /// <summary>A program that is told of the call and answers.</summary>
    /// <param name="Script">Absolute path.</param>
    internal sealed record Command(string Script, IReadOnlyList<string> Arguments, TimeSpan Timeout, FailMode FailMode) : HookCheck;
}
