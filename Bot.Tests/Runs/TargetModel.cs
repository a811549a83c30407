namespace RunModes.Bot.Tests.Runs;

/// <summary>
/// The rules about targets, said a second time and as plainly as possible: no store, no transactions, nothing of the product. Three targets of
/// which the second lies below the first, a plan for each, two rules that may fire on any of them, and people. Seconds are the clock.
/// </summary>
internal sealed partial class TargetModel
{
    public const int App = 0, Slot = 1, Other = 2, Targets = 3;
    private const int Minute = 60, Hour = 60 * Minute, Day = 24 * Hour;

    public long Now { get; set; }
    public bool Stopped { get; private set; }
    public bool? DefaultAutonomous { get; private set; }
    public Plan[] Plans { get; } = [new() { Autonomous = false }, new() { Autonomous = false }, new()];
    public bool[] Sick { get; } = [true, true, true];
    public int[] Sizes { get; } = [0, 0, 0];
    public HashSet<string> Administrators { get; } = ["Ada", "Ben"];
    public List<Incident> Incidents { get; } = [];
    public List<Run> Runs { get; } = [];
    public List<Proposal> Proposals { get; } = [];
    public int Decisions { get; private set; }

    public void Start(bool?[] modes, bool? byDefault)
    {
        DefaultAutonomous = byDefault;
        for (var i = 0; i < Targets; i++) Plans[i].Autonomous = modes[i];
    }

    public static bool Overlap(int one, int other) => one == other || (one != Other && other != Other);

    public void Investigate(Run run, Action? meanwhile, bool killed)
    {
        if (!Sick[run.Incident.Target])
        {
            (run.State, run.Incident.Open) = (Stage.Ended, false);
            return;
        }

        var (pinned, size) = (run.Autonomous, Sizes[run.Incident.Target]);
        meanwhile?.Invoke();
        // A run that was tightened under the investigator's hands is investigated anew.
        run.Due = run.Autonomous == pinned || killed ? run.Due : Now + 10;
        if (killed || run.Autonomous != pinned) return;
        var says = Judge(run, null);
        foreach (var earlier in Proposals.Where(p => p.Run.Incident == run.Incident && p.Status is Is.Blocked or Is.AwaitingApproval)) earlier.Status = Is.Superseded;
        run.Proposal = new() { Run = run, Target = run.Incident.Target, Status = says, Size = size, FoundAt = Now, UseBy = Now + (says == Is.Cleared ? 5 * Minute : Hour) };
        run.State = Stage.Acting;
        Proposals.Add(run.Proposal);
    }

    public void Execute(Proposal p, Answer answer, Moment at, Action? meanwhile, bool killed)
    {
        var before = (p.Status, p.Revision);
        var asked = p.Status == Is.Approved;
        if (!Plans[p.Target].Enabled)
        {
            p.Status = Is.Withdrawn;
            return;
        }

        if (Reached(Moment.Looking) || (p.Status, p.Revision) != before) return;
        var says = Judge(p.Run, p);
        if (asked && !Administrators.Contains(p.Approver!)) AskAgain(p);
        else if (says == Is.Blocked) Block(p);
        else if (!asked && says == Is.AwaitingApproval) AskAgain(p);
        else if (p.Size != Sizes[p.Target])
        {
            // What was decided is what the card showed, and nothing else, however often it was so before.
            AskAgain(p);
            p.Size = Sizes[p.Target];
        }
        else if (RecoveredUntold(p))
        {
            p.ToldRecovered = true;
            if (asked) AskAgain(p);
            else p.Status = Is.Withdrawn;
        }

        if ((p.Status, p.Revision) != before) return;

        if (Reached(Moment.Claiming) || (p.Status, p.Revision) != before) return;
        // The claim looks at everything itself.
        var allowed = p.UseBy > Now && !Stopped && Plans[p.Target].Enabled && (asked || Autonomous(p.Target))
            && !Proposals.Exists(o => o != p && Overlap(o.Target, p.Target) && o.InDoubt);
        if (!allowed) return;
        (p.Status, p.ClaimedAt) = (Is.Executing, Now);
        if (p.Forged)
        {
            p.Status = Is.Failed;
            return;
        }

        if (Reached(Moment.LookingAgain)) return;
        says = Judge(p.Run, p);
        if ((asked && !Administrators.Contains(p.Approver!)) || says == Is.Blocked || (!asked && says != Is.Cleared) || !AsTold(p) || p.Target == Slot)
        {
            // The catalogue knows no operation on a slot.
            p.Status = Is.Failed;
            return;
        }

        p.Posts++;
        if (Reached(Moment.Sent)) return;
        p.Status = answer switch { Answer.Accepted => Is.Succeeded, Answer.Conflict => Is.Failed, _ => Is.Indeterminate };
        if (answer != Answer.Accepted) return;
        (p.WatchDue, p.GiveUp) = (Now + Minute, Now + 11 * Minute);
        Sick[p.Target] = false;

        bool Reached(Moment moment)
        {
            if (at == moment) meanwhile?.Invoke();
            return killed && at == moment;
        }
    }

    public void Click(string person, Proposal p, bool approve, int revision)
    {
        // What a person asked for does not overtake what was there before.
        var behind = approve && p.Run.Person is not null
            && Proposals.Exists(o => o.Run != p.Run && Overlap(o.Target, p.Target) && o.Order(this) < p.Order(this) && o.Status is Is.AwaitingApproval or Is.Approved or Is.Cleared or Is.Executing);
        if (!Administrators.Contains(person) || p.Status != Is.AwaitingApproval || p.Revision != revision || Stopped || p.Deadline is not { } deadline || deadline <= Now || behind) return;
        Decisions++;
        (p.Status, p.Approver, p.DecidedAt, p.UseBy) = (approve ? Is.Approved : Is.Denied, person, Now, Now + 15 * Minute);
    }

