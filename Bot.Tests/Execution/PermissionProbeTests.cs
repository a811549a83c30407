using RunModes.Bot.Execution;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Tests.Execution;

public sealed class PermissionProbeTests
{
    private const string Sub = "/subscriptions/55555555-5555-4555-8555-555555555555";
    private const string Group = Sub + "/resourceGroups/rg-shop";
    private const string Empty = """{"value":[]}""";
    private const string Contributor = """{"value":[{"actions":["*"],"notActions":["Microsoft.Authorization/*/Write"],"dataActions":[],"notDataActions":[]}]}""";
    private static readonly string Site = Agent.App.Value;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What Azure lists of permissions and what the forecast says. A trailing "!" in the first column is a status instead of a body.</summary>
    public static TheoryData<string, int> Permissions => new()
    {
        { Contributor, (int)PermissionState.Granted },
        { Grants("\"Microsoft.Web/sites/*\""), (int)PermissionState.Granted },
        { Grants("\"microsoft.web/SITES/restart/action\""), (int)PermissionState.Granted },
        { Grants("\"*/restart/action\""), (int)PermissionState.Granted },
        { Grants("\"Microsoft.Web/*/action\""), (int)PermissionState.Granted },
        { """{"value":[{"actions":["Microsoft.Web/sites/restart/Action"]}]}""", (int)PermissionState.Granted },
        // The union over entries: what one role takes away another may still give.
        { """{"value":[{"actions":["*"],"notActions":["*/action"]},{"actions":["Microsoft.Web/sites/restart/action"],"notActions":[]}]}""", (int)PermissionState.Granted },
        { Empty, (int)PermissionState.Missing },
        { Grants("\"*/read\""), (int)PermissionState.Missing },
        { Grants("\"Microsoft.Web/sites\""), (int)PermissionState.Missing },
        { Grants("\"Microsoft.Web/sites/restart\""), (int)PermissionState.Missing },
        { Grants("\"Microsoft.Web/sites/slots/restart/action\""), (int)PermissionState.Missing },
        { Grants("\"Microsoft.Web/sites/restart/actio\""), (int)PermissionState.Missing },
        { Grants("\"\""), (int)PermissionState.Missing },
        { Grants("\"*\"", "\"Microsoft.Web/sites/restart/*\""), (int)PermissionState.Missing },
        { """{"value":[{"actions":[],"notActions":[],"dataActions":["*"],"notDataActions":[]}]}""", (int)PermissionState.Missing },
        { """{"value":[{"actions":["*"],"notActions":"*"}]}""", (int)PermissionState.CouldNotTell },
        { """{"value":[{"actions":[null],"notActions":[]}]}""", (int)PermissionState.CouldNotTell },
        { """{"value":[{"notActions":[]}]}""", (int)PermissionState.CouldNotTell },
        { """{"value":["*"]}""", (int)PermissionState.CouldNotTell },
        { """{"value":[{"actions":["*"],"notActions":[],"condition":"@Resource[x] StringEquals 'y'"}]}""", (int)PermissionState.CouldNotTell },
        { """{"value":[{"actions":["*"],"actions":["*"]}]}""", (int)PermissionState.CouldNotTell },
        { """{"value":null}""", (int)PermissionState.CouldNotTell },
        { """{"value":{}}""", (int)PermissionState.CouldNotTell },
        { "{}", (int)PermissionState.CouldNotTell },
        { "[]", (int)PermissionState.CouldNotTell },
        { "<html>", (int)PermissionState.CouldNotTell },
        { "", (int)PermissionState.CouldNotTell },
        { "302!", (int)PermissionState.CouldNotTell },
        { "403!", (int)PermissionState.CouldNotTell },
        { "404!", (int)PermissionState.CouldNotTell },
        { "429!", (int)PermissionState.CouldNotTell },
        { "500!", (int)PermissionState.CouldNotTell },
        { Page("https://management.azure.com/page2"), (int)PermissionState.Granted },
        { Page("https://management.azure.com/broken"), (int)PermissionState.CouldNotTell },
        { Page("https://management.azure.com/again"), (int)PermissionState.CouldNotTell },
        { Page("https://elsewhere.example/page2"), (int)PermissionState.CouldNotTell },
        { Page("http://management.azure.com/page2"), (int)PermissionState.CouldNotTell },
        { Page("https://management.azure.com:8443/page2"), (int)PermissionState.CouldNotTell },
        { Page("https://me@management.azure.com/page2"), (int)PermissionState.CouldNotTell },
        { Page("/page2"), (int)PermissionState.CouldNotTell },
        { """{"value":[{"actions":["*"],"notActions":[]}],"nextLink":7}""", (int)PermissionState.CouldNotTell },
    };

    [Theory]
    [MemberData(nameof(Permissions))]
    public async Task Permissions_are_forecast_as_Azure_evaluates_them(string listed, int expected)
    {
        var (looked, _) = await Look(permissions: listed);

        Assert.Equal((PermissionState)expected, looked.Permission.State);
        Assert.Equal(LockState.None, looked.Lock.State);
        Assert.NotEmpty(looked.Permission.Words);
    }

