using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Cards;
using RunModes.Bot.Sandbox;

namespace RunModes.Bot.Tests.Sandbox;

/// <summary>The first five minutes of somebody who has just cloned the repository.</summary>
public sealed class SandboxRunTests
{
    [Fact]
    public async Task Both_examples_happen_by_themselves_once_somebody_is_there()
    {
        await using var client = await PracticeClient.Start();
        await client.Install();

        var card = await client.WaitFor(message => message.Status.StartsWith("Awaiting approval", StringComparison.Ordinal));
        var reads = CardAsText.Of(card.Card!);
        Assert.Contains("Sandbox", reads, StringComparison.Ordinal);
        Assert.Contains("I found that app-service-prod is running slowly due to high memory usage.", reads, StringComparison.Ordinal);
        Assert.Null(client.Services.GetRequiredService<PracticeAzure>().Production.RestartedAt);

        var report = await client.WaitFor(message => message.Text.Contains("Done:", StringComparison.Ordinal));
        Assert.Contains("I found app-service-staging was running slowly.", report.Text, StringComparison.Ordinal);
        Assert.Contains("I've restarted app-service-staging. Memory usage is now normal", report.Text, StringComparison.Ordinal);
        Assert.NotNull(client.Services.GetRequiredService<PracticeAzure>().Staging.RestartedAt);

        await client.Press(card, Verbs.Approve, PracticePeople.Sam);
        Assert.Null(client.Services.GetRequiredService<PracticeAzure>().Production.RestartedAt);

        await client.Press(card, Verbs.Approve, PracticePeople.Avery);
        await client.WaitFor(message => message.Id == card.Id && message.Status.StartsWith("Done, recovered", StringComparison.Ordinal));
        Assert.Contains("Proposed action", client.Log, StringComparison.Ordinal);
        Assert.Contains("[Approve]", client.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_types_works_by_the_names_of_the_practice_apps()
    {
        await using var client = await PracticeClient.Start();
        await client.Install();
        await client.Say("propose restart app-service-stuck", PracticePeople.Sam);
        var card = await client.WaitFor(message => message.Status.StartsWith("Awaiting approval", StringComparison.Ordinal)
            && CardAsText.Of(message.Card!).Contains("asked for a restart of app-service-stuck", StringComparison.Ordinal));
        Assert.Contains("Sandbox", CardAsText.Of(card.Card!), StringComparison.Ordinal);
        await client.Say("insights", PracticePeople.Robin);
        await client.WaitFor(message => message.Text.Contains("**Insights**", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_reports_of_tasks_can_be_tried_at_once()
    {
        await using var client = await PracticeClient.Start();
        await client.Install();
        await client.Say("run weekly-cost", PracticePeople.Avery);
        var costs = await client.WaitFor(message => message.Text.Contains("**practice cost ", StringComparison.Ordinal));
        Assert.Contains("plan-stuck", costs.Text, StringComparison.Ordinal);
        await client.Say("run weekly-insights", PracticePeople.Avery);
        await client.WaitFor(message => message.Text.Contains("(task weekly-insights)", StringComparison.Ordinal));
        await client.Say("run daily-health", PracticePeople.Avery);
        var question = await client.WaitFor(message => message.Card is { } card && CardAsText.Of(card).Contains("Run task daily-health now", StringComparison.Ordinal));
        await client.Press(question, Verbs.Confirm, PracticePeople.Avery);
        var health = await client.WaitFor(message => message.Text.Contains("· task daily-health", StringComparison.Ordinal));
        Assert.Contains("3 resources available", health.Text, StringComparison.Ordinal);
        Assert.StartsWith("Sandbox", health.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stuck_app_ends_as_not_recovered()
    {
        await using var client = await PracticeClient.Start();
        await client.Install();
        await client.Say("practice stuck", PracticePeople.Robin);

        var card = await client.WaitFor(message => message.Status.StartsWith("Awaiting approval", StringComparison.Ordinal)
            && CardAsText.Of(message.Card!).Contains("app-service-stuck", StringComparison.Ordinal));
        await client.Press(card, Verbs.Approve, PracticePeople.Blake);

        await client.WaitFor(message => message.Id == card.Id && message.Status.Contains("not recovered", StringComparison.OrdinalIgnoreCase));
    }
}