    public static void Annotate(Proposal p) => p.Annotated |= p.Status == Is.Indeterminate;

    /// <summary>Written past the bot: an approval whose seal nobody could make.</summary>
    public void Forge(Proposal p)
    {
        if (p.Status != Is.AwaitingApproval) return;
        (p.Status, p.Approver, p.Forged, p.UseBy) = (Is.Approved, "Ada", true, Now + 15 * Minute);
    }

    public void Stop()
    {
        if (Stopped) return;
        Stopped = true;
        foreach (var p in Proposals.Where(p => p.Status is Is.Cleared or Is.Approved)) Block(p);
    }

    public void Start() => Stopped = false;

    public void ToReview(int plan)
    {
        if (Plans[plan].Autonomous == false) return;
        Plans[plan].Autonomous = false;
        Tighten(r => r.Incident.Target == plan, byDefault: false);
    }

    public void DefaultToReview()
    {
        if (DefaultAutonomous != true) return;
        DefaultAutonomous = false;
        Tighten(r => r.FromDefault || Plans[r.Incident.Target].Autonomous is null, byDefault: true);
    }

    /// <summary>Reaches the next run only.</summary>
    public void Raise(int plan) => Plans[plan].Autonomous = true;

    public void Expire()
    {
        foreach (var p in Proposals.Where(p => (p.Status == Is.AwaitingApproval ? p.Deadline : p.Status is Is.Blocked or Is.Approved or Is.Cleared ? p.UseBy : null) <= Now)) p.Status = Is.Expired;
    }

    /// <summary>Each run follows its proposal by one step; only what the bot measured closes an incident.</summary>
    public void Settle()
    {
        foreach (var run in Runs.Where(r => r.State is Stage.Acting or Stage.Verifying))
        {
            var p = run.Proposal!;
            if (run.State == Stage.Acting && p.Status == Is.Succeeded) run.State = Stage.Verifying;
            else if (run.State == Stage.Acting ? p.Ended || p.Status == Is.Indeterminate : p.WatchDue is null)
            {
                run.State = Stage.Ended;
                if (p.Status == Is.Withdrawn || p.Recovered) run.Incident.Open = false;
            }
        }
    }

    /// <summary>After <see cref="Start()"/>: whatever the stop caught asks a person.</summary>
    public void GateAgain()
    {
        foreach (var p in Proposals.Where(p => !Stopped && p.Status == Is.Blocked))
        {
            if (Plans[p.Target].Enabled) AskAgain(p);
            else p.Status = Is.Withdrawn;
        }
    }

    public void Verify()
    {
        foreach (var p in Proposals.Where(p => p.WatchDue <= Now))
        {
            p.Recovered = !Sick[p.Target];
            p.WatchDue = p.Recovered || Now >= p.GiveUp ? null : Math.Min(Now + Minute / 2, p.GiveUp);
        }
    }

    /// <summary>What was being read is read again; what was being executed nobody knows.</summary>
    public void Kill()
    {
        foreach (var p in Proposals.Where(p => p.Status == Is.Executing)) p.Status = Is.Indeterminate;
    }

    /// <returns>Whether there is anything to show anew.</returns>
    public bool Deliver()
    {
        var fresh = Proposals.Where(p => p.Status == Is.Indeterminate || (p.Status == Is.AwaitingApproval && p.Deadline is null)).ToList();
        fresh.ForEach(p => p.Deadline ??= Now + Hour);
        return fresh.Count > 0;
    }

    private Is Judge(Run run, Proposal? self)
    {
        if (Stopped) return Is.Blocked;
        var claims = Proposals.Count(p => p.Target == run.Incident.Target && p.ClaimedAt > Now - Day) - (self?.ClaimedAt is null ? 0 : 1);
        var found = self?.FoundAt ?? Now;
        var asks = !run.Autonomous || found + Minute <= run.Incident.Fired || !Autonomous(run.Incident.Target) || run.Person is not null || claims >= 2 || Now - run.Created > 15 * Minute || Proposals.Exists(Contests);
        return asks ? Is.AwaitingApproval : Is.Cleared;

        bool Contests(Proposal o) => o != self && Overlap(o.Target, run.Incident.Target) && (o.Status switch
        {
            Is.Denied => o.Run.Incident.Open,
            Is.AwaitingApproval => Older(o) && o.Run.Incident != run.Incident,
            Is.Approved or Is.Executing or Is.Indeterminate => true,
            Is.Cleared => Older(o),
            _ => false,
        } || o.ClaimedAt >= found);

        bool Older(Proposal o) => self is null || o.Order(this) < self.Order(this);
    }

    private void Tighten(Func<Run, bool> concerned, bool byDefault)
    {
        foreach (var run in Runs.Where(concerned))
        {
            if (run is { State: Stage.Queued, Autonomous: true }) (run.Autonomous, run.FromDefault) = (false, byDefault);
            if (run.Proposal is { Status: Is.Cleared or Is.Approved } p) AskAgain(p);
        }
    }

    private static void AskAgain(Proposal p) => (p.Status, p.Revision, p.Deadline, p.Approver, p.Forged) = (Is.AwaitingApproval, p.Revision + 1, null, null, false);

    private void Block(Proposal p) => (p.Status, p.UseBy, p.Approver, p.Forged) = (Is.Blocked, Now + Hour, null, false);

    private bool Autonomous(int plan) => Plans[plan].Autonomous ?? DefaultAutonomous ?? false;
}
