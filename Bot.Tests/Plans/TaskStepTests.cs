using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

public class TaskStepTests
{
    private const string Web = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/web/providers";
    private const string App = $"{Web}/Microsoft.Web/sites/app";
    private const string Machine = $"{Web}/Microsoft.Compute/virtualMachines/vm";

    [Theory]
    [InlineData($"restart {App}", "Restart App Service 'app'")]
    [InlineData($"  START  {App}/ ", "Start App Service 'app'")]
    [InlineData($"stop {App}", "Stop App Service 'app'")]
    [InlineData($"restart {Machine}", "Restart virtual machine 'vm'")]
    public void A_step_is_a_known_verb_and_one_full_id(string text, string title)
    {
        Assert.True(TaskStep.TryRead(text, out var step, out var problem), problem);
        Assert.StartsWith(title, step.Words, StringComparison.Ordinal);
    }

    /// <summary>Whatever is not exactly that is refused with one line that says what is accepted.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("restart")]
    [InlineData("restart app")]
    [InlineData($"delete {App}")]
    [InlineData($"restart {App} {App}")]
    [InlineData($"restart {App} --force")]
    [InlineData($"start {Machine}")]
    [InlineData($"restart {Web}/Microsoft.Web/serverfarms/plan")]
    [InlineData($"restart {App}/slots/staging")]
    [InlineData("restart /subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/web")]
    [InlineData($"restart {App}?api-version=1")]
    [InlineData($"restart {App}/../other")]
    [InlineData($"az webapp restart --ids {App}")]
    [InlineData($"rеstart {App}")]
    public void Anything_else_is_no_step(string text)
    {
        Assert.False(TaskStep.TryRead(text, out _, out var problem));
        Assert.Contains("write restart, start or stop and the full id", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public void None_and_more_than_ten_are_refused()
    {
        Assert.Contains("are missing", Assert.Single(TaskStep.Problems([])), StringComparison.Ordinal);
        Assert.Contains("more than 10", Assert.Single(TaskStep.Problems([.. Enumerable.Repeat($"restart {App}", 11)])), StringComparison.Ordinal);
        Assert.Empty(TaskStep.Problems([$"stop {App}", $"start {App}"]));
        Assert.Equal(2, TaskStep.Problems(["x", $"start {App}", "y"]).Count);
    }
}
