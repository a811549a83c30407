using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Whatever single fact changes between the claim and the first byte: nothing is sent. The control rows, where nothing changes, send one request.</summary>
public sealed class BetweenClaimAndSendTests
{
    private const string Restart = "Microsoft.Web/sites/restart/Action";

    private sealed record Moment(BotHost Bot, WebApp App)
    {
        public FakeArm Arm => Bot.Cloud.Arm;

        public Task<ResponsePlan?> Edit(string plan, Func<ResponsePlan, ResponsePlan> edit) => Bot.Services.GetRequiredService<ILedger>().Write(DurableStep.Unknown,
            async t =>
            {
                var plans = Bot.Services.GetRequiredService<IPlans>();
                var before = (await plans.Find(t, plan))!;
                return await plans.Update(t, edit(before), before.Version);
            },
            BotClient.Cancellation);

        public Task<Control?> Control(Func<Control, Control> edit) => Bot.Services.GetRequiredService<ILedger>().Write(DurableStep.Unknown,
            async t =>
            {
                var plans = Bot.Services.GetRequiredService<IPlans>();
                var before = await plans.ReadControl(t);
                return await plans.WriteControl(t, edit(before), before.Version);
            },
            BotClient.Cancellation);

        /// <summary>A further row like the claimed one, on a slot of the same app or on the app itself.</summary>
        public Task Twin(string id, string set) => Bot.Tamper(
            $"""
            INSERT INTO proposals (id, version, revision, run_id, incident_id, plan_key, status, target_key, intent_key, fingerprint, created_at, due_at, claim_id, claimed_at, in_doubt, remeasure, autonomous, operation, document)
              SELECT '{id}', version, revision, run_id, incident_id, plan_key, status, target_key || '/slots/blue', intent_key, fingerprint, created_at - 1, NULL, 'other', claimed_at, 0, 0, autonomous, operation, document
              FROM proposals WHERE status = 'Executing' AND id NOT LIKE 'twin%';
            UPDATE proposals SET {set} WHERE id = '{id}'
            """);
    }

