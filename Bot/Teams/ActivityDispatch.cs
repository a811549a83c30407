using System.Text.Json;
using RunModes.Bot.Chat;

namespace RunModes.Bot.Teams;

/// <summary>From an admitted activity to the port. A failure of the other side is logged here and nowhere else.</summary>
internal sealed partial class ActivityDispatch(IInbound inbound, TeamsOptions options, TimeProvider time, ILogger<ActivityDispatch> log)
{
    /// <summary>The service gives up on an invoke after 10 to 15 seconds and shows an error although the work goes on.</summary>
    public static readonly TimeSpan InvokeLimit = TimeSpan.FromSeconds(9);

    /// <summary>A caller that hangs up does not stop work already begun; this does.</summary>
    public static readonly TimeSpan HandlerLimit = TimeSpan.FromSeconds(30);

    private static readonly JsonElement NoData = JsonElement.Parse("{}");

    /// <summary>Answers within the limit whatever the handler does; a handler that takes longer goes on.</summary>
    public async Task<InvokeAnswer> Invoke(Activity activity)
    {
        if (activity.Name != "adaptiveCard/action")
            return InvokeAnswer.NotSupported;
        if (Pressed(activity) is not { } action)
            return InvokeAnswer.NotACardAction;
        try
        {
            return await Decide(action).WaitAsync(InvokeLimit, time);
        }
        catch (TimeoutException)
        {
            InvokeIsSlow(log, action.Verb);
            return InvokeAnswer.StillWorking;
        }
    }

    /// <returns>False when the handler failed: the service may then deliver the activity again.</returns>
    public async Task<bool> Handle(Activity activity)
    {
        using var limit = new CancellationTokenSource(HandlerLimit, time);
        try
        {
            await Route(activity, limit.Token);
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            HandlerFailed(log, failure, activity.Type ?? "");
            return false;
        }
    }

    private Task Route(Activity activity, CancellationToken cancellation) => activity.Type switch
    {
        "message" when Said(activity) is { } message => inbound.OnMessage(message, cancellation),
        "message" when Submitted(activity) is { } action => inbound.OnCardAction(action, cancellation),
        "installationUpdate" when activity.Action is "add" or "add-upgrade" => Install(activity, cancellation),
        "installationUpdate" when activity.Action is "remove" => Remove(activity, cancellation),
        "conversationUpdate" when NamesBot(activity, activity.MembersAdded) => Install(activity, cancellation),
        "conversationUpdate" when NamesBot(activity, activity.MembersRemoved) => Remove(activity, cancellation),
        _ => Task.CompletedTask,
    };

    private async Task<InvokeAnswer> Decide(CardAction action)
    {
        using var limit = new CancellationTokenSource(HandlerLimit, time);
        try
        {
            return InvokeAnswer.Of(await inbound.OnCardAction(action, limit.Token));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            HandlerFailed(log, failure, action.Verb);
            return InvokeAnswer.Failed;
        }
    }

    private ChatMessage? Said(Activity activity) =>
        !string.IsNullOrWhiteSpace(activity.Text) && activity.Id is { Length: > 0 } id
        && ConversationReader.Where(activity) is { } where && ConversationReader.Who(activity, options.Sandbox) is { } who
            ? new(who, where, id, ConversationReader.Root(activity, where, id), Mentions.TextWithoutBot(activity))
            : null;

    /// <summary>What a client without Action.Execute sends instead: a message with a value and no text.</summary>
    private CardAction? Submitted(Activity activity) =>
        string.IsNullOrWhiteSpace(activity.Text) && activity.Value is { ValueKind: JsonValueKind.Object } data && Word(data, "verb") is { } verb
            ? Action(activity, verb, data, fallback: true)
            : null;

    private CardAction? Pressed(Activity activity)
    {
        // Nothing of ours refreshes by itself: an automatic invoke is nobody's click.
        if (activity.Value is not { ValueKind: JsonValueKind.Object } value || Word(value, "trigger") is not (null or "manual")
            || !value.TryGetProperty("action", out var action) || action.ValueKind != JsonValueKind.Object
            || Word(action, "type") is not (null or "Action.Execute") || Word(action, "verb") is not { } verb)
            return null;
        if (!action.TryGetProperty("data", out var data) || data.ValueKind == JsonValueKind.Null)
            data = NoData;
        return data.ValueKind == JsonValueKind.Object ? Action(activity, verb, data, fallback: false) : null;
    }

    private CardAction? Action(Activity activity, string verb, JsonElement data, bool fallback) =>
        ConversationReader.Where(activity) is { } where && ConversationReader.Who(activity, options.Sandbox) is { } who
            ? new(who, where, ConversationReader.Root(activity, where, activity.ReplyToId), activity.ReplyToId, verb, data, fallback)
            : null;

    private Task Install(Activity activity, CancellationToken cancellation) =>
        ConversationReader.WhereInstalled(activity) is { } where ? inbound.OnInstalled(new(where, activity.From?.Name) { By = ConversationReader.Who(activity, options.Sandbox) }, cancellation) : Task.CompletedTask;

    private Task Remove(Activity activity, CancellationToken cancellation) =>
        ConversationReader.WhereInstalled(activity) is { } where ? inbound.OnRemoved(where, cancellation) : Task.CompletedTask;

    private static bool NamesBot(Activity activity, IReadOnlyList<Account?>? members) =>
        activity.Recipient?.Id is { Length: > 0 } bot && members?.Any(member => member?.Id == bot) == true;

    private static string? Word(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } word ? word : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "Handling {What} from Teams failed")]
    private static partial void HandlerFailed(ILogger log, Exception failure, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Handling {Verb} takes longer than Teams waits; it goes on")]
    private static partial void InvokeIsSlow(ILogger log, string verb);
}
