using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Support;
using static RunModes.Bot.Tests.Roles.ScriptedGraph;

namespace RunModes.Bot.Tests.Roles;

public sealed class RoleLookupTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly Answer None = Json("""{"value":[]}""");

    [Fact]
    public async Task A_member_of_the_approvers_group_is_an_Administrator()
    {
        var graph = new ScriptedGraph();

        var answer = await graph.Look();

        Assert.Equal(RoleAnswer.Told(Role.Administrator, "Microsoft Graph says you are an Administrator."), answer);
        Assert.All(graph.Asked, asked => Assert.Equal("Bearer bot-token", asked.Authorization));
        // Two questions at once; a third would only be given up, and its connection closed.
        Assert.Equal((2, 0), (graph.Asked.Count, graph.Times(Question.StandardGroups)));
        Assert.Contains(graph.Asked, asked => asked.Uri.AbsoluteUri == $"https://graph.microsoft.com/v1.0/users/{Ada}?%24select=id,accountEnabled,userType,externalUserState");
        Assert.Contains(graph.Asked, asked => asked is { Question: Question.Groups, Method: "POST" } && asked.Body == $$"""{"groupIds":["{{Approvers}}"]}""");
    }

    [Fact]
    public async Task A_Standard_User_is_told_which_role_is_needed_and_what_they_are()
    {
        var graph = new ScriptedGraph { Script = { [Question.Groups] = None, [Question.StandardGroups] = Json($$"""{"value":["{{Responders}}"]}""") } };

        var answer = await graph.Look();

        Assert.Equal((Role.StandardUser, true), (answer.Role, answer.CouldTell));
        Assert.Equal("Only Administrators can approve. Microsoft Graph says you are a Standard User.", answer.Why);
        Assert.Equal("Microsoft Graph says you are a Standard User.", answer.Says);
        Assert.True(answer.IsAtLeast(Role.Reader));
        Assert.False(answer.IsAtLeast(Role.Administrator));
    }

    [Fact]
    public async Task Any_other_member_of_the_tenant_is_a_Reader()
    {
        var graph = new ScriptedGraph { Script = { [Question.Groups] = None } };

        var answer = await graph.Look();

        Assert.Equal("Only Standard Users and Administrators can pause a task. Microsoft Graph says you are a Reader.", answer.Refusal(Role.StandardUser, "pause a task"));
    }

    [Fact]
    public async Task An_unanswered_Standard_User_question_does_not_take_an_Administrators_yes_away_but_is_no_role_by_itself()
    {
        var graph = new ScriptedGraph { Script = { [Question.StandardGroups] = Status(503) } };
        Assert.True((await graph.Look()).IsAdministrator);

        graph.Script[Question.Groups] = None;
        var answer = await graph.Look();

        Assert.Equal((Role.None, false), (answer.Role, answer.CouldTell));
        Assert.Contains("503 SomeCode", answer.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_account_is_refused_though_membership_is_still_unanswered()
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        var graph = new ScriptedGraph { Script = { [Question.Account] = Json(Member.Replace("true", "false")), [Question.Groups] = (_, _) => never.Task } };

        var answer = await graph.Look().WaitAsync(TimeSpan.FromSeconds(20), Ct);

        Assert.Equal("Only Administrators can approve. Microsoft Graph says your account is disabled.", answer.Why);
        Assert.True(answer.CouldTell);
    }

    [Fact]
    public async Task Guests_may_be_Administrators_only_when_settings_say_so()
    {
        var graph = new ScriptedGraph { Script = { [Question.Account] = Json(Member.Replace("Member", "Guest").Replace("null", "\"Accepted\"")) } };

        Assert.Equal(Role.None, (await graph.Look()).Role);
        Assert.True((await graph.Look(("Roles:AllowGuests", "true"))).IsAdministrator);
        Assert.Equal(Role.None, (await graph.Look(("Roles:AllowGuests", "yes please"))).Role);
    }

    [Theory]
    [InlineData("0a0a0a0a-0000-4000-8000-00000000beef", Ada)]
    [InlineData("", Ada)]
    [InlineData("contoso.com", Ada)]
    [InlineData(Tenant, null)]
    [InlineData(Tenant, "")]
    [InlineData(Tenant, " ")]
    [InlineData(Tenant, "ada@contoso.com")]
    [InlineData(Tenant, "29:1abc")]
    [InlineData(Tenant, "00000000-0000-0000-0000-000000000000")]
    [InlineData(Tenant, "0c0c0c0c00004000800000000000000a")]
    [InlineData(Tenant, Ada + "/memberOf")]
    [InlineData(Tenant, App)]
    [InlineData(Tenant, Agent)]
    public async Task Nobody_of_another_tenant_without_an_object_id_or_with_that_of_an_application_has_a_role_or_is_asked_about(string tenant, string? id)
    {
        var graph = new ScriptedGraph();
        await using var services = graph.Wire();

        var answer = await services.GetRequiredService<RoleLookup>().Look(new Person(tenant, id, "Ada"), Ct);

        Assert.Equal((Role.None, true), (answer.Role, answer.CouldTell));
        Assert.Empty(graph.Asked);
    }

    [Fact]
    public async Task A_bot_that_does_not_know_its_own_tenant_gives_nobody_a_role()
    {
        var graph = new ScriptedGraph();
        await using var services = graph.Wire(null, ("MicrosoftAppTenantId", ""));

        Assert.Equal(Role.None, (await services.GetRequiredService<RoleLookup>().Look(new Person("", Ada, "Ada"), Ct)).Role);
    }

    [Fact]
    public async Task Twenty_groups_are_asked_in_one_call_and_more_in_several_any_of_which_may_say_yes()
    {
        var groups = Enumerable.Range(1, 41).Select(i => $"0d0d0d0d-0000-4000-8000-0000000001{i:00}").ToList();
        var settings = groups.Select((group, i) => ($"Roles:Administrator:Groups:{i}", (string?)group)).ToArray();
        var graph = new ScriptedGraph
        {
            Script = { [Question.Groups] = async (request, ct) => await Json((await request.Content!.ReadAsStringAsync(ct)).Contains(groups[40], StringComparison.Ordinal)
                ? $$"""{"value":["{{groups[40]}}"]}""" : """{"value":[]}""")(request, ct) },
        };

        Assert.True((await graph.Look(settings)).IsAdministrator);
        Assert.Equal([1, 20, 20], graph.Asked.Where(asked => asked.Question == Question.Groups).Select(asked => asked.Body!.Split("0d0d0d0d").Length - 1).Order());
    }

    [Fact]
    public async Task A_no_needs_every_batch_and_a_yes_needs_one()
    {
        (string, string?)[] both = [("Roles:Administrator:AppRole", "Approver")];
        var graph = new ScriptedGraph { Script = { [Question.Groups] = None, [Question.AppRoles] = Status(403) } };
        Assert.False((await graph.Look(both)).CouldTell);

        graph.Script[Question.Groups] = Json($$"""{"value":["{{Approvers}}"]}""");
        Assert.True((await graph.Look(both)).IsAdministrator);
    }

    [Fact]
    public async Task Holders_of_the_app_role_are_asked_for_on_the_bots_own_service_principal()
    {
        var graph = new ScriptedGraph();

        Assert.True((await graph.Look(("Roles:Administrator:Groups:0", null), ("Roles:Administrator:AppRole", "Approver"))).IsAdministrator);

        Assert.Contains(graph.Asked, asked => asked.Uri.AbsolutePath == $"/v1.0/servicePrincipals(appId='{App}')");
        Assert.Contains(graph.Asked, asked => Uri.UnescapeDataString(asked.Uri.Query) == $"?$filter=resourceId eq {Principal}");
    }

    [Fact, FailureMode(5)]
    public async Task Nobody_is_an_Administrator_when_no_approver_is_configured()
    {
        var graph = new ScriptedGraph();

        Assert.Equal(Role.Reader, (await graph.Look(("Roles:Administrator:Groups:0", null))).Role);
    }

    [Fact, FailureMode(8)]
    public async Task A_yes_is_not_remembered()
    {
        var graph = new ScriptedGraph { Script = { [Question.Groups] = InTurn(Json($$"""{"value":["{{Approvers}}"]}"""), None) } };
        await using var services = graph.Wire();
        var lookup = services.GetRequiredService<RoleLookup>();
        var ada = new Person(Tenant, Ada, "Ada");

        Assert.True((await lookup.Look(ada, Ct)).IsAdministrator);
        Assert.Equal(Role.Reader, (await lookup.Look(ada, Ct)).Role);
    }

    [Fact]
    public async Task The_token_is_asked_for_Microsoft_Graph_alone_and_for_the_governments_Graph_in_its_cloud()
    {
        var graph = new ScriptedGraph();
        var scopes = new List<string>();
        graph.Credential.Issue = (context, _) => { lock (scopes) scopes.AddRange(context.Scopes); return ValueTask.FromResult(new Azure.Core.AccessToken("t", DateTimeOffset.MaxValue)); };

        Assert.True((await graph.Look()).IsAdministrator);
        Assert.All(scopes, scope => Assert.Equal("https://graph.microsoft.com/.default", scope));
        scopes.Clear();
        Assert.True((await graph.Look(("ChannelService", "https://botframework.azure.us"))).IsAdministrator);
        Assert.All(scopes, scope => Assert.Equal("https://graph.microsoft.us/.default", scope));
        Assert.Contains(graph.Asked, asked => asked.Uri.Host == "graph.microsoft.us");
    }

    [Theory]
    [InlineData("http://graph.microsoft.com/v1.0/users")]
    [InlineData("https://graph.microsoft.com:8443/v1.0/users")]
    [InlineData("https://graph.microsoft.com.evil.example/v1.0/users")]
    [InlineData("https://a@graph.microsoft.com/v1.0/users")]
    public async Task No_request_leaves_for_another_host(string url)
    {
        var graph = new ScriptedGraph();
        await using var services = graph.Wire();
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient(GraphDirectory.HttpClientName);

        await Assert.ThrowsAsync<GraphUnreadable>(() => client.GetAsync(new Uri(url), Ct));

        Assert.Empty(graph.Asked);
    }

    [Fact]
    public async Task A_bot_that_cannot_sign_in_could_not_tell()
    {
        var graph = new ScriptedGraph();
        graph.Credential.Issue = (_, _) => throw new Azure.Identity.AuthenticationFailedException("AADSTS7000215 secret-canary");

        var answer = await graph.Look();

        Assert.False(answer.CouldTell);
        Assert.Contains("could not sign in", answer.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", answer.Why, StringComparison.Ordinal);
    }
}
