using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Reporting;

/// <summary>What a row shows. The row names it; the sender renders its present state, so that a late message never tells an old story.</summary>
internal enum Shown { Nothing = 0, Proposal, RunReport, Notice, Confirmation, Reminder, Digest, Form }

/// <summary>Order within a channel: a stop must not queue behind reports, nor an approval behind cosmetics.</summary>
internal enum Urgency { Cosmetic = 0, Reply = 10, Result = 20, Decision = 30, Approval = 40, DigestRoot = 45, UrgentApproval = 50, Stop = 60 }

internal enum OutboxState { Undeliverable = 0, Pending, Sending, Done }

/// <param name="Subject">"proposal/…", "run/…", "confirmation/…"; for a notice its own id.</param>
/// <param name="Thread">What the message belongs to ("incident/…"): its first post is a root, later ones reply to it. Of a "digest/…" only the digest itself is the root.</param>
/// <param name="ConversationId">Null: the plan's channel, else the default, else General of the first team.</param>
/// <param name="Payload">A notice's text or card, fixed when it was written; null where the present state is rendered.</param>
internal sealed record OutboxItem(
    Shown Shows,
    string Subject,
    Urgency Urgency,
    string? Thread = null,
    string? ConversationId = null,
    string? RootId = null,
    Payload? Payload = null)
{
    public const string DigestThread = "digest/";

    /// <summary>Never a root itself: it waits until the digest that it belongs to stands.</summary>
    public bool NeedsRoot => Shows != Shown.Digest && Thread?.StartsWith(DigestThread, StringComparison.Ordinal) == true;

    /// <param name="stands">Whether its message was posted already: then only a line changes.</param>
    public static OutboxItem OfDigest(string thread, bool stands) => new(Shown.Digest, thread, stands ? Urgency.Cosmetic : Urgency.DigestRoot, thread);
}

/// <param name="CardJson">A card, or null for plain text.</param>
internal sealed record Payload(string Text, string? CardJson = null);

/// <param name="Holder">The turn it is being sent under.</param>
/// <param name="Destination">Where it was last found to go.</param>
internal sealed record OutboxRow(
    string Id, OutboxItem Item, OutboxState State, int Attempts, DateTimeOffset NextAt, DateTimeOffset CreatedAt, bool MayHaveArrived, string? Problem,
    string? Holder = null, string? Destination = null);

/// <summary>What a postponed row waits for; in doubt, it may have arrived.</summary>
internal enum Postponed { InDoubt = 0, ForItsTime, Parked }

/// <summary>A message of ours that shows a subject in one of its revisions. Two of them for one revision are twins of a crash.</summary>
/// <param name="ContentHash">Of what it shows now: an update that would change nothing is not sent.</param>
internal sealed record ShownMessage(string Subject, int Revision, MessageRef Message, string ContentHash, DateTimeOffset At);

/// <summary>Durable outbox. Port to the store.</summary>
internal interface IOutbox
{
    /// <summary>Coalesces: while a row for the same subject waits, there is no second.</summary>
    Task Enqueue(ITransaction transaction, OutboxItem item, DateTimeOffset now);

    /// <summary>The most urgent of each conversation that may speak now, and what is not known yet where it goes.</summary>
    Task<IReadOnlyList<OutboxRow>> Due(ITransaction transaction, DateTimeOffset now, int most);

    /// <summary>When the next conversation may speak that something due waits for.</summary>
    Task<DateTimeOffset?> NextTurn(ITransaction transaction, DateTimeOffset now);

    Task Route(ITransaction transaction, IReadOnlyList<(string Id, string ConversationId)> routes);

    Task<bool> IsWaiting(ITransaction transaction, string id, DateTimeOffset now);

    /// <returns>Null when the row is no longer waiting.</returns>
    Task<OutboxRow?> StartSending(ITransaction transaction, OutboxRow row, string holder);

    /// <returns>False when the row is not as <paramref name="row"/> says any more: somebody else sends it, or has done with it.</returns>
    Task<bool> Finish(ITransaction transaction, OutboxRow row, OutboxState state, string? problem);

    /// <inheritdoc cref="Finish"/>
    Task<bool> Postpone(ITransaction transaction, OutboxRow row, DateTimeOffset nextAt, string problem, Postponed waiting);

    /// <summary>Being sent by somebody whose turn is over: may or may not have arrived.</summary>
    Task<IReadOnlyList<OutboxRow>> Interrupted(ITransaction transaction, DateTimeOffset now, int most);

