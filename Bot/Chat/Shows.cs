using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>The commands that only show. Everything is read in one snapshot, and whatever somebody else wrote is neutralised.</summary>
internal sealed class Shows(RunTables tables, ChatTables chat, ChatSettings settings, HealthReport health, PracticeAlerts? practice = null)
{
    private const int MostPlans = 40;
    private const int MostPending = 20;
    private const int MostHistory = 15;
    private const int MostUnmatched = 10;

    public async Task<CardText> Of(Command command, ChatMessage message, RoleAnswer role, CancellationToken cancellation) => command switch
    {
        Command.Help => Help(),
        Command.WhoAmI => WhoAmI(message, role),
        Command.Approvers => Approvers(),
        Command.Health => await health.Read(role, cancellation),
        Command.Practice p => practice is null ? CardText.Of($"Practice alerts exist in the sandbox only. Nothing was raised.") : CardText.Of($"{await practice.Raise(p.Scenario, cancellation)}"),
        Command.Unknown u => Unknown(u),
        _ => await tables.Ledger.Read(t => Stored(t, command), cancellation),
    };

    private Task<CardText> Stored(ITransaction transaction, Command command) => command switch
    {
        Command.OnePlan p => OnePlan(transaction, p.Name),
        Command.AllPlans => Plans(transaction),
        Command.Pending => Pending(transaction),
        Command.History h => History(transaction, h.Plan),
        _ => Unmatched(transaction),
    };

    private CardText Help()
    {
        var practised = practice is null ? CardText.Empty : CardText.Of($"- `practice prod`, `practice staging`, `practice stuck`: raise a sample alert");
        return CardText.Join("\n",
        [
            CardText.Of($"- `plans`, `plan <name>`: response plans, their run modes and where these come from\n- `pending`: operations that wait for a decision\n- `history`, `history <plan>`: what was done, and who decided\n- `unmatched`: alerts that no plan took\n- `health`: what works and what does not\n- `whoami`, `approvers`: who may do what"),
            CardText.Of($"- Standard Users: `set <plan> to review`, `set default to review`, `stop`\n- Administrators, with a confirmation: `set <plan> to autonomous`, `set default to autonomous`, `start`\n- Administrators: `use this channel`, `use this channel for <plan>`, and Approve or Deny on a card"),
            practised,
        ]);
    }

    private CardText WhoAmI(ChatMessage message, RoleAnswer role)
    {
        var may = role switch
        {
            { IsAdministrator: true } => "You may approve and deny, set any run mode, stop and start, and choose channels.",
            _ when role.IsAtLeast(Role.StandardUser) => "You may set run modes to Review, stop, and have an incident investigated again.",
            _ when role.IsAtLeast(Role.Reader) => settings.Roles.StandardUserGroups.Count == 0
                ? "You may look; and in a channel of a team that has this bot, stop and set run modes to Review."
                : "You may look.",
            _ => "You may do nothing here.",
        };
        return CardText.Of($"{role.Says} {may}\n\nObject id {message.Actor.ObjectId ?? "unknown"}, tenant {message.Actor.TenantId}.");
    }

    private CardText Approvers()
    {
        var groups = settings.Roles.AdministratorGroups;
        var named = groups.Count > 0 ? CardText.Of($"members of {(groups.Count == 1 ? "the group" : "the groups")} {string.Join(", ", groups)}") : CardText.Empty;
        var role = settings.Roles.AdministratorAppRole is { } value ? CardText.Of($"holders of the app role {value}") : CardText.Empty;
        return settings.ApproversConfigured
            ? CardText.Of($"Only Administrators approve: {CardText.Join(" and ", [named, role])}. Microsoft Graph is asked at each click; `whoami` tells what you are.")
            : CardText.Of($"Nobody: no approvers are configured (`Roles:Administrator:Groups`), so nothing can be approved.");
    }

    private static CardText Unknown(Command.Unknown unknown) =>
        CardText.Of($"I don't know that. Perhaps: {CardText.Join(", ", unknown.Nearest.Select(n => CardText.Of($"{n}")))}. Write `help` for all commands.");

