using System.Text.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;
using RunModes.Bot.Storage;
using static RunModes.Bot.Tests.Proposals.Restart;

namespace RunModes.Bot.Tests.Proposals;

public sealed class OperationTests
{
    private static readonly Operation.ArmCall WithBody = Call with { Body = """{"text":"line\n\u202e 'x' \"y\" é"}""" };

    [Fact]
    public void What_is_stored_is_what_is_read_byte_by_byte()
    {
        foreach (var operation in new[] { Call, WithBody })
        {
            var read = Sql.Read<Operation>(Sql.Write<Operation>(operation));

            Assert.Equal(operation, read);
            Assert.Equal(Fingerprint.Of(operation), Fingerprint.Of(read));
        }
    }

    [Fact]
    public void The_stored_form_is_readable_for_ever() => Assert.Equal(
        Call,
        Sql.Read<Operation>($$"""
            {"kind":"arm","Context":{"Cloud":"AzureCloud","TenantId":"tenant","AgentIdentity":"agent"},"Target":"{{AppId}}",
             "Action":"Microsoft.Web/sites/restart/Action","Method":"POST","Verb":"restart","ApiVersion":"2023-12-01","Body":""}
            """));

    public static TheoryData<string, string> Altered => new()
    {
        { "no target", Without("Target") },
        { "a target that is none", With("Target", "https://evil.example/subscriptions") },
        { "a target with a way out", With("Target", AppId + "/../other") },
        { "an empty target", With("Target", "") },
        { "a null target", With("Target", null) },
        { "a number as target", With("Target", 7) },
        { "no action", Without("Action") },
        { "a null action", With("Action", null) },
        { "a null method", With("Method", null) },
        { "no verb", Without("Verb") },
        { "no body", Without("Body") },
        { "no API version", Without("ApiVersion") },
        { "no context", Without("Context") },
        { "a null context", With("Context", null) },
        { "half a context", With("Context", JsonNode.Parse("""{"Cloud":"AzureCloud"}""")) },
        { "another kind", With("kind", "shell") },
        { "no kind", Without("kind") },
        { "nothing", "null" },
        { "an empty object", "{}" },
        { "a list", "[]" },
        { "no JSON", "{" },
    };

    [Theory]
    [MemberData(nameof(Altered))]
    public void A_row_that_was_altered_in_the_store_does_not_come_back_as_an_operation(string how, string json)
    {
        var refused = Record.Exception(() => Sql.Read<Operation>(json));

        Assert.True(refused is JsonException or NotSupportedException or InvalidDataException, $"{how}: {refused}");
    }

    [Fact]
    public void An_action_is_built_on_its_own_type_of_resource_alone()
    {
        var plan = ResourceId.Parse("/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Web/serverFarms/plan");

        Assert.Throws<ArgumentException>(() => Operation.ArmCall.Of(ArmAction.RestartWebApp, plan, Call.Context));
        Assert.Throws<ArgumentException>(() => Operation.ArmCall.Of(ArmAction.RestartWebApp, Call.Target.Group!, Call.Context));
        Assert.Throws<ArgumentException>(() => Operation.ArmCall.Of(ArmAction.RestartWebApp, ResourceId.Parse(AppId + "/slots/blue"), Call.Context));
    }

    [Fact]
    public void Effect_and_title_come_from_the_classified_action_and_an_unknown_one_says_so()
    {
        var unknown = Call with { Action = "Microsoft.Web/sites/frobnicate/action" };

        Assert.Equal((Effect.Mutating, "Restart App Service 'app-service-prod'"), (Call.Effect, Call.Title));
        Assert.Equal((Effect.Unknown, "Microsoft.Web/sites/frobnicate/action 'app-service-prod'"), (unknown.Effect, unknown.Title));
        Assert.Same(ArmAction.RestartWebApp, ArmAction.Find("MICROSOFT.WEB/SITES/RESTART/ACTION"));
    }