    private static readonly Dictionary<string, Func<Moment, Task>> Facts = new()
    {
        ["nothing"] = _ => Task.CompletedTask,
        ["the emergency stop is pressed"] = m => m.Control(c => c with { Stopped = true, StoppedBy = "Sam", StoppedAt = m.Bot.Clock.GetUtcNow() }),
        ["the plan is paused"] = m => m.Edit(PlanOf(m), p => p with { Enabled = false }),
        ["the plan is deleted"] = m => m.Bot.Tamper($"UPDATE plans SET deleted = 1 WHERE plan_key = '{PlanOf(m)}'"),
        ["a lock is set"] = m => Done(() => m.Arm.Access.Lock(m.App.Id)),
        ["the locks cannot be read"] = m => Done(() => Trouble(m, "/locks")),
        ["the permission is taken away"] = m => Done(() => m.Arm.Access.ReadOnly($"/subscriptions/{Known.Subscription}")),
        ["the permissions cannot be read"] = m => Done(() => Trouble(m, "/permissions")),
        ["a deny assignment is made"] = m => Done(() => m.Arm.Access.DenyAssignments.Add(new(m.App.Id, [Restart], [], "stack"))),
        ["the target is deleted"] = m => Done(() => m.Arm.Remove(m.App.Id)),
        ["the target is hidden"] = m => Done(() => m.Arm.Hide(m.App.Id)),
        ["the plan is scaled out"] = m => Done(() => m.App.Plan.Workers = 3),
        ["the plan is scaled up"] = m => Done(() => m.App.Plan.Sku = "P2v3"),
        ["the plan cannot be read"] = m => Done(() => m.Arm.Hide(m.App.Plan.Id)),
        ["the target was deployed"] = m => Done(() => m.Arm.Deployed(m.App, TimeSpan.Zero)),
        ["the target was changed, and no log says so"] = m => Done(() => m.App.LastModified = m.Bot.Clock.GetUtcNow()),
        ["the target was restarted by hand"] = m => Done(() => m.Arm.ActivityLog.Add(new(m.Bot.Clock.GetUtcNow(), m.App.Id, Restart, "ada@contoso.example"))),
        ["the target was stopped"] = m => Done(() => m.App.State = AppState.Stopped),
        ["the stored operation is altered"] = m => m.Bot.Tamper("UPDATE proposals SET operation = replace(operation, 'app-service', 'app-service-x') WHERE status = 'Executing'"),
        ["the stored preconditions are removed"] = m => m.Bot.Tamper("UPDATE proposals SET operation = replace(operation, '\"DependsOn\"', '\"Nothing\"') WHERE status = 'Executing'"),
        ["the stored fingerprint is altered"] = m => m.Bot.Tamper("UPDATE proposals SET fingerprint = 'ab' WHERE status = 'Executing'"),
        ["the seal is altered"] = m => m.Bot.Tamper("UPDATE proposals SET document = replace(replace(document, '\"Seal\":\"', '\"Seal\":\"00'), '\"ClearedSeal\":\"', '\"ClearedSeal\":\"00') WHERE status = 'Executing'"),
        ["the claim is another's"] = m => m.Bot.Tamper("UPDATE proposals SET document = replace(document, '\"Claim\":{\"Value\":\"', '\"Claim\":{\"Value\":\"00') WHERE status = 'Executing'"),
        ["the store's generation rises"] = m => m.Bot.Tamper("UPDATE control SET generation = generation + 1"),
        ["a hook begins to object"] = m => Done(() => m.Arm.GroupTags["frozen"] = "yes"),
        ["a tag that a hook looks at cannot be read"] = m => Done(() => m.Arm.Faults.Always(Fault.Error(500, "InternalServerError", "Oops."), r => r.Path.EndsWith("/resourceGroups/web", StringComparison.OrdinalIgnoreCase))),
        ["the use-by passes"] = m => Done(() => m.Bot.Clock.Advance(TimeSpan.FromMinutes(16))),
        ["the permit grows old"] = m => Done(() => m.Bot.Clock.Advance(TimeSpan.FromSeconds(11))),
        ["something else executes on the target"] = m => m.Twin("twin1", "status = 'Executing', in_doubt = 1"),
    };

    private static readonly Dictionary<string, Func<Moment, Task>> OfApprovals = new()
    {
        ["the approver is no Administrator any more"] = m => Done(() => m.Bot.Cloud.Graph.Directory.Person(People.Ada.ObjectId, People.Ada.Name)),
        ["the approver's account is disabled"] = m => Done(() => m.Bot.Cloud.Graph.Directory.FindPerson(People.Ada.ObjectId)!.AccountEnabled = false),
        ["the approver's account is deleted"] = m => Done(() => m.Bot.Cloud.Graph.Directory.Remove(People.Ada.ObjectId)),
        ["Graph is down"] = m => Done(() => m.Bot.Cloud.Graph.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."))),
        ["the decision names somebody else"] = m => m.Bot.Tamper($"UPDATE proposals SET document = replace(document, '{People.Ada.ObjectId}', '{People.Ben.ObjectId}') WHERE status = 'Executing'"),
    };

    private static readonly Dictionary<string, Func<Moment, Task>> OfAutonomy = new()
    {
        ["the plan is set to Review"] = m => m.Edit(PlanOf(m), p => p with { Mode = RunMode.Review }),
        ["the budget is used up"] = async m =>
        {
            await m.Twin("twin1", "status = 'Succeeded', target_key = substr(target_key, 1, length(target_key) - 11)");
            await m.Twin("twin2", "status = 'Succeeded', target_key = substr(target_key, 1, length(target_key) - 11)");
        },
        ["a result on the target is in doubt"] = m => m.Twin("twin1", "status = 'Indeterminate', in_doubt = 1"),
    };

    /// <summary>A hook that looks at tags, so that one can begin to object.</summary>
    private static readonly Dictionary<string, string?> Frozen = new()
    {
        ["Hooks:0:Name"] = "frozen", ["Hooks:0:Matcher"] = "ArmWrite", ["Hooks:0:Kind"] = "rule", ["Hooks:0:Answer"] = "deny", ["Hooks:0:Reason"] = "Frozen", ["Hooks:0:When:Tags:frozen"] = "*",
    };

    public static TheoryData<string> Approved => [.. Facts.Keys, .. OfApprovals.Keys];

    public static TheoryData<string> Autonomous => [.. Facts.Keys, .. OfAutonomy.Keys];

    [Theory]
    [MemberData(nameof(Approved))]
    public async Task After_an_approval_nothing_is_sent_when(string changes)
    {
        var moments = new RoundTheClaim.Moments();
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod), Frozen, moments.Between);
        moments.After = () => (Facts.GetValueOrDefault(changes) ?? OfApprovals[changes])(new(bot, app));
        await bot.Install();
        await bot.Fire(app.Id);
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        if (changes == "nothing")
        {
            await bot.WaitForCard("Done");
            Assert.Single(bot.Cloud.Arm.Mutations);
            return;
        }

