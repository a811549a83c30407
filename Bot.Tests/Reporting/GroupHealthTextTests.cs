using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Cards;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Reporting;

public sealed class GroupHealthTextTests
{
    private static readonly ResourceId Group = ResourceId.Parse("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-web");
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 10, 0, TimeSpan.Zero);

    private static GroupHealth Read(int available = 12) => new(Group, Now) { Tally = new(available, 0, 0, 0, 0), Firing = 0, Changed = 0 };

    private static GroupHealth Sick => Read() with
    {
        Tally = new(12, 1, 1, 2, 1),
        NotAvailable =
        [
            State("Microsoft.Web/sites/app-service-prod", Availability.Unavailable, "We're sorry, your web app isn't available because of connectivity issues.", Now.AddHours(-1)),
            State("Microsoft.Sql/servers/sql-prod/databases/orders", Availability.Degraded, "", Now.AddDays(-2)),
            State("Microsoft.Compute/virtualMachines/vm-batch", Availability.StoppedByPeople, "", null), State("Microsoft.Compute/virtualMachines/vm-test", Availability.StoppedByPeople, "", null),
        ],
        Firing = 4, AlertKinds = 2, Closed = 1,
        Alerts =
        [
            new("High memory on app-service-prod", "Sev1", Id("Microsoft.Web/sites/app-service-prod"), Now.AddMinutes(-56), 3, false),
            new("Certificate expires", "Sev3", null, Now.AddDays(-12), 1, true),
        ],
        Changed = 9,
        Changes = [new(Now.AddMinutes(-75), "app-service-prod", "deployed", "pipeline@contoso.example", 1), new(Now.AddHours(-22), "sql-prod/orders", "changed", "this agent", 8)],
        Looks =
        [
            new(Id("Microsoft.Web/sites/app-service-prod"), "app-service-prod is running slowly due to high memory usage", "Restart App Service 'app-service-prod'"),
            new(Id("Microsoft.Sql/servers/sql-prod/databases/orders"), "there is no runbook for Microsoft.Sql/servers/databases", null),
        ],
    };

    private static IReadOnlyDictionary<string, GroupHealth> All { get; } = new Dictionary<string, GroupHealth>
    {
        ["healthy"] = Read() with { Changed = 1, Changes = [new(Now.AddMinutes(-75), "app-service-prod", "deployed", "pipeline@contoso.example", 1)] },
        ["healthy-quiet"] = Read(1),
        ["unhealthy"] = Sick,
        ["unhealthy-and-unread"] = new(Group, Now) { Firing = 1, AlertKinds = 1, Alerts = [.. Sick.Alerts.Take(1)], Gaps = ["the agent may not read resource health; grant it Reader on the group"], ChangesGap = "the activity log could not be read: Azure answered 503" },
        ["empty"] = Read(0),
        ["nothing-available"] = Read(0) with { Tally = new(0, 0, 0, 2, 1), NotAvailable = Sick.NotAvailable.Where(r => r.State == Availability.StoppedByPeople).ToList() },
        ["unread"] = new(Group, Now) { Gaps = ["resource group 'rg-web' does not exist or is hidden from the agent", "the agent may not read the alerts; grant it Monitoring Reader on the subscription"], ChangesGap = "the activity log does not exist or is hidden from the agent" },
    };

    [Fact]
    public async Task Every_state_of_a_group_reads_as_it_was_looked_at() => await Golden.MustEqual(
        "Bot.Tests/Reporting/Golden/group-health.txt", All.SelectMany(h => new[] { $"===== {h.Key}", GroupHealthText.Of(h.Value, "daily-health").Markdown, "" }));

    [Fact]
    public void Five_hundred_of_everything_fit_into_a_message_and_the_rest_is_counted()
    {
        var health = Read() with
        {
            Tally = new(12, 500, 0, 500, 0), NotAvailable = [.. Enumerable.Range(0, 500).Select(i => State($"Microsoft.Web/sites/app-{i}-{new string('x', 200)}", Availability.Unavailable, new string('<', 900), Now))],
            Firing = 500, AlertKinds = 500, Alerts = [.. Enumerable.Range(0, 500).Select(i => new FiringAlert(string.Concat(Enumerable.Repeat("😀", 400)), "Sev1", Id($"Microsoft.Web/sites/{new string('y', 250)}"), Now, 9, true))],
            Changed = 5000, Changes = [.. Enumerable.Range(0, 500).Select(i => new GroupChange(Now, new string('漢', 300), new string('`', 300), new string('&', 900), 3))],
            Gaps = [.. Enumerable.Repeat(new string('*', 900), 500)], Looks = [.. Enumerable.Repeat(new LookedAt(Group, new string('_', 900), new string('[', 900)), 500)],
        };
        var text = GroupHealthText.Of(health, new string('~', 200));

        Assert.InRange(ListText.SizeOf(text), 1, 22_000);
        Assert.Equal(5, text.Markdown.Split("- and ").Length - 1);
    }

    [Fact]
    public void Of_five_hundred_ordinary_ones_twelve_are_listed_and_the_rest_is_counted()
    {
        var text = GroupHealthText.Of(Read() with { Tally = new(12, 500, 0, 0, 0), NotAvailable = [.. Enumerable.Range(0, 50).Select(i => State($"Microsoft.Web/sites/app-{i}", Availability.Unavailable, "Down.", Now))] }, null).Markdown;

        Assert.Contains("- **Unavailable** app-11, since 03:10 UTC: Down.\n- and 488 more unhealthy", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HostileTextTests.Hostile), MemberType = typeof(HostileTextTests))]
    public void Hostile_text_adds_no_markup(string text)
    {
        GroupHealth With(string words) => Sick with
        {
            NotAvailable = [State("Microsoft.Web/sites/app", Availability.Unavailable, words, Now)], Alerts = [new(words, words, null, Now, 1, false)], Changes = [new(Now, words, words, words, 1)],
            Gaps = [words], ChangesGap = null, Looks = [new(Group, words, words)],
        };

        Assert.Equal(Markup.Of(GroupHealthText.Of(With("plain words"), "plain words")), Markup.Of(GroupHealthText.Of(With(text), text)));
    }

    private static ResourceState State(string of, Availability state, string summary, DateTimeOffset? since) => new(Id(of), state, summary, since);

    private static ResourceId Id(string of) => ResourceId.Parse($"{Group}/providers/{of}");
}