    /// <summary>Site, slot and direction are what is approved; the site is what nothing else may touch meanwhile.</summary>
    [Fact]
    public void A_swap_is_of_one_slot_with_production_and_holds_its_whole_site()
    {
        var swap = Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, ResourceId.Parse(AppId + "/slots/staging"), Call.Context);
        var other = Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, ResourceId.Parse(AppId + "/slots/blue"), Call.Context);

        Assert.Equal("""{"targetSlot":"production","preserveVnet":true}""", swap.Body);
        Assert.Equal("Swap into production the slot 'app-service-prod/staging'", swap.Title);
        Assert.Equal(Call.TargetKey, swap.TargetKey);
        Assert.Equal(4, new[] { swap, other, swap with { Body = "" }, swap with { Target = ResourceId.Parse(AppId + "-2/slots/staging") } }.Select(o => Fingerprint.Of(o)).Distinct().Count());
        Assert.NotEqual(Fingerprint.IntentKey(swap), Fingerprint.IntentKey(other));
        Assert.Throws<ArgumentException>(() => Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, Call.Target, Call.Context));
    }

    [Fact]
    public void A_card_shows_the_request_whole()
    {
        Assert.Equal([$"POST {AppId}/restart?api-version=2023-12-01"], Call.Lines);
        Assert.Equal([$"POST {AppId}/restart?api-version=2023-12-01", WithBody.Body], WithBody.Lines);
    }

    [Fact]
    public void Every_action_the_bot_knows_says_what_a_person_needs()
    {
        Assert.NotEmpty(ArmAction.All);
        Assert.All(ArmAction.All, action => Assert.All(
            new[] { action.Action, action.ResourceType, action.Method, action.ApiVersion, action.Label, action.Short, action.Did, action.Impact, action.Rollback, action.LeastRole },
            text => Assert.False(string.IsNullOrWhiteSpace(text))));
        Assert.All(ArmAction.All, action => Assert.InRange(action.Limit, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)));
        Assert.All(ArmAction.All, action => Assert.True(action.Body.Length == 0 || JsonNode.Parse(action.Body) is JsonObject));
        Assert.DoesNotContain(ArmAction.All, action => action.Effect is Effect.Unknown or Effect.SecretRead);
    }

    private static Operation.ArmCall Scale(int to = 3, string tag = "prod") => Operation.ArmCall.Of(
        ArmAction.ScaleAppServicePlan, ResourceId.Parse("/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Web/serverfarms/plan"), Call.Context,
        new OperationParameters.Scale(
            new("linux", "West Europe", "P1v3", "PremiumV3", "P1v3", "Pv3", [KeyValuePair.Create("env", tag)]) { Linux = true, Xenon = false, HyperV = false, PerSiteScaling = false, ZoneRedundant = false }, 2, to));

    /// <summary>A body that varies is written from typed, absolute values; they are stored, and every one of them is in the fingerprint.</summary>
    [Fact]
    public void Parameters_are_stored_and_every_value_makes_another_fingerprint()
    {
        var read = Sql.Read<Operation>(Sql.Write<Operation>(Scale()));

        Assert.Equal(Scale(), read);
        Assert.Equal(Scale().Body, ((Operation.ArmCall)read).Known!.BodyOf(((Operation.ArmCall)read).Parameters));
        Assert.Equal(["PUT " + Scale().Path + "?api-version=2023-12-01", Scale().Body], read.Lines);
        Assert.Equal(3, new[] { Scale(), Scale(to: 4), Scale(tag: "\"},{") }.Select(o => Fingerprint.Of(o)).Distinct().Count());
    }

    [Fact]
    public void Traffic_is_stored_with_its_named_revisions_and_whatever_is_the_latest()
    {
        var shop = ResourceId.Parse("/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.App/containerApps/shop");
        var traffic = Operation.ArmCall.Of(ArmAction.SendTraffic, shop, Call.Context, new OperationParameters.Traffic("West Europe", [new("shop--v1", 90), new(null, 10)]));

        var read = Sql.Read<Operation>(Sql.Write<Operation>(traffic));

        Assert.Equal(traffic, read);
        Assert.Equal("Send the traffic of container app 'shop' to shop--v1 (90 %) and whatever revision is the latest (10 %)", read.Title);
        Assert.Equal(traffic.Body, ((Operation.ArmCall)read).Known!.BodyOf(((Operation.ArmCall)read).Parameters));
    }

    [Fact]
    public void An_action_is_built_from_its_own_parameters_alone()
    {
        Assert.Throws<ArgumentException>(() => Operation.ArmCall.Of(ArmAction.ScaleAppServicePlan, Scale().Target, Call.Context));
        Assert.Throws<ArgumentException>(() => Operation.ArmCall.Of(ArmAction.RestartWebApp, Call.Target, Call.Context, Scale().Parameters));
        Assert.Null(ArmAction.ScaleAppServicePlan.BodyOf(null));
        Assert.Null(ArmAction.RestartWebApp.BodyOf(Scale().Parameters));
    }

    private static string With(string field, JsonNode? value)
    {
        var stored = Stored();
        stored[field] = value;
        return stored.ToJsonString();
    }

    private static string Without(string field)
    {
        var stored = Stored();
        Assert.True(stored.Remove(field));
        return stored.ToJsonString();
    }

    private static JsonObject Stored() => (JsonObject)JsonNode.Parse(Sql.Write<Operation>(Call))!;
}
