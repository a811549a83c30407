using System.Globalization;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

internal sealed record RosterEntry(string Mri, string ObjectId, string Name, string UserRole = "user", string TenantId = Known.Tenant);

/// <summary>smba.trafficmanager.net: the Bot Connector of Teams. Keeps what was written, in order, and what each message shows now.</summary>
internal sealed class FakeTeams(TimeProvider clock) : WireEnd("smba.trafficmanager.net", "https://api.botframework.com")
{
    private readonly List<PostedMessage> posted = [];
    private readonly Dictionary<string, PostedMessage> present = [];
    private readonly Dictionary<string, (int Status, string Code)> closed = [];
    private readonly List<(Func<PostedMessage, bool> Fits, TaskCompletionSource<PostedMessage> Found)> waiting = [];
    private long lastId = 1_772_600_000_000;

    public TeamsLimits Limits { get; } = new();

    public Shared<RosterEntry> Roster { get; } = [];

    /// <summary>Somebody else who answers what was let in, and keeps it: <see cref="Posted"/> stays empty then.</summary>
    public Func<WireRequest, WireAnswer>? PassThrough { get; set; }

    /// <summary>Every write that took effect, in order.</summary>
    public IReadOnlyList<PostedMessage> Posted
    {
        get
        {
            lock (Gate) return [.. posted];
        }
    }

    /// <summary>What people see now: the last write to each message that was not deleted, in order of appearance.</summary>
    public IReadOnlyList<PostedMessage> Showing
    {
        get
        {
            lock (Gate) return [.. present.Values.OrderBy(message => message.ActivityId, StringComparer.Ordinal)];
        }
    }

    public PostedMessage? Present(string activityId)
    {
        lock (Gate) return present.GetValueOrDefault(activityId);
    }

    /// <summary>The first write that fits, past or to come. Bounded in real time, because what is awaited may never happen.</summary>
    public async Task<PostedMessage> WaitFor(Func<PostedMessage, bool> fits, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var found = new TaskCompletionSource<PostedMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Gate)
        {
            if (posted.Find(message => fits(message)) is { } already) return already;
            waiting.Add((fits, found));
        }

        try
        {
            return await found.Task.WaitAsync(timeout ?? TimeSpan.FromSeconds(15), TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Teams was not told what the test waits for. Written so far:\n{string.Join('\n', Posted)}");
        }
        finally
        {
            lock (Gate) waiting.RemoveAll(entry => entry.Found == found);
        }
    }

    /// <summary>Closes a conversation to the bot: removed, blocked, deleted.</summary>
    public void Close(string conversationId, int status = 403, string code = "BotNotInConversationRoster")
    {
        lock (Gate) closed[conversationId] = (status, code);
    }

    public void Open(string conversationId)
    {
        lock (Gate) closed.Remove(conversationId);
    }

    /// <summary>Somebody deletes a message: updates to it answer 404 from now on.</summary>
    public void Delete(string activityId)
    {
        lock (Gate) present.Remove(activityId);
    }

