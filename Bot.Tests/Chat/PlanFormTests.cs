using System.Text.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Support;
using static RunModes.Bot.Tests.Chat.FilledForms;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Plans by a form: what is typed is judged here, saved once by whoever asked, and raises nothing without its confirmation.</summary>
public sealed class PlanFormTests
{
    [Fact]
    public async Task A_created_plan_has_Autonomous_preselected_and_exists_only_once_it_is_confirmed()
    {
        await using var world = await ChatWorld.Start();
        var form = await Open(world, ChatWorld.Ada, "create plan payments");
        Assert.Equal("payments", form.Value("plan_name"));
        Assert.Equal("Autonomous", form.Value("plan_mode"));
        await Send(world, ChatWorld.Ada, form, new() { ["plan_resource"] = "payments-api", ["plan_severities"] = "Sev2,Sev3", ["plan_title_not"] = "drill, test", ["plan_expiry"] = "45 minutes", ["plan_digest"] = "true" });
        Assert.Null(await world.Plan("payments"));
        var confirmation = await Asked(world);
        Assert.Contains("Title contains none of: **drill, test**", await world.Confirmation(confirmation), StringComparison.Ordinal);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, confirmation);
        var plan = (await world.Plan("payments"))!;
        Assert.Equal((RunMode.Autonomous, "payments-api", true), (plan.Mode, plan.Resource, plan.Digest));
        Assert.Equal("Sev2,Sev3 drill,test 00:45:00", $"{string.Join(',', plan.Severities)} {string.Join(',', plan.TitleNot)} {plan.ApprovalExpiry}");
        Assert.Equal(("Done", 0), (await Status(world, form), (await Read(world, form.Id)).Inputs.Count));
    }

    [Fact]
    public async Task An_edit_opens_with_what_is_stored_and_touches_only_what_was_changed()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous, p => p with { Severities = ["Sev0"], Resource = "app-service-prod", Instructions = "Call us.", Escalation = [new("ada@contoso.example", "Ada")], MergeWindow = TimeSpan.FromSeconds(90) });
        var form = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        Assert.Equal(("Sev0", "app-service-prod", "Call us.", null), (form.Value("plan_severities"), form.Value("plan_resource"), form.Value("plan_instructions"), form.Value("plan_name")));
        await Send(world, ChatWorld.Ada, form, new() { ["plan_mode"] = "Review" });
        var plan = (await world.Plan("prod-web"))!;
        Assert.Equal((RunMode.Review, "app-service-prod", "Call us.", 1, TimeSpan.FromSeconds(90)), (plan.Mode, plan.Resource, plan.Instructions, plan.Escalation.Count, plan.MergeWindow));
        Assert.Single(await world.Audit(AuditKind.ModeChanged));
    }

    [Fact]
    public async Task A_value_longer_than_its_box_stays_as_it_is_stored()
    {
        await using var world = await ChatWorld.Start();
        string[] words = [.. Enumerable.Range(0, 20).Select(i => $"word {i} {new string('x', 40)}")];
        await world.AddPlan("prod-web", RunMode.Autonomous, p => p with { TitleNot = words, Instructions = new string('y', 5000) });
        var form = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        Assert.Equal((500, 3000), (form.Value("plan_title_not")!.Length, form.Value("plan_instructions")!.Length));
        await Send(world, ChatWorld.Ada, form, new() { ["plan_mode"] = "Review" });
        var plan = (await world.Plan("prod-web"))!;
        Assert.Equal((RunMode.Review, 20, 5000), (plan.Mode, plan.TitleNot.Count, plan.Instructions.Length));
    }

    /// <summary>Settings may hold texts of any length; each character is up to twelve bytes of a card.</summary>
    [Theory]
    [InlineData("x")]
    [InlineData("漢")]
    [InlineData("😀")]
    [InlineData("\"")]
    public async Task A_form_with_every_box_full_fits_its_card_and_what_nobody_touched_stays_whole(string character)
    {
        await using var world = await ChatWorld.Start();
        string Full(int length) => string.Concat(Enumerable.Repeat(character, length));
        string[] words = [.. Enumerable.Range(0, 20).Select(i => $"{i} {Full(60)}")];
        await world.AddPlan("prod-web", RunMode.Autonomous, p => p with
        {
            TitleContains = Full(600), TitleContainsAll = words, TitleContainsAny = words, TitleNot = [.. words.Select(w => $"not {w}")], AlertRule = Full(600), ResourceGroup = Full(600), Resource = Full(600), Channel = Full(600), Instructions = Full(9000),
        });
        var stored = (await world.Plan("prod-web"))!;
        var form = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        Assert.InRange(form.Size, 1, AdaptiveCard.LargestSize);
        Assert.DoesNotContain('\uFFFD', string.Concat(form.Inputs.Values));
        Assert.Contains("left alone it stays whole", form.Text, StringComparison.Ordinal);

        await Send(world, ChatWorld.Ada, form, new() { ["plan_mode"] = "Review" });
        var plan = (await world.Plan("prod-web"))!;
        Assert.Equal((RunMode.Review, stored.TitleContains, stored.Instructions, stored.Channel), (plan.Mode, plan.TitleContains, plan.Instructions, plan.Channel));
        Assert.Equal(stored.TitleNot, plan.TitleNot);
    }

    [Fact]
    public async Task What_is_typed_and_is_too_long_to_be_shown_again_is_refused_with_a_line_and_stays_in_the_form()
    {
        await using var world = await ChatWorld.Start();
        var form = await Open(world, ChatWorld.Ada, "create plan payments");
        var texts = form.Inputs.Keys.Append("plan_title").Append("plan_title_all").Append("plan_title_any").Append("plan_rule").Append("plan_group").Append("plan_channel").Distinct()
            .Where(id => id is not ("plan_name" or "plan_mode" or "plan_platform" or "plan_severities" or "plan_digest" or "plan_enabled" or "plan_merge"));
        Dictionary<string, string> inputs = texts.ToDictionary(id => id, _ => new string('漢', 490));
        (inputs["plan_instructions"], inputs["plan_subscription"]) = (new string('漢', 2900), "production");
        var told = await Send(world, ChatWorld.Ada, form, inputs);
        Assert.Contains("Nothing was changed", told, StringComparison.Ordinal);
        Assert.Contains("too long to be shown again", told, StringComparison.Ordinal);
        var still = await Read(world, form.Id);
        Assert.Equal((form.Revision, form.Size), (still.Revision, still.Size));
        Assert.Null(await world.Plan("payments"));

        await Send(world, ChatWorld.Ada, form, new() { ["plan_instructions"] = new string('漢', 2900), ["plan_group"] = new string('漢', 80) });
        Assert.NotEmpty(await Asked(world));
    }

    [Theory]
    [InlineData("plan_mode", "sometimes", "Run mode: is Autonomous, Review, or the agent's default.")]
    [InlineData("plan_platform", "Nagios", "Alerts of: is Azure Monitor or PagerDuty.")]
    [InlineData("plan_severities", "P1", "'P1' never comes from AzureMonitor; use Sev0, Sev1, Sev2, Sev3, Sev4.")]
    [InlineData("plan_subscription", "production", "is not a GUID")]
    [InlineData("plan_type", "sites", "is not a resource type")]
    [InlineData("plan_resource", "a/b", "neither a full resource id nor one name")]
    [InlineData("plan_expiry", "soon", "takes a time from 1 minute to 7 days")]
    [InlineData("plan_expiry", "8 days", "takes a time from 1 minute to 7 days")]
    [InlineData("plan_attempts", "-1", "takes a whole number from 1 to 100")]
    [InlineData("plan_tools", "mail to Ada <ada@contoso.com>: x | y", "is not one plain address")]
    [InlineData("plan_tools", "query prod: T | evaluate http_request('https://evil.example')", "'evaluate' leads out of the workspace")]
    [InlineData("plan_max_instances", "many", "takes a whole number")]
    [InlineData("plan_digest", "perhaps", "is on or off")]
    [InlineData("plan_title_not", "memory", "no alert can match")]
    [InlineData("plan_name", "default", "is a word of the chat commands")]
    [InlineData("plan_name", "<at>all</at>", "may hold letters")]
    [InlineData("plan_name", "", "is missing")]
    [InlineData("plan_name", "prod-web", "There is a plan prod-web already")]
    public async Task A_field_that_cannot_be_read_says_what_is_accepted_and_nothing_typed_is_lost(string field, string typed, string says)
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var form = await Open(world, ChatWorld.Ada, "create plan payments");
        Dictionary<string, string> inputs = new() { ["plan_title"] = "high memory", ["plan_instructions"] = "Kept.", [field] = typed };
        await Send(world, ChatWorld.Ada, form, inputs);
        var again = await Read(world, form.Id);
        Assert.Contains(says, again.Text, StringComparison.Ordinal);
        Assert.Equal(("Kept.", 2), (again.Value("plan_instructions"), again.Revision));
        // A switch has no third state to come back in.
        if (typed.Length > 0 && field != "plan_digest")
        {
            Assert.Equal(typed, again.Value(field));
        }

        Assert.Null(await world.Plan("payments"));
        await Send(world, ChatWorld.Ada, again, new() { [field] = form.Value(field) ?? "", ["plan_name"] = "payments" });
        Assert.NotEmpty(await Asked(world));
    }

    [Fact]
    public async Task A_form_counts_once_in_time_for_whoever_asked_where_they_asked()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous);
        var form = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        Dictionary<string, string> review = new() { ["plan_mode"] = "Review" };
        Assert.Contains("Ada asked for this form", await Send(world, ChatWorld.Ben, form, review), StringComparison.Ordinal);
        Assert.Contains("Administrator", await Send(world, ChatWorld.Sam, form, review), StringComparison.Ordinal);
        Assert.Contains("in another conversation", await Send(world, ChatWorld.Ada, form, review, ChatWorld.Other), StringComparison.Ordinal);
        Assert.Contains("newest one", await Send(world, ChatWorld.Ada, form with { Revision = 7 }, review), StringComparison.Ordinal);
        Assert.Equal(RunMode.Autonomous, (await world.Plan("prod-web"))!.Mode);
        await Send(world, ChatWorld.Ada, form, review);
        Assert.Equal(RunMode.Review, (await world.Plan("prod-web"))!.Mode);
        Assert.Contains("saved already", await Send(world, ChatWorld.Ada, form, new() { ["plan_mode"] = "Autonomous" }), StringComparison.Ordinal);

        var late = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        world.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Contains("has expired", await Send(world, ChatWorld.Ada, late, new() { ["plan_instructions"] = "x" }), StringComparison.Ordinal);
        await world.Get<ConfirmationExpiry>().Sweep(TestContext.Current.CancellationToken);
        Assert.Equal("Expired", await Status(world, late));
        var given = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        await world.Press(ChatWorld.Ada, Verbs.Cancel, given.Id);
        Assert.Equal("Withdrawn", await Status(world, given));
    }

    [Fact]
    public async Task Of_two_who_edit_one_plan_the_second_sees_what_the_first_changed()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous);
        var (adas, bens) = (await Open(world, ChatWorld.Ada, "edit plan prod-web"), await Open(world, ChatWorld.Ben, "edit plan prod-web"));
        await Send(world, ChatWorld.Ben, bens, new() { ["plan_mode"] = "Review" });
        Assert.Contains("Ben changed it", await Send(world, ChatWorld.Ada, adas, new() { ["plan_instructions"] = "Mine." }), StringComparison.Ordinal);
        Assert.Equal("Superseded", await Status(world, adas));
        Assert.Equal((RunMode.Review, ""), (await world.Plan("prod-web") is { } plan ? (plan.Mode, plan.Instructions) : default));
    }

    [Fact]
    public async Task Hidden_fields_that_a_client_adds_are_not_read_and_markup_stays_text()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var form = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        await Send(world, ChatWorld.Ada, form, new() { ["plan_name"] = "other", ["Version"] = "9", ["Escalation"] = "x", ["plan_instructions"] = "[click](https://evil.example) <at>all</at> **now**" });
        var confirmation = await world.Confirmation(await Asked(world));
        Assert.DoesNotContain("](https://evil.example)", confirmation, StringComparison.Ordinal);
        Assert.Contains("Edit plan prod-web", confirmation, StringComparison.Ordinal);
        Assert.Null(await world.Plan("other"));
    }

    [Fact]
    public async Task A_submit_twin_of_the_button_saves_as_well()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous);
        var form = await Open(world, ChatWorld.Ada, "edit plan prod-web");
        await Send(world, ChatWorld.Ada, form, new() { ["plan_mode"] = "Review" }, fallback: true);
        Assert.Equal(RunMode.Review, (await world.Plan("prod-web"))!.Mode);
    }
}
