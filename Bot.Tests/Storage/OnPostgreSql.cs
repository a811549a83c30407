namespace RunModes.Bot.Tests.Storage;

public sealed class ClaimTestsOnPostgreSql : ClaimTests;

public sealed class ConversationTableTestsOnPostgreSql : ConversationTableTests;

public sealed class LedgerTestsOnPostgreSql : LedgerTests;

public sealed class OutboxTableTestsOnPostgreSql : OutboxTableTests;

public sealed class ProposalTableTestsOnPostgreSql : ProposalTableTests;

public sealed class StoredAuditTestsOnPostgreSql : StoredAuditTests;

public sealed class TurnTableTestsOnPostgreSql : TurnTableTests;

public sealed class WriteBackTableTestsOnPostgreSql : WriteBackTableTests;
