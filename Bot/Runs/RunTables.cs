using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>The tables a run touches, and the unit of work that spans them.</summary>
internal sealed record RunTables(
    ILedger Ledger, IRuns Runs, IProposals Proposals, IIncidents Incidents, IPlans Plans, ITasks Tasks, IOutbox Outbox, IWaits Waits, IConversations Conversations, ILeases Leases, ILapses Lapses, Unreadable Unreadable);
