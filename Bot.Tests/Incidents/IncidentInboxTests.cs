using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class IncidentInboxTests
{
    private readonly HeldStore _store = new() { Plans = { Plan() with { Mode = RunMode.Autonomous } } };
    private readonly HeldClock _clock = new(Noon.AddMinutes(1));

    private IncidentInbox Inbox => new(_store, _store, _store, _store, _clock);

    private Task<IncidentId> TakeIn(Alert alert) => Inbox.TakeIn(alert, TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_first_firing_opens_an_incident_with_one_run_in_the_plans_mode()
    {
        var id = await TakeIn(Alert());

        var incident = Assert.Single(_store.Incidents);
        Assert.Equal((id, "web", 1, 1, Noon.AddHours(3)), (incident.Id, incident.Plan, incident.Firings, incident.Attempts, incident.MergeUntil));
        var request = Assert.Single(_store.Requests);
        Assert.Equal(new EffectiveMode(RunMode.Autonomous, ModeSource.Plan, "web"), request.Mode);
        Assert.Null(request.Reason);
        Assert.Contains(_store.Audit, a => a.Kind == AuditKind.AlertReceived && a.Subject.ToString() == incident.Subject);
    }

    [Fact]
    public async Task A_duplicate_answers_the_same_id_and_writes_nothing()
    {
        var id = await TakeIn(Alert());
        var (firings, audit) = (_store.Firings.Count, _store.Audit.Count);

        Assert.Equal(id, await TakeIn(Alert()));
        Assert.Equal((1, firings, audit, 1), (_store.Incidents.Count, _store.Firings.Count, _store.Audit.Count, _store.Requests.Count));
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_a_new_incident_and_an_audit_line_and_its_repeat_is_a_duplicate()
    {
        var first = await TakeIn(Alert());
        var second = await TakeIn(Alert(severity: "Sev0", content: "c2"));

        Assert.NotEqual(first, second);
        Assert.Contains(_store.Audit, a => a.Before == $"incident/{first}" && a.After == $"incident/{second}");
        Assert.Equal(first, await TakeIn(Alert()));
        Assert.Equal(second, await TakeIn(Alert(severity: "Sev0", content: "c2")));
    }

    [Fact]
    public async Task A_firing_that_joins_answers_the_same_id_and_raises_the_count_alone()
    {
        var id = await TakeIn(Alert());

        Assert.Equal(id, await TakeIn(Alert("a2", severity: "Sev3", firedAt: Noon.AddSeconds(20))));
        var incident = Assert.Single(_store.Incidents);
        Assert.Equal((2, "Sev2", Noon.AddSeconds(20), 2L), (incident.Firings, incident.Severity, incident.LastFiredAt, incident.Version));
        Assert.Single(_store.Requests);
        Assert.Equal(["Counted"], _store.Told);
    }

    [Fact]
    public async Task A_recurrence_after_recovery_runs_again_until_people_take_over_and_then_counts()
    {
        await TakeIn(Alert());
        _store.Situation = Situation.Recovered;
        for (var i = 2; i <= 6; i++)
        {
            await TakeIn(Alert($"a{i}"));
        }

        Assert.Equal([null, "It fired again after it had recovered.", "It fired again after it had recovered."], _store.Requests.Select(r => r.Reason));
        Assert.Equal(["HandedOver", "Counted", "Counted"], _store.Told);
        Assert.Equal((6, 3), (Assert.Single(_store.Incidents).Firings, _store.Incidents[0].Attempts));
    }

    [Fact]
    public async Task A_higher_severity_runs_again_and_is_kept()
    {
        await TakeIn(Alert());
        await TakeIn(Alert("a2", severity: "Sev0"));

        Assert.Equal("Sev0", Assert.Single(_store.Incidents).Severity);
        Assert.Equal(2, _store.Requests.Count);
        Assert.Equal("The severity rose from Sev2 to Sev0.", _store.Requests[1].Reason);
    }

    [Fact]
    public async Task A_milder_firing_is_matched_by_the_incidents_severity()
    {
        _store.Plans[0] = Plan() with { Severities = ["Sev2"] };
        await TakeIn(Alert());
        _store.Situation = Situation.Recovered;
        await TakeIn(Alert("a2", severity: "Sev4"));

        Assert.Equal(2, _store.Requests.Count);
    }

    [Fact]
    public async Task A_merge_never_gets_a_looser_mode_than_the_incident_began_with()
    {
        _store.Plans[0] = Plan("careful") with { Mode = RunMode.Review, Severities = ["Sev2"] };
        _store.Plans.Add(Plan("quick") with { Mode = RunMode.Autonomous, Severities = ["Sev0"] });
        await TakeIn(Alert());
        await TakeIn(Alert("a2", severity: "Sev0"));

        Assert.Equal("quick", _store.Requests[1].Mode.SourceName);
        Assert.Equal(RunMode.Review, _store.Requests[1].Mode.Mode);
        Assert.NotNull(_store.Requests[1].ModeWhy);
    }

    [Fact]
    public async Task A_title_that_alone_leads_to_an_autonomous_plan_runs_in_review_and_says_why()
    {
        _store.Plans[0] = Plan() with { Mode = RunMode.Autonomous, TitleContains = "memory" };
        await TakeIn(Alert(target: ShopWeb.Replace("shop-web", "other", StringComparison.Ordinal)));

        var request = Assert.Single(_store.Requests);
        Assert.Equal(RunMode.Review, request.Mode.Mode);
        Assert.Contains("text never chooses autonomy", request.ModeWhy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_plan_or_a_target_it_is_stored_and_listed_and_starts_nothing()
    {
        await TakeIn(Alert("none", target: null));
        await TakeIn(Alert("none2", target: null));
        _store.Plans.Clear();
        await TakeIn(Alert());

        Assert.Empty(_store.Requests);
        Assert.Equal(["No plan matches: there are none.", .. Enumerable.Repeat("No usable target: The alert names no target resource.", 2)],
            (await _store.Unmatched(_store, 10)).Select(i => i.PlanWhy));
    }

    [Fact]
    public async Task An_unmatched_incident_runs_when_it_fires_again_and_a_plan_matches()
    {
        var plan = _store.Plans[0];
        _store.Plans.Clear();
        var id = await TakeIn(Alert());
        _store.Plans.Add(plan);
        _store.Situation = Situation.NeverRun;

        Assert.Equal(id, await TakeIn(Alert("a2")));
        Assert.Single(_store.Requests);
        Assert.Empty(await _store.Unmatched(_store, 10));
    }

    [Fact]
    public async Task Resolved_measures_again_and_resolved_out_of_nowhere_is_recorded()
    {
        var id = await TakeIn(Alert());

        Assert.Equal(id, await TakeIn(Alert(condition: AlertCondition.Resolved)));
        Assert.Equal(["Remeasure"], _store.Told);
        Assert.Equal(1, Assert.Single(_store.Incidents).Firings);

        await TakeIn(Alert("b1", AlertCondition.Resolved, rule: "other"));
        Assert.Equal(IncidentState.Closed, _store.Incidents[1].State);
        Assert.Single(_store.Requests);
    }

    [Fact]
    public async Task After_a_deny_it_is_a_notice()
    {
        await TakeIn(Alert());
        _store.Situation = Situation.Denied;
        await TakeIn(Alert("a2", severity: "Sev0"));

        Assert.Single(_store.Requests);
        Assert.Equal(["FiredAfterDeny"], _store.Told);
    }

    [Fact]
    public async Task One_rule_on_two_targets_is_two_incidents() =>
        Assert.NotEqual(await TakeIn(Alert()), await TakeIn(Alert("a2", target: ShopWeb + "-2")));

    [Fact]
    public async Task A_lost_race_is_tried_again_and_a_store_that_cannot_commit_is_said()
    {
        var id = await TakeIn(Alert());
        _store.Races = 2;
        Assert.Equal(id, await TakeIn(Alert("a2")));
        Assert.Equal(2, Assert.Single(_store.Incidents).Firings);

        _store.Down = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => TakeIn(Alert("a3")));
        Assert.Equal((2, 1), (_store.Firings.Count, _store.Requests.Count));
    }
}