    /// <summary>Rows that wait for a place to go become due at once.</summary>
    Task WakeParked(ITransaction transaction, DateTimeOffset now);

    /// <summary>The clock was set by <paramref name="jump"/>: what waits, waits as long as it would have.</summary>
    Task PullAlong(ITransaction transaction, TimeSpan jump, DateTimeOffset now);

    /// <summary>The newest row of a subject, whatever became of it.</summary>
    Task<OutboxRow?> LatestOf(ITransaction transaction, string subject);

    /// <summary>Whether a message may stand there that nobody has recorded.</summary>
    /// <param name="posted">One is recorded: what is being sent now only updates it, and an update leaves no twin.</param>
    Task<bool> MayHaveArrived(ITransaction transaction, string subject, bool posted);

    Task<IReadOnlyList<ShownMessage>> MessagesOf(ITransaction transaction, string subject);

    Task Remember(ITransaction transaction, ShownMessage message);

    Task Forget(ITransaction transaction, MessageRef message);

    Task<MessageRef?> ThreadOf(ITransaction transaction, string thread);

    Task RememberThread(ITransaction transaction, string thread, MessageRef root);

    /// <summary>How many messages there are in each state that is not over.</summary>
    Task<IReadOnlyDictionary<string, long>> Depth(ITransaction transaction);

    Task<IReadOnlyList<OutboxRow>> Troubled(ITransaction transaction, int most);
}

/// <summary>
/// Who speaks in a conversation, and how often: below what Teams throttles at, whoever sends and however often the bot was restarted. Posts,
/// replies and updates all count. Port to the store.
/// </summary>
internal interface ITurns
{
    /// <summary>Takes the turn and counts one message. False when somebody else has it, or nothing may be sent yet.</summary>
    Task<bool> Take(ITransaction transaction, string conversationId, Lease lease, DateTimeOffset now);

    Task<bool> Renew(ITransaction transaction, string conversationId, Lease lease, DateTimeOffset now);

    Task Release(ITransaction transaction, string conversationId, string holder);

    /// <returns>Zero: one message was counted and may leave now. Else how long to wait.</returns>
    Task<TimeSpan> Count(ITransaction transaction, string conversationId, DateTimeOffset now);

    /// <summary>Nobody speaks there before: the channel said so.</summary>
    Task Hold(ITransaction transaction, string conversationId, DateTimeOffset until, DateTimeOffset now);
}

/// <summary>Where the bot may post. Port to the store.</summary>
internal interface IConversations
{
    /// <returns>True when the conversation was unknown or had been removed: welcome it once.</returns>
    Task<bool> Installed(ITransaction transaction, Conversation conversation, DateTimeOffset now);

    /// <summary>Refreshes the service URL from any inbound activity.</summary>
    Task Seen(ITransaction transaction, Conversation conversation, DateTimeOffset now);

    Task Removed(ITransaction transaction, string conversationId, DateTimeOffset now);

    Task<Conversation?> Find(ITransaction transaction, string conversationId);

    /// <summary>General of the first team installed and not removed.</summary>
    Task<Conversation?> FirstTeam(ITransaction transaction);

    /// <summary>Every channel and group chat the bot is in, those of the first team first.</summary>
    Task<IReadOnlyList<Conversation>> Shared(ITransaction transaction);

    /// <summary>The personal chat with somebody, where the bot is installed for them.</summary>
    Task<Conversation?> PersonalOf(ITransaction transaction, string objectId);

    Task RememberPerson(ITransaction transaction, string objectId, string conversationId);
}

/// <summary>What a row shows, rendered now.</summary>
/// <param name="Revision">A higher revision is a new message; the same one updates.</param>
/// <param name="Updates">False: said once and never changed (reports, replies).</param>
/// <param name="Channel">The plan's own channel, if it has one.</param>
/// <param name="Of">The incident it tells of, and what its sending hangs below in the trace.</param>
internal sealed record Presentation(Message Message, int Revision, bool Updates, string? Channel, Passage? Of = null);

internal sealed record Passage(IncidentId Incident, string? Span);

/// <summary>Renders subjects. Port to those who know them: runs present proposals and reports, chat its confirmations.</summary>
internal interface IPresenter
{
    IReadOnlySet<Shown> Shows { get; }

    /// <returns>Null when there is nothing to show any more.</returns>
    Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation);

    /// <summary>An older revision's message without its buttons, once a newer one asks.</summary>
    Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation);

    /// <summary>Called in the transaction that records a delivery: the deadline runs from here.</summary>
    Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at);
}
