namespace RunModes.Bot.Proposals;

/// <summary>What a run of a task read to tell it, in place of a finding about one resource. One of them.</summary>
internal sealed record TaskReport(GroupHealth? Health = null, CostReport? Costs = null, LogReport? Logs = null);
