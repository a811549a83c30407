using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Proposals;

public sealed class ResourceIdTests
{
    private const string Subscription = "/subscriptions/00000000-0000-0000-0000-00000000000a";
    private const string Group = Subscription + "/resourceGroups/rg-shop";
    private const string App = Group + "/providers/Microsoft.Web/sites/app-service-prod";

    [Theory]
    [InlineData(Subscription, null, "00000000-0000-0000-0000-00000000000a")]
    [InlineData(Group, null, "rg-shop")]
    [InlineData(App, "Microsoft.Web/sites", "app-service-prod")]
    [InlineData(App + "/", "Microsoft.Web/sites", "app-service-prod")]
    [InlineData(App + "/slots/blue", "Microsoft.Web/sites/slots", "blue")]
    [InlineData("/SUBSCRIPTIONS/00000000-0000-0000-0000-00000000000A/RESOURCEGROUPS/(Rg)_1.x/PROVIDERS/Microsoft.Web/sites/a", "Microsoft.Web/sites", "a")]
    public void A_subscription_a_group_and_a_resource_are_ids(string text, string? type, string name)
    {
        var id = ResourceId.Parse(text);

        Assert.Equal((type, name, type is not null), (id.ResourceType, id.Name, id.IsResource));
        Assert.Equal(text.TrimEnd('/'), id.Value);
        Assert.Equal(id, ResourceId.Parse(text.ToUpperInvariant()));
        Assert.Equal(id.GetHashCode(), ResourceId.Parse(text.ToUpperInvariant()).GetHashCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("app-service-prod")]
    [InlineData(" " + App)]
    [InlineData(App + " ")]
    [InlineData(App + "\n")]
    [InlineData(App + "\u0000")]
    [InlineData("https://management.azure.com" + App)]
    [InlineData("//management.azure.com" + App)]
    [InlineData("/subscriptions")]
    [InlineData("/subscriptions/")]
    [InlineData("/subscriptions/prod")]
    [InlineData("/subscriptions/{00000000-0000-0000-0000-00000000000a}")]
    [InlineData("/subscriptions/0000000000000000000000000000000a")]
    [InlineData("/subscription/00000000-0000-0000-0000-00000000000a")]
    [InlineData("/tenants/00000000-0000-0000-0000-00000000000a")]
    [InlineData("/providers/Microsoft.Management/managementGroups/root")]
    [InlineData(Subscription + "/providers/Microsoft.Authorization/locks/x")]
    [InlineData(Subscription + "/resourceGroups")]
    [InlineData(Subscription + "/resourceGroups/")]
    [InlineData(Group + "/providers")]
    [InlineData(Group + "/providers/Microsoft.Web")]
    [InlineData(Group + "/providers/Microsoft.Web/sites")]
    [InlineData(Group + "/providers/Web/sites/a")]
    [InlineData(Group + "/provider/Microsoft.Web/sites/a")]
    [InlineData(App + "/slots")]
    [InlineData(App + "//slots/blue")]
    [InlineData(App + "//")]
    [InlineData(Group + "//providers/Microsoft.Web/sites/a")]
    [InlineData(App + "/../other")]
    [InlineData(App + "/./x")]
    [InlineData(Group + "/providers/Microsoft.Web/sites/..")]
    [InlineData(Group + "/providers/Microsoft.Web/sites/.")]
    [InlineData(Group + "/providers/Microsoft.Web/sites/a..b")]
    [InlineData(App + "?api-version=2020-01-01")]
    [InlineData(App + "#fragment")]
    [InlineData(App + "%2f..%2fother")]
    [InlineData(App + "%00")]
    [InlineData(App + "@evil.example")]
    [InlineData(App + "\\..\\other")]
    [InlineData("\\subscriptions\\00000000-0000-0000-0000-00000000000a")]
    [InlineData(App + ":443")]
    [InlineData(App + ";x=1")]
    [InlineData(App + "*")]
    [InlineData(App + "'")]
    [InlineData(App + "\"")]
    [InlineData(App + "<b>")]
    [InlineData(App + "&x")]
    [InlineData(App + "+")]
    [InlineData(App + ",b")]
    [InlineData(App + "\u202e")]
    [InlineData(App + "\u200b")]
    [InlineData(Group + "/providers/Microsoft.Web/sites/\u0430pp")]
    [InlineData(Group + "/providers/Microsoft.Web/sites/app\uff0fslots\uff0fblue")]
    [InlineData(Group + "/providers/Microsoft.Web/\u017fites/app")]
    [InlineData("/\u017fubscriptions/00000000-0000-0000-0000-00000000000a")]
    [InlineData(App + "/providers/Microsoft.Authorization/locks/x")]
    [InlineData(App + "/PROVIDERS/Microsoft.Insights/diagnosticSettings/x")]
    public void What_the_grammar_does_not_know_is_refused_with_a_reason(string? text)
    {
        Assert.False(ResourceId.TryParse(text, out var id, out var why));
        Assert.Null(id);
        Assert.NotEmpty(why);
        Assert.Throws<FormatException>(() => ResourceId.Parse(text!));
    }

    [Fact]
    public void Only_the_characters_of_Azure_names_are_let_through()
    {
        const string Allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.()";
        for (var c = 0; c <= char.MaxValue; c++)
        {
            // A slash makes another segment, which has no pair here.
            Assert.Equal(Allowed.Contains((char)c, StringComparison.Ordinal), ResourceId.TryParse($"{App}x{(char)c}x", out _, out _));
        }
    }

    [Fact]
    public void Length_has_a_limit()
    {
        var longest = $"{Group}/providers/Microsoft.Web/sites/";
        Assert.True(ResourceId.TryParse(longest + new string('a', 260), out _, out _));
        Assert.False(ResourceId.TryParse(longest + new string('a', 261), out _, out _));
        var deep = App + string.Concat(Enumerable.Repeat("/a/" + new string('b', 100), 20));
        Assert.False(ResourceId.TryParse(deep, out _, out _));
    }

    [Theory]
    [InlineData(App, App, true, true)]
    [InlineData(Subscription, App, true, false)]
    [InlineData(Group, App, true, false)]
    [InlineData(App, App + "/slots/blue", true, false)]
    [InlineData(App, Group + "/providers/Microsoft.Web/sites/app-service-prod-2", false, false)]
    [InlineData(Group, Group + "-2", false, false)]
    [InlineData(App + "/slots/blue", App + "/slots/green", false, false)]
    public void An_id_contains_what_is_below_it_and_not_what_merely_begins_alike(string above, string below, bool contains, bool both)
    {
        var (a, b) = (ResourceId.Parse(above.ToUpperInvariant()), ResourceId.Parse(below));

        Assert.Equal((contains, both), (a.Contains(b), b.Contains(a)));
        Assert.Equal((contains || both, contains || both), (a.Overlaps(b), b.Overlaps(a)));
    }

    [Fact]
    public void A_child_knows_whose_it_is()
    {
        var slot = ResourceId.Parse(App + "/slots/blue");

        Assert.Equal((App, "Microsoft.Web/sites"), (slot.Parent!.Value, slot.Parent.ResourceType));
        Assert.Equal(("app-service-prod/blue", "app-service-prod"), (slot.NameInFull, slot.Parent.NameInFull));
        Assert.All(new[] { slot.Parent, slot.Group!, slot.Subscription }, none => Assert.Null(none.Parent));
    }

    [Fact]
    public void An_id_knows_its_group_and_its_subscription()
    {
        var slot = ResourceId.Parse(App + "/slots/blue");

        Assert.Equal((Group, Subscription), (slot.Group!.Value, slot.Subscription.Value));
        Assert.Equal(("rg-shop", "00000000-0000-0000-0000-00000000000a"), (slot.ResourceGroup, slot.SubscriptionId));
        Assert.Null(slot.Subscription.Group);
        Assert.True(slot.IsOfType("MICROSOFT.WEB/SITES/SLOTS"));
        Assert.False(slot.IsOfType("Microsoft.Web/sites"));
    }
}
