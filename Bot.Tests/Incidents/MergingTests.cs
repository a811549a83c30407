using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Support;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class MergingTests
{
    private static readonly Incident Known = new()
    {
        Id = new("i1"), Platform = Platform.AzureMonitor, Rule = "shop-web-memory", Title = "", Severity = "Sev2", SignalType = "Metric",
        Target = Alert().Target, Plan = "web", PlanWhy = "", FirstFiredAt = Noon, LastFiredAt = Noon, MergeUntil = Noon.AddHours(3), Firings = 1, Attempts = 1, Version = 1,
    };

    private static MergeFacts Facts(Situation situation, Incident? latest = null, ResponsePlan? plan = null, DateTimeOffset? now = null) =>
        new([], latest ?? Known, situation, plan ?? Plan(), now ?? Noon.AddDays(1));

    private static Merge Fires(MergeFacts facts, string severity = "Sev2", double hoursLater = 1) =>
        Merging.Decide(Alert("a2", severity: severity, firedAt: Noon.AddHours(hoursLater)), facts);

    [Theory]
    [InlineData(nameof(Situation.InProgress), "Sev2", "JoinsAndCounts")]
    [InlineData(nameof(Situation.InProgress), "Sev1", "Reinvestigate")]
    [InlineData(nameof(Situation.InProgress), "Sev3", "JoinsAndCounts")]
    [InlineData(nameof(Situation.NeverRun), "Sev2", "Reinvestigate")]
    [InlineData(nameof(Situation.Recovered), "Sev2", "Reinvestigate")]
    [InlineData(nameof(Situation.Recovered), "Sev4", "Reinvestigate")]
    [InlineData(nameof(Situation.NotRecovered), "Sev2", "Reinvestigate")]
    [InlineData(nameof(Situation.NoActionNeeded), "Sev2", "Reinvestigate")]
    [InlineData(nameof(Situation.Denied), "Sev2", "NoticeAfterDeny")]
    [InlineData(nameof(Situation.Denied), "Sev0", "NoticeAfterDeny")]
    [InlineData(nameof(Situation.Expired), "Sev2", "Reinvestigate")]
    [InlineData(nameof(Situation.Failed), "Sev2", "Reinvestigate")]
    [InlineData(nameof(Situation.Indeterminate), "Sev2", "Reinvestigate")]
    [InlineData(nameof(Situation.CouldNotInvestigate), "Sev2", "Reinvestigate")]
    public void What_a_further_firing_means_depends_on_where_the_incident_stands(string situation, string severity, string expected) =>
        Assert.Equal(expected, Fires(Facts(Enum.Parse<Situation>(situation)), severity).GetType().Name);

    [Fact]
    public void Every_situation_is_in_the_table() =>
        Assert.Equal(Enum.GetNames<Situation>().Order(), typeof(MergingTests).GetMethod(nameof(What_a_further_firing_means_depends_on_where_the_incident_stands))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!).Distinct().Order());

    [Theory]
    [InlineData(1, "Reinvestigate")]
    [InlineData(2, "Reinvestigate")]
    [InlineData(3, "HandOver")]
    [InlineData(4, "HandOver")]
    [FailureMode(32)]
    public void Attempts_are_counted_and_then_people_take_over(int attempts, string expected) =>
        Assert.Equal(expected, Fires(Facts(Situation.Recovered, Known with { Attempts = attempts })).GetType().Name);

    [Fact]
    public void People_are_told_once() =>
        Assert.IsType<Merge.JoinsAndCounts>(Fires(Facts(Situation.Failed, Known with { Attempts = 3, HandedOverAt = Noon })));

    [Theory]
    [InlineData(2.99, true)]
    [InlineData(3, true)]
    [InlineData(3.01, false)]
    [InlineData(-1, true)]
    public void The_window_is_fixed_from_the_first_firing(double hours, bool joins)
    {
        var latest = Known with { LastFiredAt = Noon.AddHours(2.9), Firings = 9 };

        Assert.Equal(joins, Fires(Facts(Situation.InProgress, latest), hoursLater: hours) is Merge.JoinsAndCounts);
    }

    [Fact]
    public void A_source_clock_ahead_of_ours_neither_opens_nor_closes_the_window() =>
        Assert.IsType<Merge.JoinsAndCounts>(Fires(Facts(Situation.InProgress, now: Noon.AddHours(1)), hoursLater: 400));

    [Fact]
    public void Without_merging_each_firing_is_an_incident() =>
        Assert.IsType<Merge.NewIncident>(Fires(Facts(Situation.InProgress, plan: Plan() with { MergeEnabled = false })));

    [Fact]
    public void Without_a_plan_it_is_counted() =>
        Assert.IsType<Merge.JoinsAndCounts>(Fires(Facts(Situation.Recovered) with { Plan = null }));

    [Fact]
    public void Without_a_target_nothing_merges() =>
        Assert.IsType<Merge.NewIncident>(Merging.Decide(Alert(target: null), new([], null, Situation.NeverRun, null, Noon)));

    private static Firing Seen(Alert alert) => new(new("i1"), alert.SourceKey, alert.DedupeKey, alert.ContentHash, alert.AlertId, alert.Condition, alert.Severity, alert.FiredAt, Noon, "");

    [Fact]
    public void The_same_delivery_again_is_a_duplicate_in_every_situation()
    {
        foreach (var situation in Enum.GetValues<Situation>())
        {
            var facts = Facts(situation) with { SameSource = [Seen(Alert())] };
            Assert.Equal(new("i1"), Assert.IsType<Merge.Duplicate>(Merging.Decide(Alert(), facts)).Incident);
        }
    }

    [Theory]
    [InlineData("content")]
    [InlineData("rule")]
    [InlineData("target")]
    public void The_same_id_with_other_content_is_kept_apart(string what)
    {
        var other = what switch
        {
            "content" => Alert(content: "c2"),
            "rule" => Alert(rule: "other", content: "c2"),
            _ => Alert(target: ShopWeb + "-2", content: "c2"),
        };

        Assert.True(Assert.IsType<Merge.NewIncident>(Merging.Decide(other, Facts(Situation.InProgress) with { SameSource = [Seen(Alert())] })).ReusedId);
    }

    [Fact]
    public void Resolved_only_measures_again_whatever_the_window()
    {
        var resolved = Alert("a1", AlertCondition.Resolved, firedAt: Noon.AddDays(5));

        Assert.IsType<Merge.Resolved>(Merging.Decide(resolved, Facts(Situation.InProgress)));
        Assert.IsType<Merge.RecordOnly>(Merging.Decide(resolved, Facts(Situation.NeverRun) with { Latest = null }));
    }

    [Fact]
    public void What_only_recorded_a_resolution_is_no_incident_to_join() =>
        Assert.IsType<Merge.NewIncident>(Fires(Facts(Situation.NeverRun, Known with { Firings = 0, State = IncidentState.Closed })));

    [Fact]
    public void A_note_of_the_source_starts_nothing()
    {
        var note = Alert(condition: AlertCondition.Unknown);

        Assert.IsType<Merge.JoinsAndCounts>(Merging.Decide(note, Facts(Situation.Recovered)));
        Assert.IsType<Merge.RecordOnly>(Merging.Decide(note, Facts(Situation.Recovered) with { Latest = null }));
    }

    [Theory]
    [InlineData("Sev0", "Sev1", true)]
    [InlineData("sev1", "Sev1", false)]
    [InlineData("Sev2", "Sev1", false)]
    [InlineData("Sev4", "", true)]
    [InlineData("", "Sev4", false)]
    [InlineData("", "", false)]
    [InlineData("P1", "Sev4", false)]
    public void Severities_are_ordered_and_unknown_is_lowest(string one, string than, bool higher) =>
        Assert.Equal(higher, Severity.IsHigher(Platform.AzureMonitor, one, than));
}