    protected override WireAnswer Refuse(string why) => WireAnswer.Error(401, "Unauthorized", why);

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token) => (request.Method, request.Segments) switch
    {
        _ when PassThrough is { } other => other(request),
        ("POST", [_, "v3", "conversations"]) => Create(request),
        ("POST", [_, "v3", "conversations", var id, "activities"]) => Write(id, null, request, PostKind.Post),
        ("POST", [_, "v3", "conversations", var id, "activities", _]) => Write(id, null, request, PostKind.Reply),
        ("PUT", [_, "v3", "conversations", var id, "activities", var activity]) => Write(id, activity, request, PostKind.Update),
        ("DELETE", [_, "v3", "conversations", var id, "activities", var activity]) => Write(id, activity, request, PostKind.Delete),
        ("GET", [_, "v3", "conversations", _, "pagedmembers"]) =>
            WireAnswer.Ok(new JsonObject { ["members"] = new JsonArray([.. Roster.Select(entry => (JsonNode)Member(entry))]) }),
        ("GET", [_, "v3", "conversations", _, "members"]) => WireAnswer.Ok(new JsonArray([.. Roster.Select(entry => (JsonNode)Member(entry))])),
        ("GET", [_, "v3", "conversations", _, "members", var who]) => Roster.FirstOrDefault(entry => entry.Mri == who || entry.ObjectId == who) is { } entry
            ? WireAnswer.Ok(Member(entry))
            : WireAnswer.Error(404, "MemberNotFoundInConversation", "Member not found in conversation."),
        _ => null,
    };

    private WireAnswer Create(WireRequest request)
    {
        if (request.Json is not JsonObject body) return WireAnswer.Error(400, "BadSyntax", "Bad format of conversation.");
        var activity = body["activity"] as JsonObject;
        if (body["channelData"]?["channel"]?["id"]?.GetValue<string>() is { } channel)
        {
            if (activity is null) return WireAnswer.Error(400, "BadSyntax", "A first activity is required.");
            var answer = Write(channel, null, request with { Body = activity.ToJsonString() }, PostKind.Post);
            if (answer.Status != 201) return answer;
            var root = lastId.ToString(CultureInfo.InvariantCulture);
            return WireAnswer.Json(201, new JsonObject { ["id"] = $"{channel};messageid={root}", ["activityId"] = root, ["serviceUrl"] = Known.ServiceUrl });
        }

        if (body["members"] is not JsonArray { Count: 1 } members) return WireAnswer.Error(400, "BadSyntax", "Exactly one member is expected.");
        var chat = $"a:chat-with-{members[0]?["id"]?.GetValue<string>()}";
        if (activity is null) return WireAnswer.Json(201, new JsonObject { ["id"] = chat });
        var sent = Write(chat, null, request with { Body = activity.ToJsonString() }, PostKind.Post);
        return sent.Status != 201 ? sent
            : WireAnswer.Json(201, new JsonObject { ["id"] = chat, ["activityId"] = lastId.ToString(CultureInfo.InvariantCulture), ["serviceUrl"] = Known.ServiceUrl });
    }

    private WireAnswer Write(string conversation, string? activityId, WireRequest request, PostKind kind)
    {
        var mark = conversation.IndexOf(";messageid=", StringComparison.Ordinal);
        var (where, root) = mark < 0 ? (conversation, null) : (conversation[..mark], conversation[(mark + 11)..]);
        if (closed.TryGetValue(where, out var refusal)) return WireAnswer.Error(refusal.Status, refusal.Code, "The bot cannot write to this conversation.");
        var activity = kind == PostKind.Delete ? [] : request.Json as JsonObject;
        if (activity is null || (kind != PostKind.Delete && activity["type"] is null)) return WireAnswer.Error(400, "BadSyntax", "Bad format of activity.");
        // UTF-16 is what Teams measures; about 100 KB are allowed.
        if (request.Body.Length * 2 > 100 * 1024) return WireAnswer.Error(413, "MessageSizeTooBig", "The message is too big.");
        var split = kind is PostKind.Post or PostKind.Reply && !string.IsNullOrEmpty(activity["text"]?.GetValue<string>())
            && activity["attachments"] is JsonArray { Count: > 0 };
        if (Limits.Count(where, clock.GetUtcNow(), split ? 2 : 1) is { } wait)
        {
            return WireAnswer.Error(429, "Throttled", "Too many requests.")
                .With("Retry-After", Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        }

        if (kind is PostKind.Update or PostKind.Delete)
        {
            if (!present.TryGetValue(activityId!, out var old) || old.ConversationId != where)
                return WireAnswer.Error(404, "ActivityNotFoundInConversation", "Activity not found in conversation.");
            Note(kind, where, old.RootId, activityId!, activity);
            return kind == PostKind.Delete ? new WireAnswer(200) : WireAnswer.Ok(new JsonObject { ["id"] = activityId });
        }

        if (split)
        {
            var text = (JsonObject)activity.DeepClone();
            text.Remove("attachments");
            activity.Remove("text");
            New(where, root, text);
            New(where, root, activity);
            return WireAnswer.Json(202, new JsonObject());
        }

        return WireAnswer.Json(201, new JsonObject { ["id"] = New(where, root, activity) });
    }

    /// <summary>Only the conversation id decides about the thread: <c>replyToId</c> and the activity in the path have no effect in Teams.</summary>
    private string New(string where, string? root, JsonObject activity)
    {
        var id = (++lastId).ToString(CultureInfo.InvariantCulture);
        var channel = where.EndsWith("@thread.tacv2", StringComparison.Ordinal);
        Note(root is null ? PostKind.Post : PostKind.Reply, where, channel ? root ?? id : null, id, activity);
        return id;
    }

    private void Note(PostKind kind, string where, string? root, string id, JsonObject activity)
    {
        var message = new PostedMessage(posted.Count + 1, kind, where, root, id, activity, clock.GetUtcNow());
        posted.Add(message);
        if (kind == PostKind.Delete) present.Remove(id);
        else present[id] = message;
        foreach (var entry in waiting.Where(entry => entry.Fits(message)).ToList()) entry.Found.TrySetResult(message);
    }

    private static JsonObject Member(RosterEntry entry) => new()
    {
        ["id"] = entry.Mri, ["name"] = entry.Name, ["aadObjectId"] = entry.ObjectId, ["tenantId"] = entry.TenantId, ["userRole"] = entry.UserRole,
    };
}
