namespace RunModes.Bot.Tests.Runs;

/// <summary>What the model of the rules remembers.</summary>
internal sealed partial class TargetModel
{
    public enum Is { Refused, Blocked, AwaitingApproval, Cleared, Approved, Denied, Executing, Succeeded, Failed, Indeterminate, Expired, Superseded, Withdrawn }

    public enum Stage { Queued, Acting, Verifying, Ended }

    public enum Answer { Accepted, Conflict, Lost }

    public enum Moment { Never, Looking, Claiming, LookingAgain, Sent }

    public sealed class Plan
    {
        public bool? Autonomous { get; set; }
        public bool Enabled { get; set; } = true;
    }

    public sealed class Incident
    {
        public required int Target { get; init; }
        public required int Rule { get; init; }
        public required long First { get; init; }
        public long Fired { get; set; }
        public int Severity { get; set; }
        public int Attempts { get; set; }
        public bool Open { get; set; } = true;
    }

    public sealed class Run
    {
        public required Incident Incident { get; init; }
        public string? Person { get; init; }
        public required long Created { get; init; }
        public long Due { get; set; }
        public bool Autonomous { get; set; }
        public bool FromDefault { get; set; }
        public Stage State { get; set; }
        public Proposal? Proposal { get; set; }
    }

    public sealed class Proposal
    {
        public required Run Run { get; init; }
        public required int Target { get; init; }
        public Is Status { get; set; }
        public int Revision { get; set; } = 1;
        public required long FoundAt { get; init; }
        public long? Deadline { get; set; }
        public long UseBy { get; set; }
        public string? Approver { get; set; }
        public long DecidedAt { get; set; }
        public long? ClaimedAt { get; set; }
        public long? WatchDue { get; set; }
        public long GiveUp { get; set; }
        public bool Recovered { get; set; }
        public bool Forged { get; set; }
        public bool Annotated { get; set; }
        public bool Remeasure { get; set; }

        /// <summary>The size that the newest revision names, and that it depends on.</summary>
        public required int Size { get; set; }

        /// <summary>A revision said that it recovered by itself.</summary>
        public bool ToldRecovered { get; set; }

        /// <summary>How many revisions came of looking while it waited.</summary>
        public int Revisions { get; set; }

        /// <summary>When it is looked at next, and which revision that was planned for.</summary>
        public (int Revision, long Due) Look { get; set; }
        public int Posts { get; set; }

        public bool InDoubt => Status == Is.Executing || (Status == Is.Indeterminate && !Annotated);

        public bool Ended => Status is Is.Refused or Is.Denied or Is.Succeeded or Is.Failed or Is.Expired or Is.Superseded or Is.Withdrawn;

        public int Order(TargetModel model) => model.Proposals.IndexOf(this);
    }
}
