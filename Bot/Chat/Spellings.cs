using System.Text.RegularExpressions;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Chat;

/// <summary>How people say each command. The first that fits counts; one whose name cannot be a name does not fit.</summary>
internal static class Spellings
{
    private const string Any = "(?<name>.+?)";
    private const string Mode = "(?:the )?(?<mode>review|autonomous|automatic)(?: mode)?";
    private const string Kind = "(?:response |scheduled )?(?<kind>plan|task)";
    private const string Article = "(?:(?:a|an|the)(?: new)? |new )?";

    /// <summary>One word that could be a resource: an id, or a name with a digit or a hyphen in it. "Check mail" asks for nothing here.</summary>
    private const string Resource = "(?:the )?(?:app |app service |web app |resource )?[\"']?(?<name>[^ \"']*[-0-9_/.][^ \"']*)[\"']?";
    private const string AnyResource = "(?:the )?(?:app |app service |web app |resource )?[\"']?(?<name>[^ \"']+)[\"']?";

    private static readonly (Regex Spelling, Func<Match, Command?> Means)[] Table =
    [
        Say(@"help|\?|hi|hello|what can (?:you|i) (?:do|say)|(?:show|list)(?: me)?(?: the| all)? commands", _ => new Command.Help()),
        Say("whoami|who am i|what am i|what may i do|what is my role", _ => new Command.WhoAmI()),
        Say("(?:show |list |who are )?(?:the )?approvers|who (?:can|may|is allowed to) (?:approve|decide)(?: .+)?|who (?:approves|decides)", _ => new Command.Approvers()),
        Say("(?:(?:list|show|what are)(?: me)?(?: the| all| my| our)? )?(?:response )?plans|(?:what|which) (?:response )?plans (?:are there|do (?:we|you) have|exist)", _ => new Command.AllPlans()),
        Say("(?:(?:list|show)(?: me)?(?: the| all)? )?(?:scheduled )?tasks|(?:what|which) (?:scheduled )?tasks (?:are there|do (?:we|you) have|exist|are scheduled)|what is scheduled", _ => new Command.AllTasks()),
        Say("(?:(?:list|show)(?: me)?(?: the)? )?pending(?: approvals| operations)?|(?:what(?:'s| is)|(?:is )?anything) (?:pending|waiting|open)(?: (?:for )?(?:approval|a decision|me|us))?", _ => new Command.Pending()),
        Say("(?:show(?: me)?(?: the)? )?history|what happened|what was done|what did you do|what have you done", _ => new Command.History(null)),
        Say($"(?:show(?: me)?(?: the)? )?history (?:of |for )?{Any}|what happened (?:with|to|in|on) {Any}", m => Name(m) is { Length: > 0 } name ? new Command.History(name) : null),
        Say("(?:(?:list|show)(?: me)?(?: the)? )?unmatched(?: alerts)?|(?:what|which) alerts (?:were not|weren't|are not) (?:matched|taken)", _ => new Command.Unmatched()),
        Say("(?:(?:list|show)(?: me)?(?: the)? )?hooks|(?:what|which) hooks (?:are there|do (?:we|you) have|are configured)", _ => new Command.Hooks()),
        Say("(?:show(?: me)?(?: the)? )?health|(?:show(?: me)?(?: the)? )?status|how are you|are you (?:ok|okay|well|healthy|alive|there)", _ => new Command.Health()),
        Say("(?:show(?: me)?(?: the| all)? )?insights", _ => new Command.Insights(null)),
        Say($"(?:show(?: me)?(?: the)? )?insights (?:of |for |on |about |into )?{Any}|how (?:is|did) {Any} (?:doing|do|done)", m => Name(m) is { } name ? new Command.Insights(name) : null),

        Say("(?:what(?:'s| is)(?: the)?|show(?: me)?(?: the)?) default(?: run)?(?: mode)?|(?:what|which)(?: run)? mode (?:is|has) (?:the )?default(?: in)?", _ => new Command.ModeOfDefault()),
        Say($"(?:what|which)(?: run)? mode (?:is|has|does) {Any}(?: in| have| use)?|(?:what(?:'s| is) |show(?: me)? )(?:the )?(?:run )?mode (?:of|for) {Any}|(?:what(?:'s| is)) {Any}'s (?:run )?mode|(?:is|does) {Any} (?:in )?(?:ask first|autonomous|automatic|review)(?: mode)?", m => Of(m, (k, n) => new Command.ModeOf(k, n))),
        Say($"(?:set|switch|change|make|put|move|turn|bring|return)(?: (?:the )?(?:run )?mode (?:of|for))? {Any}(?:'s)?(?: run)?(?: mode)?(?: back)?(?: to| into| in| on)? {Mode}|use {Mode} (?:for|in|on) {Any}", SetMode),
        Say($"let {Any} (?:run|act|work) (?:on its own|alone|by itself|without asking)", m => Of(m, (k, n) => new Command.SetMode(k, n, RunMode.Autonomous))),
        Say($"ask(?: me| us)? (?:first|before you (?:do|change|touch) anything) (?:in|for|on|with) {Any}", m => Of(m, (k, n) => new Command.SetMode(k, n, RunMode.Review))),

        Say("use this (?:channel|chat)(?: (?:for everything|by default))?|post (?:everything )?here|ask (?:me |us )?here", _ => new Command.UseChannel(null)),
        Say($"(?:use this (?:channel|chat) for|post (?:the )?(?:alerts|incidents|approvals) of) {Any}(?: here)?", m => Of(m, (_, n) => new Command.UseChannel(n))),

        Say($"(?:create|add|make|set up) {Article}{Kind}(?: (?:called |named |with the name )?{Any})?|new {Kind}(?: (?:called |named )?{Any})?", Create),
        Say($"(?:pause|disable|suspend|turn off|switch off) {Any}|(?:turn|switch) {Any} off", m => Of(m, (k, n) => new Command.Pause(k, n))),
        Say($"(?:resume|unpause|enable|reactivate|continue|turn (?:back )?on|switch (?:back )?on) {Any}|(?:turn|switch) {Any} (?:back )?on", m => Of(m, (k, n) => new Command.Resume(k, n))),
        Say($"(?:edit|modify) {Any}|change (?<name>(?:the )?(?:(?:response |scheduled )?(?:plan|task) .+?|.+? (?:plan|task)))", m => Of(m, (k, n) => new Command.Edit(k, n))),
        Say($"(?:delete|remove|drop) {Any}", m => Of(m, (k, n) => new Command.Delete(k, n))),
        Say($"run {Any}|(?:execute|trigger|kick off) (?<name>(?:the )?(?:scheduled )?task .+?)", m => Of(m, (k, n) => k == Thing.Plan || IsTool(n) ? null : new Command.RunTask(n))),
        Say($"test {Any}|what would {Any} (?:have done|do|have proposed)", m => Of(m, (k, n) => k == Thing.Task ? null : new Command.TestPlan(n))),

        Say($"when does {Any} (?:next )?run(?: next)?(?: again)?", m => Of(m, (_, n) => new Command.Describe(Thing.Task, n))),
        Say($"(?:show|describe)(?: me)? {Any}|(?<name>(?:the )?(?:response |scheduled )?(?:plan|task) .+?)", m => Of(m, (k, n) => new Command.Describe(k, n))),

        Say($"propose (?:a )?restart(?:ing)?(?: of)? {AnyResource}|propose to restart {AnyResource}", m => new Command.ProposeRestart(m.Groups["name"].Value)),
        Say($"investigate {AnyResource}|(?:have a look at|look at|look into|check|examine|what(?:'s| is) (?:wrong|up|going on) with) {Resource}", m => new Command.Investigate(m.Groups["name"].Value)),
        Say("practi[cs]e (?<name>prod|production|staging|stuck)", m => new Command.Practice(m.Groups["name"].Value.ToLowerInvariant() is "production" ? "prod" : m.Groups["name"].Value.ToLowerInvariant())),
    ];

