using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>
/// `investigate &lt;resource&gt;` and `propose restart &lt;app&gt;`. What was typed only chooses among resources: an id by the strict grammar, or a name that is
/// known to be one. Finding and card come in the thread of the request.
/// </summary>
internal sealed class RunRequests(ChatTables tables, KnownResources known, ChatRequests requests) : IChange
{
    private const int MostListed = 10;

    public bool Changes(Command command) => command is Command.Investigate or Command.ProposeRestart;

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        var (verb, typed) = said.Command is Command.ProposeRestart restart ? (ChatVerb.Restart, restart.App) : (ChatVerb.Investigate, ((Command.Investigate)said.Command).Resource);
        var (target, problem) = await Target(transaction, verb, typed);
        if (target is null)
        {
            return CardText.Of($"{problem} Nothing was started.");
        }

        var (here, by) = (said.Message.Conversation, said.Asker.By);
        var shared = here.Kind is ConversationKind.Channel or ConversationKind.GroupChat;
        var thread = shared ? new MessageRef(here.Id, said.Message.ActivityId, said.Message.RootId ?? said.Message.ActivityId) : null;
        return await requests.Begin(transaction, new(verb, target, by, thread, shared ? null : here.Id)) is { } refusal
            ? CardText.Of($"{refusal} Nothing was started.")
            : CardText.Of($"{Doing(verb)} **{CardText.Outside(target.NameInFull, 100)}** ({CardText.Outside(target.Value, 400)}). {await Where(transaction, shared)}");
    }

    private static CardText Doing(ChatVerb verb) => verb == ChatVerb.Restart ? CardText.Of($"I look at what I need for the proposal to restart") : CardText.Of($"I investigate");

    /// <summary>In a chat between two nobody else could approve.</summary>
    private async Task<CardText> Where(ITransaction transaction, bool shared)
    {
        if (shared)
        {
            return CardText.Of($"The result comes in this thread. Whatever I propose asks first, in every mode.");
        }

        var chosen = (await tables.Plans.ReadControl(transaction)).DefaultChannel is { } id ? await tables.Conversations.Find(transaction, id) : null;
        var place = chosen ?? await tables.Conversations.FirstTeam(transaction);
        return place is null
            ? CardText.Of($"Nobody else could approve here, and I am in no team yet: what I propose waits until I am added to one. A finding without a proposal comes here.")
            : CardText.Of($"Nobody else could approve here, so what I propose is asked in {PlanWords.Place(place)}. A finding without a proposal comes here.");
    }

    private async Task<(ResourceId? Target, CardText Problem)> Target(ITransaction transaction, ChatVerb verb, string typed)
    {
        var (target, problem) = typed.StartsWith('/') ? ById(typed) : await ByName(transaction, verb, typed);
        return target is null ? (null, problem)
            : verb == ChatVerb.Restart && !target.IsOfType(AppServiceSlowRunbook.SiteType)
                ? (null, CardText.Of($"I propose restarts of App Service apps (Microsoft.Web/sites) only, and **{CardText.Outside(target.NameInFull, 100)}** is {CardText.Outside(target.ResourceType, 100)}. `investigate` looks at anything."))
            : (target, CardText.Empty);
    }

    private static (ResourceId?, CardText) ById(string typed) => !ResourceId.TryParse(typed, out var id, out var why)
        ? (null, CardText.Of($"That is no Azure resource id: {why}."))
        : id.IsResource ? (id, CardText.Empty)
        : (null, CardText.Of($"That is {(id.Group is null ? "a subscription" : "a resource group")}, and I look at one resource at a time."));

    private async Task<(ResourceId?, CardText)> ByName(ITransaction transaction, ChatVerb verb, string typed)
    {
        var found = await known.Named(transaction, typed);
        // An app and the plan it runs on often share a name, and only one of them can be restarted.
        var fitting = verb == ChatVerb.Restart && found.Any(f => f.IsOfType(AppServiceSlowRunbook.SiteType)) ? [.. found.Where(f => f.IsOfType(AppServiceSlowRunbook.SiteType))] : found;
        var word = verb == ChatVerb.Restart ? CardText.Of($"propose restart") : CardText.Of($"investigate");
        return fitting switch
        {
            [var one] => (one, CardText.Empty),
            [] => (null, CardText.Of($"I know no resource {CardText.Outside(typed, 100)}: names are known from plans and from incidents of the last 90 days. Give its id: `{word} /subscriptions/…/resourceGroups/…/providers/Microsoft.Web/sites/…`, as the portal shows it under Properties.")),
            _ => (null, CardText.Of($"Several resources are called {CardText.Outside(typed, 100)}. Say which, with its id: `{word} <id>`\n{CardText.Join("\n", fitting.Take(MostListed).Select(f => CardText.Of($"- {CardText.Outside(f.Value, 400)}")))}{(fitting.Count > MostListed ? CardText.Of($"\n- and {fitting.Count - MostListed} more") : CardText.Empty)}\n\n")),
        };
    }
}
