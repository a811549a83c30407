namespace RunModes.Bot.Tests.Support;

/// <summary>This test shows that the failure mode of that number (docs/failure-modes.md) does not happen here.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class FailureModeAttribute(int number) : Attribute
{
    public int Number { get; } = number;
}
