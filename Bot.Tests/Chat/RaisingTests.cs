using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Chat;

/// <summary>SECURITY, section 2, as attacks: what raises autonomy without touching a mode, tried by somebody who may not.</summary>
public sealed class RaisingTests
{
    private static readonly ResponsePlan Prod = new()
    {
        Name = "prod-web", Mode = RunMode.Review, Severities = ["Sev0"], TitleContains = "memory", SubscriptionId = "11111111-1111-1111-1111-111111111111", ResourceGroup = "web",
        ResourceType = "Microsoft.Web/sites", Resource = "app-service-prod", Channel = ChatWorld.Team, Runbooks = ["app-service-slow"], Instructions = "Ask twice.", ApprovalExpiry = TimeSpan.FromHours(1),
        Escalation = [new("ada@contoso.com", "Ada")],
    };

    private static readonly (string What, string Why, Func<ResponsePlan, ResponsePlan?> Edit)[] Attacks =
    [
        ("mode to Autonomous", "it no longer asks", p => p with { Mode = RunMode.Autonomous }),
        ("mode to the default", "it follows whoever raises the default", p => p with { Mode = null }),
        ("wider severities", "alerts that asked elsewhere are taken", p => p with { Severities = [] }),
        ("narrower severities", "alerts fall to an Autonomous plan", p => p with { Severities = ["Sev4"] }),
        ("wider title", "more alerts", p => p with { TitleContains = "" }),
        ("other title", "its alerts fall to another plan", p => p with { TitleContains = "zzz" }),
        ("all words of a title", "its alerts fall to another plan", p => p with { TitleContainsAll = ["zzz"] }),
        ("any word of a title", "its alerts fall to another plan", p => p with { TitleContainsAny = ["zzz"] }),
        ("not a word of a title", "its alerts fall to another plan", p => p with { TitleNot = ["zzz"] }),
        ("alert rule", "its alerts fall to another plan", p => p with { AlertRule = "zzz" }),
        ("other subscription", "its alerts fall to another plan", p => p with { SubscriptionId = "22222222-2222-2222-2222-222222222222" }),
        ("wider group", "more targets", p => p with { ResourceGroup = "" }),
        ("other type", "other targets", p => p with { ResourceType = "Microsoft.Compute/virtualMachines" }),
        ("wider resource", "more targets", p => p with { Resource = "" }),
        ("other source", "its alerts fall to another plan", p => p with { Platform = Platform.PagerDuty, Severities = ["P1"] }),
        ("channel", "the approvers no longer see it", p => p with { Channel = ChatWorld.Other }),
        ("all runbooks", "operations that nobody chose", p => p with { Runbooks = [] }),
        ("instructions", "what approvers are told, and later a model", p => p with { Instructions = "Restart whatever you like." }),
        ("expiry", "an approval is worth longer", p => p with { ApprovalExpiry = TimeSpan.FromDays(7) }),
        ("nobody is mentioned", "silence", p => p with { Escalation = [] }),
        ("digest", "asked below a list", p => p with { Digest = true }),
        ("more instances", "it scales further", p => p with { MaxInstances = 30 }),
        ("more attempts", "it acts again and again", p => p with { Attempts = 100 }),
        ("no merging", "each firing acts", p => p with { MergeEnabled = false }),
        ("shorter merge window", "each firing acts", p => p with { MergeWindow = TimeSpan.FromSeconds(1) }),
        ("pause", "its alerts fall to another plan", p => p with { Enabled = false }),
        ("lower and widen at once", "the lowering hides the filter", p => p with { Mode = RunMode.Review, Resource = "" }),
        ("delete", "its alerts fall to another plan", _ => null),
    ];

    public static TheoryData<string, string> Table => [.. Attacks.Select(a => (a.What, a.Why))];

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_Standard_User_who_edits_is_refused_nothing_changes_and_the_audit_knows(string what, string why)
    {
        Assert.NotEmpty(why);
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review, _ => Prod);
        await world.AddPlan("all-web", RunMode.Autonomous);
        var seen = (await world.Plan("prod-web"))!;
        var edit = Attacks.Single(a => a.What == what).Edit(seen);
        foreach (var (who, role) in ((Someone, Role)[])[(ChatWorld.Sam, Role.StandardUser), (ChatWorld.Rob, Role.Reader), (ChatWorld.Mute, Role.None)])
        {
            var answer = await PlanEditsTests.Take(world, new(seen, edit), who, role);
            Assert.Equal(EditOutcome.Refused, answer.Outcome);
            Assert.StartsWith("Only Administrators can", answer.Text.Markdown, StringComparison.Ordinal);
        }