        // An execution whose row was taken from it ends as one whose worker was lost.
        await bot.Cloud.Teams.WaitFor(m => m.Status is { } s && (s.StartsWith("Failed", StringComparison.Ordinal) || s.StartsWith("Indeterminate", StringComparison.Ordinal)), TimeSpan.FromSeconds(60), BotClient.Cancellation);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Theory]
    [MemberData(nameof(Autonomous))]
    public async Task Without_asking_nothing_is_sent_when(string changes)
    {
        var moments = new RoundTheClaim.Moments();
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Staging), Frozen, moments.Between);
        moments.After = () => (Facts.GetValueOrDefault(changes) ?? OfAutonomy[changes])(new(bot, app));
        await bot.Install();
        await bot.Fire(app.Id);
        if (changes == "nothing")
        {
            await bot.WaitForText("Done:");
            Assert.Single(bot.Cloud.Arm.Mutations);
            return;
        }

        await bot.Cloud.Teams.WaitFor(
            m => m.Text?.Contains("Failed:", StringComparison.Ordinal) == true || m.Text?.Contains("Could not tell:", StringComparison.Ordinal) == true || m.Status?.StartsWith("Indeterminate", StringComparison.Ordinal) == true,
            TimeSpan.FromSeconds(60), BotClient.Cancellation);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Theory]
    [InlineData("the operation", "operation = replace(operation, 'app-service', 'app-service-x')")]
    [InlineData("a precondition", "operation = replace(operation, 'P1v3', 'P2v3')")]
    [InlineData("the preconditions", "operation = replace(operation, '\"DependsOn\"', '\"Nothing\"')")]
    [InlineData("the fingerprint", "fingerprint = 'ab'")]
    [InlineData("the seal", "document = replace(document, '\"Seal\":\"', '\"Seal\":\"00')")]
    [InlineData("the revision", "revision = revision + 1")]
    public async Task Nothing_is_sent_of_a_row_in_which_somebody_altered(string what, string set)
    {
        var moments = new RoundTheClaim.Moments();
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod), parts: moments.Between);
        moments.Before = () => bot.Tamper($"UPDATE proposals SET {set} WHERE status = 'Approved'");
        await bot.Install();
        await bot.Fire(app.Id);
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        await bot.WaitForCard("Failed", m => m.Reads.Contains("altered", StringComparison.Ordinal));
        await bot.WaitForAudit("TamperFound");
        Assert.True(bot.Cloud.Arm.Mutations.Count == 0, what);
    }

    private static string PlanOf(Moment moment) => moment.App.Name == World.Prod ? "prod-web" : "staging-web";

    private static void Trouble(Moment moment, string ending) =>
        moment.Arm.Faults.Always(Fault.Error(500, "InternalServerError", "Oops."), r => r.Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static Task Done(Action change)
    {
        change();
        return Task.CompletedTask;
    }
}
