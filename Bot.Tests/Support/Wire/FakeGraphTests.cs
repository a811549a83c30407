using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Graph;

namespace RunModes.Bot.Tests.Support.Wire;

public sealed class FakeGraphTests
{
    private const string Ada = "0a000000-0000-4000-8000-000000000001";
    private const string Nested = "0a000000-0000-4000-8000-0000000000a2";
    private const string Role = "0a000000-0000-4000-8000-0000000000b1";

    [Fact]
    public async Task Membership_is_transitive_and_limited_to_what_was_asked()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Graph.Directory.Group(Known.Administrators, "SRE administrators");
        cloud.Graph.Directory.Group(Nested, "On call", memberOf: Known.Administrators);
        cloud.Graph.Directory.Person(Ada, "Ada", Nested);
        using var caller = new WireCaller(cloud);

        var answer = await caller.Graph(HttpMethod.Post, $"/users/{Ada}/checkMemberGroups", Ids(Known.Administrators));
        Assert.Equal(Known.Administrators, Assert.Single(answer.Body!["value"]!.AsArray())!.GetValue<string>());

        cloud.Graph.Directory.Remove(Nested);
        Assert.Empty((await caller.Graph(HttpMethod.Post, $"/users/{Ada}/checkMemberGroups", Ids(Known.Administrators))).Body!["value"]!.AsArray());
        Assert.Equal(400, (await caller.Graph(HttpMethod.Post, $"/users/{Ada}/checkMemberGroups", Ids("admins"))).Status);
        cloud.Graph.Directory.Remove(Ada);
        Assert.Equal(404, (await caller.Graph(HttpMethod.Post, $"/users/{Ada}/checkMemberGroups", Ids(Known.Administrators))).Status);
        cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Account_state_and_user_type_come_only_when_selected()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        var ada = cloud.Graph.Directory.Person(Ada, "Ada");
        ada.UserType = "Guest";
        ada.ExternalUserState = "Accepted";
        using var caller = new WireCaller(cloud);
        Assert.Null((await caller.Graph(HttpMethod.Get, $"/users/{Ada}")).Body!["accountEnabled"]);
        var selected = (await caller.Graph(HttpMethod.Get, $"/users/{Ada}?$select=id,accountEnabled,userType,externalUserState")).Body!;
        Assert.Equal($$"""{"id":"{{Ada}}","accountEnabled":true,"userType":"Guest","externalUserState":"Accepted"}""", selected.ToJsonString());
    }

    [Fact]
    public async Task App_roles_of_a_person_come_in_pages_and_only_through_direct_groups()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Graph.Directory.AppRoles.Add(new DirectoryAppRole(Role, "Administrator"));
        cloud.Graph.Directory.Group(Known.Administrators, "Above").AppRoles.Add(Role);
        cloud.Graph.Directory.Group(Nested, "Direct", memberOf: Known.Administrators).AppRoles.Add(Role);
        cloud.Graph.Directory.Person(Ada, "Ada", Nested).AppRoles.Add(Guid.Empty.ToString());
        cloud.Graph.PageSize = 1;
        using var caller = new WireCaller(cloud);

        var principal = await caller.Graph(HttpMethod.Get, $"/servicePrincipals(appId='{Known.AppId}')");
        Assert.Equal("Administrator", principal.Body!["appRoles"]![0]!["value"]!.GetValue<string>());
        Assert.Single((await caller.Graph(HttpMethod.Get, $"/servicePrincipals?$filter=appId eq '{Known.AppId}'")).Body!["value"]!.AsArray());
        var resource = principal.Body!["id"]!.GetValue<string>();
        var first = (await caller.Graph(HttpMethod.Get, $"/users/{Ada}/appRoleAssignments?$filter=resourceId eq {resource}")).Body!;
        Assert.Equal("User", Assert.Single(first["value"]!.AsArray())!["principalType"]!.GetValue<string>());
        var next = first["@odata.nextLink"]!.GetValue<string>();
        var second = (await caller.Graph(HttpMethod.Get, next["https://graph.microsoft.com/v1.0".Length..])).Body!;
        Assert.Equal(Nested, Assert.Single(second["value"]!.AsArray())!["principalId"]!.GetValue<string>());
        Assert.Null(second["@odata.nextLink"]);
    }

    [Fact]
    public async Task A_group_tells_how_people_get_into_it()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Graph.Directory.Group(Known.Administrators, "Everybody").MembershipRule = "user.department -eq \"IT\"";
        using var caller = new WireCaller(cloud);
        var group = (await caller.Graph(HttpMethod.Get, $"/groups/{Known.Administrators}")).Body!;
        Assert.Equal("DynamicMembership", group["groupTypes"]![0]!.GetValue<string>());
        Assert.Equal(404, (await caller.Graph(HttpMethod.Get, $"/groups/{Guid.Empty}")).Status);
    }

    [Fact]
    public async Task The_real_Graph_client_finds_everything_where_it_looks()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        cloud.Graph.Directory.Group(Known.Administrators, "SRE administrators");
        cloud.Graph.Directory.Person(Ada, "Ada", Known.Administrators).AppRoles.Add(Role);
        using var client = new HttpClient(cloud.CreateHandler());
        var credential = new ClientSecretCredential(Known.Tenant, Known.AppId, Known.AppSecret,
            new ClientSecretCredentialOptions { DisableInstanceDiscovery = true, Transport = new HttpClientTransport(client) });
        using var graph = new GraphServiceClient(client, credential);
        var cancellation = TestContext.Current.CancellationToken;

        var member = await graph.Users[Ada].CheckMemberGroups.PostAsCheckMemberGroupsPostResponseAsync(new() { GroupIds = [Known.Administrators] }, cancellationToken: cancellation);
        Assert.Equal([Known.Administrators], member!.Value!);
        var account = await graph.Users[Ada].GetAsync(request => request.QueryParameters.Select = ["accountEnabled", "userType"], cancellation);
        Assert.Equal((true, "Member"), (account!.AccountEnabled, account.UserType));
        var principal = await graph.ServicePrincipalsWithAppId(Known.AppId).GetAsync(cancellationToken: cancellation);
        var assigned = await graph.Users[Ada].AppRoleAssignments.GetAsync(request => request.QueryParameters.Filter = $"resourceId eq {principal!.Id}", cancellation);
        Assert.Equal(Guid.Parse(Role), Assert.Single(assigned!.Value!).AppRoleId);
        cloud.AssertNothingUnexpected();
    }

    private static JsonObject Ids(params string[] ids) => new() { ["groupIds"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]) };
}
