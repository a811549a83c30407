using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests;

internal static class OperationMatch
{
    /// <summary>Where a test knows that it is a request.</summary>
    public static T Match<T>(this Operation operation, Func<Operation.ArmCall, T> arm) => operation.Match(arm, tool => throw new InvalidOperationException(tool.Says));
}