        Assert.Equal(seen.Version, (await world.Plan("prod-web"))!.Version);
        Assert.DoesNotContain(await world.News(), i => i.Shows == Shown.Confirmation);
        Assert.Equal([ChatWorld.Sam.ObjectId, ChatWorld.Rob.ObjectId, ChatWorld.Mute.ObjectId], (await world.Audit(AuditKind.CommandRefused)).Where(e => e.Subject.ToString() == "plan/prod-web").Select(e => e.Actor.ObjectId));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task The_same_by_an_Administrator_waits_for_a_confirmation_unless_it_only_moves(string what, string why)
    {
        Assert.NotEmpty(why);
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review, _ => Prod);
        await world.Say(ChatWorld.Rob, "hi", ChatWorld.Channel(ChatWorld.Other));
        var seen = (await world.Plan("prod-web"))!;
        var answer = await PlanEditsTests.Take(world, new(seen, Attacks.Single(a => a.What == what).Edit(seen)), ChatWorld.Ada, Role.Administrator);
        Assert.Equal(what == "channel" ? EditOutcome.Done : EditOutcome.Asked, answer.Outcome);
        Assert.Equal(what != "channel", seen.Version == (await world.Plan("prod-web"))!.Version);
    }

    [Fact]
    public async Task A_Standard_User_creates_nothing_not_even_in_Review()
    {
        await using var world = await ChatWorld.Start();
        var answer = await PlanEditsTests.Take(world, new(null, new ResponsePlan { Name = "mine", Mode = RunMode.Review }), ChatWorld.Sam, Role.StandardUser);
        Assert.Equal(EditOutcome.Refused, answer.Outcome);
        Assert.Null(await world.Plan("mine"));
        Assert.Single(await world.Audit(AuditKind.CommandRefused));
    }

    /// <summary>What is typed. Columns: Administrator, Standard User, Reader.</summary>
    public static TheoryData<string, Expected, Expected, Expected> Typed { get; } = new()
    {
        { "pause staging", Expected.Card, Expected.Refused, Expected.Refused },
        { "resume paused", Expected.Card, Expected.Refused, Expected.Refused },
        { "delete staging", Expected.Card, Expected.Refused, Expected.Refused },
        { "create plan more", Expected.Shown, Expected.Refused, Expected.Refused },
        { "edit staging", Expected.Shown, Expected.Refused, Expected.Refused },
        { "create task more", Expected.Shown, Expected.Refused, Expected.Refused },
        { "test staging", Expected.Shown, Expected.Refused, Expected.Refused },
        { "use this channel for staging", Expected.Shown, Expected.Refused, Expected.Refused },
        { "investigate app-service-prod", Expected.Shown, Expected.Shown, Expected.Refused },
        { "propose restart app-service-prod", Expected.Shown, Expected.Shown, Expected.Refused },
        { "propose az webapp restart --ids x", Expected.Shown, Expected.Shown, Expected.Refused },
        { "propose kubectl get pods", Expected.Shown, Expected.Shown, Expected.Refused },
        { "tasks", Expected.Shown, Expected.Shown, Expected.Shown },
        { "hooks", Expected.Shown, Expected.Shown, Expected.Shown },
        { "insights", Expected.Shown, Expected.Shown, Expected.Shown },
        { "what mode is staging in", Expected.Shown, Expected.Shown, Expected.Shown },
        { "what is the default mode", Expected.Shown, Expected.Shown, Expected.Shown },
    };

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Each_role_may_exactly_this(string text, Expected administrator, Expected standard, Expected reader)
    {
        foreach (var (who, expected) in ((Someone, Expected)[])[(ChatWorld.Rob, reader), (ChatWorld.Sam, standard), (ChatWorld.Ada, administrator)])
        {
            await using var world = await ChatWorld.Start();
            await world.AddPlan("staging", RunMode.Autonomous);
            await world.AddPlan("paused", RunMode.Autonomous, p => p with { Enabled = false });
            var said = await world.Say(who, text);
            var refused = await world.Audit(AuditKind.CommandRefused);
            Assert.Equal(expected, refused.Count > 0 ? Expected.Refused : said.Any(i => i.Shows == Shown.Confirmation) ? Expected.Card : Expected.Shown);
            Assert.Equal((RunMode.Autonomous, true), ((await world.Plan("staging"))!.Mode, (await world.Plan("staging"))!.Enabled));
        }
    }

    [Theory]
    [InlineData("pause staging")]
    [InlineData("propose restart app-service-prod")]
    [InlineData("investigate app-service-prod")]
    public async Task Without_a_group_of_Standard_Users_the_people_of_the_team_may_lower_and_nothing_more(string text)
    {
        await using var world = await ChatWorld.Start(new Dictionary<string, string?> { ["Roles:StandardUser:Groups:0"] = null });
        await world.AddPlan("staging", RunMode.Autonomous);
        await world.Say(ChatWorld.Rob, text);
        Assert.Single(await world.Audit(AuditKind.CommandRefused));
        Assert.True((await world.Plan("staging"))!.Enabled);
    }
}