    public static TheoryData<string, int> Denials => new()
    {
        { Empty, (int)PermissionState.Granted },
        { Deny(), (int)PermissionState.Missing },
        { Deny(principals: Everyone), (int)PermissionState.Missing },
        { Deny(actions: "\"*/action\"", principals: Everyone), (int)PermissionState.Missing },
        { Deny(principals: Everyone, excluded: Me), (int)PermissionState.Granted },
        { Deny(principals: Someone), (int)PermissionState.Granted },
        { Deny(actions: "\"Microsoft.Web/sites/write\""), (int)PermissionState.Granted },
        { Deny(notActions: "\"Microsoft.Web/sites/restart/action\""), (int)PermissionState.Granted },
        { Deny(scope: Group), (int)PermissionState.Missing },
        { Deny(scope: "/"), (int)PermissionState.Missing },
        { Deny(scope: Group, rest: ",\"doNotApplyToChildScopes\":true"), (int)PermissionState.Granted },
        { Deny(rest: ",\"doNotApplyToChildScopes\":true"), (int)PermissionState.Missing },
        { Deny(scope: Agent.App.Value + "/slots/blue"), (int)PermissionState.Granted },
        { Deny(principals: SomeGroup), (int)PermissionState.CouldNotTell },
        { Deny(principals: Everyone, excluded: SomeGroup), (int)PermissionState.CouldNotTell },
        { Deny(principals: "{}"), (int)PermissionState.CouldNotTell },
        { Deny(principals: ""), (int)PermissionState.CouldNotTell },
        { Deny(actions: "7"), (int)PermissionState.CouldNotTell },
        { """{"value":[{"name":"x"}]}""", (int)PermissionState.CouldNotTell },
        { "{}", (int)PermissionState.CouldNotTell },
        { "403!", (int)PermissionState.CouldNotTell },
        // The resource answered its permissions, so it is there: a cloud without deny assignments. A 403 at the call stays the truth.
        { "404!", (int)PermissionState.Granted },
        { "500!", (int)PermissionState.CouldNotTell },
    };

    [Theory]
    [MemberData(nameof(Denials))]
    public async Task A_deny_assignment_beats_every_role(string listed, int expected)
    {
        var (looked, _) = await Look(denials: listed);

        Assert.Equal((PermissionState)expected, looked.Permission.State);
    }

    [Fact]
    public async Task Without_the_agents_object_id_a_deny_of_somebody_may_be_a_deny_of_the_agent()
    {
        var (looked, _) = await Look(denials: Deny(principals: Someone), token: "opaque");

        Assert.Equal(PermissionState.CouldNotTell, looked.Permission.State);
    }

    /// <summary>Locks as listed at the resource, at its group and at its subscription.</summary>
    public static TheoryData<string, string, string, int> Locks => new()
    {
        { Empty, Empty, Empty, (int)LockState.None },
        { Lock("ReadOnly", Site), Empty, Empty, (int)LockState.Forbids },
        { Empty, Lock("ReadOnly", Group), Empty, (int)LockState.Forbids },
        { Empty, Empty, Lock("ReadOnly", Sub), (int)LockState.Forbids },
        { Lock("ReadOnly", Site.ToUpperInvariant()), Empty, Empty, (int)LockState.Forbids },
        { Lock("CanNotDelete", Site), Lock("CanNotDelete", Group), Lock("CanNotDelete", Sub), (int)LockState.None },
        { Lock("NotSpecified", Site), Empty, Empty, (int)LockState.Forbids },
        { Lock("readonly", Site), Empty, Empty, (int)LockState.Forbids },
        { """{"value":[{"id":"x"}]}""", Empty, Empty, (int)LockState.Forbids },
        { """{"value":[7]}""", Empty, Empty, (int)LockState.Forbids },
        // Lists hold what lies below their scope: a neighbour's lock, a slot's, a resource whose name no target could have.
        { Empty, Lock("ReadOnly", Group + "/providers/Microsoft.Web/sites/app-service-prod-2"), Empty, (int)LockState.None },
        { Lock("ReadOnly", Site + "/slots/blue"), Empty, Empty, (int)LockState.None },
        { Empty, Empty, Lock("ReadOnly", Sub + "/resourceGroups/rg-other"), (int)LockState.None },
        { Empty, Empty, Lock("ReadOnly", Sub + "/resourceGroups/rg-x/providers/microsoft.insights/actionGroups/Smart Detection"), (int)LockState.None },
        { "403!", Empty, Empty, (int)LockState.CouldNotTell },
        { Empty, "404!", Empty, (int)LockState.CouldNotTell },
        { Empty, Empty, "403!", (int)LockState.CouldNotTell },
        { Empty, Empty, "500!", (int)LockState.CouldNotTell },
        { Empty, "{}", Empty, (int)LockState.CouldNotTell },
        { Empty, Lock("ReadOnly", Group), "500!", (int)LockState.Forbids },
    };

    [Theory]
    [MemberData(nameof(Locks))]
    public async Task A_lock_at_or_above_the_resource_forbids(string atResource, string atGroup, string atSubscription, int expected)
    {
        var (looked, _) = await Look(locks: (atResource, atGroup, atSubscription));

        Assert.Equal((LockState)expected, looked.Lock.State);
        Assert.Equal(PermissionState.Granted, looked.Permission.State);
    }

