using System.Reflection;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <param name="NotHere">Why it cannot occur in this version; null when tests hold it.</param>
internal sealed record FailureMode(int Number, string What, string? NotHere = null)
{
    /// <summary>What went wrong in comparable bots, by the numbers under which it was collected.</summary>
    public static readonly IReadOnlyList<FailureMode> All =
    [
        new(1, "Double click, two approvers at once"),
        new(2, "Approve and deny at the same time"),
        new(3, "Teams redelivers the same click"),
        new(4, "Click acknowledged, then lost"),
        new(5, "Buttons open to all when no approvers are configured"),
        new(6, "Checked in the card, not in the backend"),
        new(7, "Weak identity mapping: a name or a mail address instead of an object id"),
        new(8, "Stale role"),
        new(9, "Unauthorised actor written into the record"),
        new(10, "Forged or replayed approval"),
        new(11, "Approves the wrong item"),
        new(12, "Ran something other than what was shown"),
        new(13, "Target changed while waiting"),
        new(14, "Empty result read as success"),
        new(15, "Live buttons after expiry"),
        new(16, "Restart loses pending approvals"),
        new(17, "Crash after approval, outcome unknown"),
        new(18, "Partly executed plan", "A run has at most one operation in this version: there is no second step that could be skipped or repeated. The sending of that one operation is FM-17. The first plan of several steps brings its test."),
        new(19, "Approve, no rights, hang"),
        new(20, "\"Still pending\" after all decided"),
        new(21, "Slow handler shows an error though it worked"),
        new(22, "Card update fails"),
        new(23, "Conversation reference gone"),
        new(24, "Gate vanishes when nobody is connected"),
        new(25, "429 storms"),
        new(26, "Silence"),
        new(27, "Time-out booked as human denial"),
        new(28, "Threshold arithmetic", "One Administrator decides; no number of approvals is counted anywhere, so there is nothing to overshoot. The rule of two persons, when it comes, brings its test."),
        new(29, "Older proposal approved after a newer one"),
        new(30, "One incident, two plans"),
        new(31, "Stop ignored in a paused state"),
        new(32, "Approval loop"),
        new(33, "Injected text on the card"),
        new(34, "More than 60 people in the chat"),
    ];

    public string Name => $"FM-{Number:00}";

    public IReadOnlyList<string> Tests => Held[Number].ToList();

    private static readonly ILookup<int, string> Held = (
        from type in typeof(FailureMode).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.GetCustomAttribute<FactAttribute>() is { Skip: null } || method.GetCustomAttribute<TheoryAttribute>() is { Skip: null }
        from mode in method.GetCustomAttributes<FailureModeAttribute>()
        orderby mode.Number, type.Name, method.Name
        select (mode.Number, Test: $"{type.Name}.{method.Name}")).ToLookup(m => m.Number, m => m.Test);
}
