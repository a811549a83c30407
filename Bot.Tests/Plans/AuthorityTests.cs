using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

public sealed class AuthorityTests
{
    private static readonly ResponsePlan Plan = new() { Name = "web", Mode = RunMode.Review };

    [Theory]
    [InlineData(null, "Review", "Tightens")]
    [InlineData(null, "Autonomous", "Raises")]
    [InlineData("Review", "Review", "None")]
    [InlineData("Review", "Autonomous", "Raises")]
    [InlineData("Autonomous", "Review", "Tightens")]
    [InlineData("Autonomous", "Autonomous", "None")]
    public void Only_a_mode_that_asks_less_raises(string? before, string after, string change) =>
        Assert.Equal(change, Authority.OfMode(before is null ? null : Enum.Parse<RunMode>(before), Enum.Parse<RunMode>(after)).ToString());

    [Fact]
    public void A_default_never_set_is_review_already()
    {
        Assert.Equal(Change.None, Authority.OfDefault(null, RunMode.Review));
        Assert.Equal(Change.Raises, Authority.OfDefault(null, RunMode.Autonomous));
    }

    [Fact]
    public void Every_field_is_shown_by_a_name_when_it_changes() =>
        Assert.Equal(
            typeof(ResponsePlan).GetProperties().Where(p => p.SetMethod is not null).Select(p => p.Name).Except([nameof(ResponsePlan.Name), nameof(ResponsePlan.Version), nameof(ResponsePlan.Edited)]).Order(),
            RunModes.Bot.Cards.PlanFields.All.Select(f => f.Property).Order());

    [Fact]
    public void Every_field_but_a_lowered_mode_raises()
    {
        ResponsePlan[] edits =
        [
            Plan with { Name = "other" }, Plan with { Platform = Platform.PagerDuty }, Plan with { Severities = ["Sev0"] }, Plan with { TitleContains = "x" }, Plan with { TitleContainsAll = ["x"] }, Plan with { TitleContainsAny = ["x"] }, Plan with { TitleNot = ["x"] }, Plan with { AlertRule = "x" }, Plan with { SubscriptionId = "x" },
            Plan with { ResourceGroup = "x" }, Plan with { ResourceType = "x" }, Plan with { Resource = "x" }, Plan with { Mode = RunMode.Autonomous }, Plan with { Mode = null },
            Plan with { Channel = "x" }, Plan with { Runbooks = ["x"] }, Plan with { Tools = ["x"] }, Plan with { Instructions = "x" }, Plan with { ApprovalExpiry = TimeSpan.FromHours(2) }, Plan with { Escalation = [new("ada@contoso.com", "Ada")] }, Plan with { Attempts = 4 }, Plan with { MaxInstances = 3 },
            Plan with { MergeEnabled = false }, Plan with { MergeWindow = TimeSpan.FromHours(1) }, Plan with { Enabled = false }, Plan with { Digest = true },
        ];

        Assert.All(edits, edit => Assert.True(Authority.Raises(Plan, edit)));
        Assert.Equal(typeof(ResponsePlan).GetProperties().Count(p => p.SetMethod is not null) - 2, edits.Select(Changed).Distinct().Count());
        Assert.False(Authority.Raises(Plan with { Mode = RunMode.Autonomous }, Plan));
        Assert.False(Authority.Raises(Plan, Plan with { Version = 9 }));
        Assert.False(Authority.Raises(Plan, Plan with { Edited = new(new("t", "o", "Ada"), DateTimeOffset.UnixEpoch) }));

        static string Changed(ResponsePlan edit) => typeof(ResponsePlan).GetProperties().Where(p => p.SetMethod is not null && p.Name is not ("Version" or "Edited")).First(p => !Equals(p.GetValue(edit), p.GetValue(Plan))).Name;
    }
}