    private async Task<CardText> Plans(ITransaction transaction)
    {
        var control = await tables.Plans.ReadControl(transaction);
        var plans = await tables.Plans.All(transaction);
        return CardText.Join("\n",
        [
            CardText.Of($"Default mode: **{(control.DefaultMode ?? RunMode.Review).ToString()}**{(control.DefaultMode is null ? CardText.Of($" (never set)") : CardText.Empty)}. It applies to plans that store none."),
            plans.Count == 0 ? CardText.Of($"\nThere are no plans, so every alert is listed as unmatched.") : CardText.Of($"\n{CardText.Join("\n", plans.Take(MostPlans).Select(p => PlanWords.Line(p, control)))}"),
            More(plans.Count, MostPlans),
        ]);
    }

    private async Task<CardText> OnePlan(ITransaction transaction, string name)
    {
        if (await tables.Plans.Find(transaction, name.ToLowerInvariant()) is not { } plan)
        {
            return await NoPlan(transaction, name);
        }

        var control = await tables.Plans.ReadControl(transaction);
        var channel = plan.Channel is { } id ? await chat.Conversations.Find(transaction, id) : null;
        var place = plan.Channel is null ? CardText.Of($"the default channel") : channel is null ? CardText.Of($"a channel that the bot cannot reach") : PlanWords.Place(channel);
        List<CardText> lines =
        [
            CardText.Of($"**{CardText.Outside(plan.Name, 64)}**"),
            CardText.Of($"- **Run mode**: {PlanWords.ModeOf(plan, control).ToString()}"),
            CardText.Of($"- **State**: {(plan.Enabled ? "enabled" : "paused")}"),
            CardText.Of($"- **Takes**: {PlanWords.Filter(plan)}"),
            CardText.Of($"- **Asks in**: {place}, for {Words.Span(plan.ApprovalExpiry ?? settings.Agent.ApprovalExpiry)}"),
            CardText.Of($"- **If nobody answers**: a reminder at half of that time, another at three quarters{(plan.Escalation.Count == 0 ? CardText.Empty : CardText.Of($" that mentions {CardText.Join(", ", plan.Escalation.Take(10).Select(c => CardText.Outside(c.Name, 80)))}"))}"),
            CardText.Of($"- **Posts**: {(plan.Digest ? "Sev2 and milder in one thread a day, Sev0 and Sev1 in a post each" : "one for each incident")}"),
            CardText.Of($"- **Runbooks**: {(plan.Runbooks.Count == 0 ? "all that fit" : string.Join(", ", plan.Runbooks))}"),
            CardText.Of($"- **Scales out**: {(plan.MaxInstances is { } most ? CardText.Of($"up to {most} instances, one at a time") : CardText.Of($"never: no maximum is stored (MaxInstances)"))}"),
            CardText.Of($"- **Attempts**: {plan.Attempts} investigations of one incident, then people take over"),
            CardText.Of($"- **Merging**: {(plan.MergeEnabled ? $"firings of one rule and target within {Words.Span(plan.MergeWindow)}" : "off")}"),
            CardText.Of($"- **Instructions**: {(plan.Instructions.Length == 0 ? CardText.Of($"none") : CardText.Outside(plan.Instructions, 1500))}"),
            CardText.Of($"\nInstructions are shown to approvers and not interpreted until a model investigates."),
        ];
        return CardText.Join("\n", lines);
    }