    [Fact]
    public async Task Words_name_the_action_the_scope_the_role_and_the_command()
    {
        var (looked, _) = await Look(permissions: Empty, locks: (Empty, Lock("ReadOnly", Group), Empty));

        Assert.Equal($"The agent's identity lacks Microsoft.Web/sites/restart/Action on {Site}. Least role: Website Contributor. Grant it with: "
            + $"az role assignment create --assignee {Agent.Client} --role \"Website Contributor\" --scope {Site}", looked.Permission.Words);
        Assert.Equal($"ReadOnly lock 'hands off' at {Group} forbids it. An owner has to remove the lock "
            + $"(az lock delete --ids {Group}/providers/Microsoft.Authorization/locks/hands-off) or act by hand.", looked.Lock.Words);
    }

    [Fact]
    public async Task Words_of_an_unread_list_say_which_and_what_to_do()
    {
        var (looked, _) = await Look(locks: (Empty, Empty, "403!"));

        Assert.Equal($"The locks of {Sub} could not be read: the agent's identity may not (Code403). Let it read them with: "
            + $"az role assignment create --assignee {Agent.Client} --role \"Reader\" --scope {Sub}", looked.Lock.Words);
    }

    [Fact]
    public async Task Looking_asks_five_lists_and_changes_nothing()
    {
        var (_, azure) = await Look();

        Assert.All(azure.Requests, r => Assert.Equal("GET", r.Method));
        Assert.Equal(
            new[]
            {
                $"{Site}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01",
                $"{Site}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01",
                $"{Site}/providers/Microsoft.Authorization/locks?api-version=2020-05-01",
                $"{Group}/providers/Microsoft.Authorization/locks?api-version=2020-05-01",
                $"{Sub}/providers/Microsoft.Authorization/locks?api-version=2020-05-01",
            }.Order(),
            azure.Requests.Select(r => r.Target).Order());
    }

    private const string Me = $$"""{"id":"{{Token.Principal}}","type":"ServicePrincipal"}""";
    private const string Everyone = """{"id":"00000000-0000-0000-0000-000000000000","type":"SystemDefined"}""";
    private const string Someone = """{"id":"77777777-7777-4777-8777-777777777777","type":"User"}""";
    private const string SomeGroup = """{"id":"77777777-7777-4777-8777-777777777777","type":"Group"}""";

    private static string Grants(string actions, string notActions = "") => $$"""{"value":[{"actions":[{{actions}}],"notActions":[{{notActions}}]}]}""";

    private static string Page(string next) => $$"""{"value":[{"actions":["*/read"],"notActions":[]}],"nextLink":"{{next}}"}""";

    private static string Deny(string actions = "\"*\"", string notActions = "", string principals = Me, string excluded = "", string? scope = null, string rest = "") => $$$"""
        {"value":[{"name":"d1","properties":{"denyAssignmentName":"stack guard","scope":"{{{scope ?? Agent.App.Value}}}","permissions":[{"actions":[{{{actions}}}],"notActions":[{{{notActions}}}]}],
        "principals":[{{{principals}}}],"excludePrincipals":[{{{excluded}}}]{{{rest}}}}}]}
        """;

    private static string Lock(string level, string scope) =>
        $$$"""{"value":[{"id":"{{{scope}}}/providers/Microsoft.Authorization/locks/hands-off","name":"hands off","properties":{"level":"{{{level}}}"}}]}""";

    private static async Task<(Preflight, RawAzure)> Look(
        string permissions = Contributor, string denials = Empty, (string AtResource, string AtGroup, string AtSubscription)? locks = null, string? token = null)
    {
        var (atResource, atGroup, atSubscription) = locks ?? (Empty, Empty, Empty);
        await using var azure = new RawAzure(r => Answer(r.Target.Split('?')[0] switch
        {
            "/page2" => Contributor,
            "/broken" => "<html>",
            "/again" => Page("https://management.azure.com/again"),
            var path when path.EndsWith("/permissions", StringComparison.Ordinal) => permissions,
            var path when path.EndsWith("/denyAssignments", StringComparison.Ordinal) => denials,
            var path when path.StartsWith(Site, StringComparison.Ordinal) => atResource,
            var path when path.StartsWith(Group, StringComparison.Ordinal) => atGroup,
            _ => atSubscription,
        }));
        using var agent = new Agent(azure.Handler(), new Token(token ?? Token.Canary));
        return (await agent.Probe.Look(agent.Restart, anew: true, Cancellation), azure);
    }

    private static RawAnswer Answer(string listed)
    {
        if (!listed.EndsWith('!'))
        {
            return RawAnswer.Http(200, listed);
        }

        var status = int.Parse(listed[..^1], System.Globalization.CultureInfo.InvariantCulture);
        return RawAnswer.Http(status, $$$"""{"error":{"code":"Code{{{status}}}","message":"no"}}""", "Retry-After: 0\r\nLocation: https://management.azure.com/page2\r\n");
    }
}
