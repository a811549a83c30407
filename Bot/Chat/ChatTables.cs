using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>The tables a conversation touches beside those of the runs.</summary>
internal sealed record ChatTables(ILedger Ledger, IConversations Conversations, IOutbox Outbox, IPlans Plans, ITasks Tasks, IConfirmations Confirmations, IForms Forms, Unreadable Unreadable);

/// <summary>What settings say about the conversation.</summary>
internal sealed record ChatSettings(AgentSettings Agent, RoleOptions Roles)
{
    public bool ApproversConfigured => Roles.AdministratorGroups.Count > 0 || Roles.AdministratorAppRole is not null;
}

/// <summary>Raises one of the sandbox's sample alerts and says what it did. Registered in the sandbox alone.</summary>
internal sealed record PracticeAlerts(Func<string, CancellationToken, Task<string>> Raise);
