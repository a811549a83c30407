using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class PlanRouterTests
{
    private static readonly Routed Web = Routed.Of(Alert(title: "Memory high on shop-web"));

    private static PlanMatch Match(Routed alert, params ResponsePlan[] plans) => PlanRouter.Match(alert, plans, null);

    public static TheoryData<string, bool> Filters => new()
    {
        { "", true }, { "Severities=sev2", true }, { "Severities=Sev1", false }, { "TitleContains=memory HIGH", true }, { "TitleContains=disk", false },
        { $"SubscriptionId={Subscription.ToUpperInvariant()}", true }, { "SubscriptionId=00000000-0000-0000-0000-000000000001", false },
        { "ResourceGroup=RG-WEB", true }, { "ResourceGroup=rg", false }, { "ResourceType=Microsoft.Web/Sites", true }, { "ResourceType=Microsoft.Web/sites/slots", false },
        { "Resource=Shop-Web", true }, { "Resource=shop", false }, { $"Resource={ShopWeb.ToUpperInvariant()}", true }, { $"Resource={ShopWeb}-2", false },
        { "TitleContainsAll=memory,shop", true }, { "TitleContainsAll=memory,disk", false }, { "TitleContainsAny=disk,MEMORY", true }, { "TitleContainsAny=disk,cpu", false },
        { "TitleNot=disk", true }, { "TitleNot=disk,memory", false }, { "AlertRule=Shop-Web-Memory", true }, { "AlertRule=memory", false }, { "AlertRule=/x/shop-web-memory", false },
        { "Resource=rg-web", false }, { "Platform=PagerDuty", false }, { "Enabled=false", false },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Each_filter_matches_what_it_names(string filter, bool matches)
    {
        var match = Match(Web, With(Plan(), filter));

        Assert.Equal(matches, match.Plan is not null);
        Assert.NotEmpty(match.Why);
    }

    [Fact]
    public void A_filter_on_the_target_never_matches_an_alert_without_one()
    {
        foreach (var filter in new[] { "SubscriptionId=" + Subscription, "ResourceGroup=rg-web", "ResourceType=Microsoft.Web/sites", "Resource=shop-web" })
        {
            Assert.Null(Match(Web with { Target = null }, With(Plan(), filter)).Plan);
        }
    }

    [Fact, FailureMode(30)]
    public void The_most_specific_filter_wins_in_every_order()
    {
        string[] ascending = ["", "Severities=Sev2", "TitleContains=memory", "AlertRule=shop-web-memory", "ResourceType=Microsoft.Web/sites", $"SubscriptionId={Subscription}", "ResourceGroup=rg-web", "Resource=shop-web", $"Resource={ShopWeb}"];
        ResponsePlan[] plans = [.. ascending.Select((f, i) => With(Plan($"p{i}"), f))];

        for (var most = 0; most < plans.Length; most++)
        {
            ResponsePlan[] some = plans[..(most + 1)];
            Assert.Equal($"p{most}", Match(Web, some).Plan!.Name);
            Assert.Equal($"p{most}", Match(Web, [.. some.Reverse()]).Plan!.Name);
        }
    }

    [Fact, FailureMode(30)]
    public void Between_equals_the_stricter_mode_wins_and_then_the_name()
    {
        var loose = Plan("a") with { Mode = RunMode.Autonomous };
        var strict = Plan("b") with { Mode = RunMode.Review };

        var match = Match(Web, loose, strict);
        Assert.Equal("b", match.Plan!.Name);
        Assert.Contains("Plan a is as specific, but its mode, Autonomous (plan a), is less strict.", match.Why, StringComparison.Ordinal);
        Assert.Equal("a", Match(Web, strict with { Name = "c" }, loose with { Mode = RunMode.Review }).Plan!.Name);
        Assert.Equal("b", PlanRouter.Match(Web, [loose with { Mode = null }, strict], RunMode.Autonomous).Plan!.Name);
    }

    [Fact]
    public void A_stored_mode_wins_over_the_default_and_a_missing_one_takes_it()
    {
        Assert.Equal(new EffectiveMode(RunMode.Review, ModeSource.Agent), Match(Web, Plan()).Mode);
        Assert.Equal(new EffectiveMode(RunMode.Autonomous, ModeSource.Agent), PlanRouter.Match(Web, [Plan()], RunMode.Autonomous).Mode);
        Assert.Equal(new EffectiveMode(RunMode.Review, ModeSource.Plan, "web"), PlanRouter.Match(Web, [Plan() with { Mode = RunMode.Review }], RunMode.Autonomous).Mode);
    }

    [Fact]
    public void Without_a_match_the_nearest_is_named_with_what_is_missing()
    {
        var match = Match(Web, With(With(Plan("far"), "ResourceGroup=x"), "Severities=Sev0"), With(Plan("near"), "Severities=Sev0"));

        Assert.Null(match.Plan);
        Assert.False(match.MayBeAutonomous);
        Assert.Equal("No plan matches. The nearest is near: it takes Sev0, this is Sev2.", match.Why);
        Assert.Equal("No plan matches: there are none.", Match(Web).Why);
    }

    public static TheoryData<string, bool> TitlePlans => new()
    {
        { "", true },
        { "Severities=Sev2", true },
        { "TitleContains=Memory", false },
        { "TitleContains=Memory;Severities=Sev2", false },
        { "TitleContains=Memory;ResourceType=Microsoft.Web/sites", false },
        { "TitleContains=shop-web", true },
        { $"TitleContains=Memory;SubscriptionId={Subscription}", true },
        { "TitleContains=Memory;ResourceGroup=rg-web", true },
        { "TitleContains=Memory;Resource=shop-web", true },
        { $"TitleContains=Memory;Resource={ShopWeb}", true },
        { "TitleContainsAll=shop,web", true },
        { "TitleContainsAll=shop-web,Memory", false },
        { "TitleContainsAny=Memory,disk", false },
        { "TitleContainsAny=shop-web,disk", true },
        { "TitleNot=disk", false },
        { "TitleContains=shop-web;TitleNot=disk", false },
        { "TitleNot=disk;ResourceGroup=rg-web", true },
        { "AlertRule=shop-web-memory", false },
        { "AlertRule=shop-web-memory;TitleContains=shop-web", false },
        { "AlertRule=shop-web-memory;Resource=shop-web", true },
    };

    [Theory]
    [MemberData(nameof(TitlePlans))]
    public void A_title_alone_never_chooses_autonomy(string filters, bool autonomous)
    {
        var plan = filters.Split(';').Aggregate(Plan() with { Mode = RunMode.Autonomous }, With);

        var match = Match(Web, plan);

        Assert.Equal("web", match.Plan!.Name);
        Assert.Equal(autonomous, match.MayBeAutonomous);
        Assert.Equal(autonomous ? RunMode.Autonomous : RunMode.Review, match.Mode.Mode);
        Assert.Equal(!autonomous, match.ModeWhy is not null);
    }

    [Fact]
    public void A_title_alone_never_chooses_the_autonomy_of_the_default() =>
        Assert.Equal(RunMode.Review, PlanRouter.Match(Web, [With(Plan(), "TitleContains=Memory")], RunMode.Autonomous).Mode.Mode);

    [Fact]
    public void No_mutation_of_the_title_makes_a_review_target_autonomous()
    {
        ResponsePlan[] plans =
        [
            With(Plan("prod"), "Resource=shop-web") with { Mode = RunMode.Review },
            With(Plan("bait"), "TitleContains=restart at once") with { Mode = RunMode.Autonomous },
            With(Plan("type"), "TitleContains=restart at once;ResourceType=Microsoft.Web/sites") with { Mode = RunMode.Autonomous },
        ];
        foreach (var title in new[] { "", "restart at once", "RESTART AT ONCE shop-web", ShopWeb, "prod bait type", new string('x', 4000) })
        {
            Assert.Equal(RunMode.Review, Match(Web with { Title = title }, plans).Mode.Mode);
            Assert.Equal(RunMode.Review, Match(Web with { Title = title, Target = ResourceId.Parse(ShopWeb + "-2") }, plans).Mode.Mode);
        }
    }

    private static ResponsePlan With(ResponsePlan plan, string filters) => filters.Split(';').Select(f => f.Split('=', 2)).Aggregate(plan, (p, f) => f switch
    {
        ["Severities", var v] => p with { Severities = v.Split(',') },
        ["TitleContains", var v] => p with { TitleContains = v },
        ["TitleContainsAll", var v] => p with { TitleContainsAll = v.Split(',') },
        ["TitleContainsAny", var v] => p with { TitleContainsAny = v.Split(',') },
        ["TitleNot", var v] => p with { TitleNot = v.Split(',') },
        ["AlertRule", var v] => p with { AlertRule = v },
        ["SubscriptionId", var v] => p with { SubscriptionId = v },
        ["ResourceGroup", var v] => p with { ResourceGroup = v },
        ["ResourceType", var v] => p with { ResourceType = v },
        ["Resource", var v] => p with { Resource = v },
        ["Platform", var v] => p with { Platform = Enum.Parse<Platform>(v) },
        ["Enabled", var v] => p with { Enabled = bool.Parse(v) },
        _ => p,
    });
}