    /// <summary>Almost a command: what would have been read instead of what was written.</summary>
    private static readonly (Regex Almost, CardText Accepted)[] Misread =
    [
        (Whole($"(?:set|switch) {Any} (?:to|into) .+"), CardText.Of($"A run mode is `review` or `autonomous` (`automatic` is the same), for example `set prod-web to review`. Nothing was changed.")),
        (Whole("(?:create|add|new) .+"), CardText.Of($"I create plans and tasks: `create plan NAME` or `create task NAME`. Nothing was changed.")),
        (Whole("use .*(?:channel|chat).*"), CardText.Of($"`use this channel`, or `use this channel for PLAN`, written in the channel itself. Nothing was changed.")),
        (Whole("start(?: .+)?"), CardText.Of($"`start` counts only as the whole message, and ends the emergency stop. A task is started by `run TASK`. Nothing was changed.")),
        (Whole("(?:.+ )?stop(?: .+)?"), CardText.Of($"`stop` counts only as the whole message, and halts every change at once. To hold one thing: `set PLAN to review` or `pause TASK`. Nothing was changed.")),
        (Whole("(?:approve|deny|confirm|cancel)(?: .+)?"), CardText.Of($"The buttons of a card decide; `pending` says where it is. Nothing was decided.")),
        (Whole("(?:restart|reboot|scale|swap|az|kubectl|run (?:az|kubectl))(?: .+)?"), CardText.Of($"I change nothing at a word. `propose restart APP`, `propose az …` or `propose kubectl …` asks an Administrator.")),
        (Whole("propose .+"), CardText.Of($"I propose `restart APP`, `az …` or `kubectl …`. Nothing was proposed.")),
    ];

    public static Command? Of(string said) => Table.Select(s => s.Spelling.Match(said) is { Success: true } match ? s.Means(match) : null).FirstOrDefault(c => c is not null);

    public static CardText Accepted(string said) => Misread.FirstOrDefault(m => m.Almost.IsMatch(said)).Accepted;

    private static Command? SetMode(Match match)
    {
        if (!Gate.RunModes.TryParse(match.Groups["mode"].Value, out var mode) || TypedName.Read(match.Groups["name"].Value) is not { } typed)
        {
            return null;
        }

        return typed.IsDefault ? new Command.SetDefault(mode.Value) : new Command.SetMode(typed.Kind, typed.Name, mode.Value);
    }

    private static Command.Create? Create(Match match)
    {
        var kind = match.Groups["kind"].Value.Equals("plan", StringComparison.OrdinalIgnoreCase) ? Thing.Plan : Thing.Task;
        return !match.Groups["name"].Success ? new(kind, null) : TypedName.Read(match.Groups["name"].Value, aNewOne: true) is { } typed ? new(kind, typed.Name) : null;
    }

    private static Command? Of(Match match, Func<Thing, string, Command?> means) =>
        TypedName.Read(match.Groups["name"].Value) is { IsDefault: false } typed ? means(typed.Kind, typed.Name) : null;

    private static string? Name(Match match) => TypedName.Read(match.Groups["name"].Value) is { Kind: not Thing.Task } typed ? typed.Name : null;

    private static bool IsTool(string name) => name.Split(' ')[0].ToLowerInvariant() is "az" or "kubectl";

    private static (Regex, Func<Match, Command?>) Say(string spelling, Func<Match, Command?> means) => (Whole(spelling), means);

    /// <summary>The whole message; linear in its length, whatever was typed.</summary>
    private static Regex Whole(string spelling) =>
        new($"^(?:{spelling})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
}