    private async Task<CardText> Pending(ITransaction transaction)
    {
        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.AwaitingApproval, ProposalStatus.Blocked], 1000);
        if (open.Count == 0)
        {
            return CardText.Of($"Nothing waits for a decision.");
        }

        List<CardText> lines = [];
        foreach (var gated in open.Take(MostPending))
        {
            var p = gated.Proposal;
            var message = (await tables.Outbox.MessagesOf(transaction, p.Subject)).LastOrDefault();
            var where = message is null ? CardText.Empty : CardText.Of($", in {PlanWords.Place(await chat.Conversations.Find(transaction, message.Message.ConversationId))}");
            var due = gated.Status == ProposalStatus.Blocked
                ? CardText.Of($"**Blocked**: {CardText.Outside(string.Join(" ", gated.Verdict.Reasons), 300)}")
                : p.Deadline is { } deadline ? CardText.Of($"**Awaiting approval** until {PlanWords.At(deadline)}")
                : CardText.Of($"**Awaiting approval**, its card is **not delivered yet** and no deadline runs{Because(await tables.Outbox.LatestOf(transaction, p.Subject))}");
            lines.Add(CardText.Of($"- {CardText.Outside(p.Operation.Title, 200)}: {CardText.Outside(p.Finding.Present, 200)}. {due}{where}"));
        }

        return CardText.Join("\n", [.. lines, More(open.Count, MostPending)]);
    }

    private static CardText Because(OutboxRow? row) => row is { Problem: { Length: > 0 } problem } ? CardText.Of($": {CardText.Outside(problem.TrimEnd('.'), 200)}") : CardText.Empty;

    private async Task<CardText> History(ITransaction transaction, string? plan)
    {
        if (plan is not null && await tables.Plans.Find(transaction, plan.ToLowerInvariant()) is null)
        {
            return await NoPlan(transaction, plan);
        }

        var past = await tables.Proposals.History(transaction, plan, MostHistory);
        return past.Count == 0 ? CardText.Of($"Nothing has been proposed yet.") : CardText.Join("\n", past.Select(Past));
    }

    private static CardText Past(GatedProposal gated)
    {
        var p = gated.Proposal;
        var who = p.Decision is { } d ? CardText.Of($" {(d.Kind == DecisionKind.Approve ? "Approved" : "Denied")} by {CardText.Outside(d.By.Name, 80)}.")
            : p.IsAutonomous ? CardText.Of($" Nobody was asked: {gated.Mode.ToString()}.") : CardText.Empty;
        var reason = p.Decision?.Reason is { } given ? CardText.Of($" Reason: {CardText.Outside(given, 200)}.") : CardText.Empty;
        var measured = p.Verification is { State: VerificationState.Recovered or VerificationState.NotRecovered } watch ? CardText.Of($" {watch.Signal.Label}: {OperationWords.BeforeAfter(watch)}.") : CardText.Empty;
        var plan = p.Plan is { } name ? CardText.Of($" · {CardText.Outside(name, 64)}") : CardText.Empty;
        return CardText.Of($"- {PlanWords.At(p.CreatedAt)}{plan} · {CardText.Outside(p.Operation.Title, 200)}: **{gated.Status.ToString()}**.{who}{reason}{measured}");
    }

    private async Task<CardText> Unmatched(ITransaction transaction)
    {
        var incidents = await tables.Incidents.Unmatched(transaction, MostUnmatched);
        return incidents.Count == 0
            ? CardText.Of($"Every alert so far was taken by a plan.")
            : CardText.Join("\n", incidents.Select(i => CardText.Of(
                $"- {PlanWords.At(i.LastFiredAt)} · {CardText.Outside(i.Severity, 20)} · **{CardText.Outside(i.Title, 120)}** · {CardText.Outside(i.Target?.Name ?? i.TargetProblem ?? "no target", 200)} · {CardText.Outside(i.PlanWhy, 250)}")));
    }

    public async Task<CardText> NoPlan(ITransaction transaction, string name)
    {
        var plans = await tables.Plans.All(transaction);
        var known = plans.Count == 0 ? CardText.Of($"There are no plans.") : CardText.Of($"Plans: {CardText.Join(", ", plans.Take(10).Select(p => CardText.Outside(p.Name, 64)))}{(plans.Count > 10 ? CardText.Of($" and more") : CardText.Empty)}.");
        return CardText.Of($"There is no plan {CardText.Outside(name, 64)}. {known}");
    }

    private static CardText More(int count, int shown) => count > shown ? CardText.Of($"- and {count - shown} more") : CardText.Empty;
}
