using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

/// <summary>Plans that may want the same alerts are said at start, as `plan` says them: whoever filled in settings reads the log, not the chat.</summary>
public sealed class OverlappingPlansTests
{
    [Fact]
    public async Task Each_pair_is_told_once_with_who_takes_the_alerts_and_why_and_what_the_name_decides_is_a_warning()
    {
        await using var host = await WebhookHost.Start(
        [
            Plan("all-web") with { ResourceType = "Microsoft.Web/sites" }, Plan("prod") with { Resource = "app-service-prod", Mode = RunMode.Review }, Plan("also-prod") with { Resource = "APP-SERVICE-PROD", Mode = RunMode.Review },
            Plan("staging") with { Resource = "app-service-staging" }, Plan("paged") with { Platform = Platform.PagerDuty }, Plan("off") with { Resource = "app-service-prod", Enabled = false },
        ]);

        var told = host.Log.Where(l => l.Contains("may want the same alerts", StringComparison.Ordinal)).ToList();
        Assert.Equal(
        [
            "Warning: Plans also-prod and prod may want the same alerts. also-prod takes them: it is as specific and as strict, and its name comes first. Give one of them a filter that the other has not.",
            "Information: Plans all-web and also-prod may want the same alerts. also-prod takes them: it is more specific (the resource's name).",
            "Information: Plans all-web and prod may want the same alerts. prod takes them: it is more specific (the resource's name).",
            "Information: Plans all-web and staging may want the same alerts. staging takes them: it is more specific (the resource's name).",
        ],
        told);
    }

    [Fact]
    public async Task Hundreds_of_pairs_are_counted_and_a_name_stays_on_its_line()
    {
        await using var host = await WebhookHost.Start(Enumerable.Range(0, 30).Select(i => Plan($"plan-{i:00}")));

        var told = host.Log.Where(l => l.Contains("the same alerts", StringComparison.Ordinal)).ToList();
        Assert.Equal(21, told.Count);
        Assert.Equal("Warning: 415 more pairs of plans may want the same alerts; `plan <name>` names them.", told[^1]);
    }

    [Fact]
    public async Task Plans_that_share_nothing_are_not_mentioned()
    {
        await using var host = await WebhookHost.Start([Plan("prod") with { Resource = "app-service-prod" }, Plan("staging") with { Resource = "app-service-staging" }]);

        Assert.DoesNotContain(host.Log, l => l.Contains("the same alerts", StringComparison.Ordinal));
    }
}
