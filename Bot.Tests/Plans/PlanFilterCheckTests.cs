using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

public sealed class PlanFilterCheckTests
{
    private const string App = "/subscriptions/5b1f6a52-7c1e-4a0d-9f53-0c2b8d6e4f10/resourceGroups/web/providers/Microsoft.Web/sites/shop";

    [Theory]
    [InlineData("Severities", "P1 of Azure Monitor")]
    [InlineData("SubscriptionId", "no GUID")]
    [InlineData("SubscriptionId", "another subscription than the resource's")]
    [InlineData("ResourceGroup", "another group than the resource's")]
    [InlineData("ResourceType", "no type")]
    [InlineData("ResourceType", "another type than the resource's")]
    [InlineData("Resource", "half an id")]
    [InlineData("AlertRule", "half an id")]
    [InlineData("TitleNot", "a word that is asked for")]
    [InlineData("TitleNot", "part of a word that is asked for")]
    [InlineData("TitleNot", "a word of every alternative")]
    public void A_filter_that_can_match_nothing_is_told_by_its_field(string field, string what)
    {
        var plan = new ResponsePlan { Name = "web" };
        plan = what switch
        {
            "P1 of Azure Monitor" => plan with { Severities = ["P1"] },
            "no GUID" => plan with { SubscriptionId = "production" },
            "another subscription than the resource's" => plan with { Resource = App, SubscriptionId = "00000000-0000-0000-0000-000000000001" },
            "another group than the resource's" => plan with { Resource = App, ResourceGroup = "data" },
            "no type" => plan with { ResourceType = "sites" },
            "another type than the resource's" => plan with { Resource = App, ResourceType = "Microsoft.Compute/virtualMachines" },
            "half an id" when field == "Resource" => plan with { Resource = "web/shop" },
            "half an id" => plan with { AlertRule = "rules/memory" },
            "a word that is asked for" => plan with { TitleContains = "Memory", TitleNot = ["memory"] },
            "part of a word that is asked for" => plan with { TitleContainsAll = ["high memory", "web"], TitleNot = ["memory"] },
            _ => plan with { TitleContainsAny = ["disk full", "disk slow"], TitleNot = ["disk"] },
        };
        Assert.Contains(PlanFilterCheck.Problems(plan), p => p.Field == field && p.Problem.Length > 20);
    }

    [Fact]
    public void A_filter_that_some_alert_can_meet_is_fine() => Assert.Empty(PlanFilterCheck.Problems(new ResponsePlan
    {
        Name = "web", Severities = ["sev2"], Resource = App, SubscriptionId = "5B1F6A52-7c1e-4a0d-9f53-0c2b8d6e4f10", ResourceGroup = "WEB", ResourceType = "microsoft.web/Sites",
        TitleContainsAny = ["disk", "memory"], TitleContainsAll = ["high"], TitleNot = ["disk"], AlertRule = "memory-high",
    }));
}
