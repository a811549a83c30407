using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using RunModes.Bot.Hooks;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Hooks;

/// <summary>When a rule holds, and in which words. What could not be established counts as being so.</summary>
public sealed class HookWhenTests
{
    private const string App = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/web/providers/Microsoft.Web/sites/app-service-prod";

    private static readonly ToolCall Restart = new()
    {
        Event = HookEvent.PreToolUse, Tool = Tools.ArmWrite, Subject = "run/1", Action = "Microsoft.Web/sites/restart/Action", Target = App, TargetKey = App.ToLowerInvariant(), Measured = true,
        Tags = new([new("critical", "yes"), new("team", "shop")], Complete: true),
    };

    private static readonly ToolCall Mail = new() { Event = HookEvent.PreToolUse, Tool = Tools.SendMail, Subject = "run/1", Recipients = ["ada@contoso.com", "eve@evil.example"] };

    // 2026-11-25 is a Wednesday.
    public static TheoryData<string, string, string?> Rows => new()
    {
        { "{}", "2026-11-25 10:00", "" },
        { """{"Actions":["*restart*"]}""", "2026-11-25 10:00", "" },
        { """{"Actions":["microsoft.web/sites/RESTART/action"]}""", "2026-11-25 10:00", "" },
        { """{"Actions":["*/swap/*"]}""", "2026-11-25 10:00", null },
        { """{"Targets":["app-service-prod"]}""", "2026-11-25 10:00", "" },
        { """{"Targets":["*/resourceGroups/web/*"]}""", "2026-11-25 10:00", "" },
        { """{"Targets":["app-service"]}""", "2026-11-25 10:00", null },
        { """{"Hours":"09:00-17:00"}""", "2026-11-25 09:00", "It is Wednesday 09:00 (UTC), within 09:00 to 17:00." },
        { """{"Hours":"09:00-17:00"}""", "2026-11-25 16:59", "It is Wednesday 16:59 (UTC), within 09:00 to 17:00." },
        { """{"Hours":"09:00-17:00"}""", "2026-11-25 17:00", null },
        { """{"Hours":"09:00-17:00","Days":"mon-fri"}""", "2026-11-28 10:00", null },
        { """{"Hours":"09:00-17:00","Days":"sat,sun"}""", "2026-11-28 10:00", "It is Saturday 10:00 (UTC), within 09:00 to 17:00." },
        { """{"Days":"fri-mon"}""", "2026-11-29 10:00", "It is Sunday 10:00 (UTC)." },
        { """{"Days":"fri-mon"}""", "2026-11-25 10:00", null },
        { """{"Hours":"09:00-17:00","TimeZone":"Europe/Berlin"}""", "2026-11-25 08:00", "It is Wednesday 09:00 (Europe/Berlin), within 09:00 to 17:00." },
        { """{"Hours":"09:00-17:00","TimeZone":"Europe/Berlin"}""", "2026-07-22 07:00", "It is Wednesday 09:00 (Europe/Berlin), within 09:00 to 17:00." },
        { """{"Hours":"22:00-06:00","Days":"fri"}""", "2026-11-27 23:00", "It is Friday 23:00 (UTC), within 22:00 to 06:00." },
        { """{"Hours":"22:00-06:00","Days":"fri"}""", "2026-11-28 05:59", "It is Saturday 05:59 (UTC), within 22:00 to 06:00." },
        { """{"Hours":"22:00-06:00","Days":"fri"}""", "2026-11-27 05:00", null },
        { """{"Closed":[{"Name":"year end","From":"2026-11-24 18:00","Until":"2026-11-26"}]}""", "2026-11-25 10:00", "'year end' is closed until 2026-11-26 00:00 (UTC)." },
        { """{"Closed":[{"Name":"year end","From":"2026-11-24 18:00","Until":"2026-11-25 10:00"}]}""", "2026-11-25 10:00", null },
        { """{"Tags":{"critical":"*"}}""", "2026-11-25 10:00", "It is tagged critical: yes." },
        { """{"Tags":{"CRITICAL":"YES"}}""", "2026-11-25 10:00", "It is tagged critical: yes." },
        { """{"Tags":{"critical":"no"}}""", "2026-11-25 10:00", null },
        { """{"Unmeasured":true}""", "2026-11-25 10:00", null },
        { """{"Actions":["*restart*"],"Tags":{"team":"shop"},"Days":"wed"}""", "2026-11-25 10:00", "It is tagged team: shop. It is Wednesday 10:00 (UTC)." },
        { """{"Actions":["*restart*"],"Tags":{"team":"web"},"Days":"wed"}""", "2026-11-25 10:00", null },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_rule_holds_when_all_that_it_names_is_so(string when, string utc, string? words) => Assert.Equal(words, Of(when).Holds(Restart, At(utc)));

    [Fact]
    public void What_is_not_known_counts_as_being_so()
    {
        var tagged = Of("""{"Tags":{"critical":"no"}}""");
        Assert.Equal("Not all of its tags could be read, so that it may be tagged so.", tagged.Holds(Restart with { Tags = Restart.Tags with { Complete = false } }, At("2026-11-25 10:00")));
        Assert.NotNull(Of("""{"Unmeasured":true}""").Holds(Restart with { Measured = false }, At("2026-11-25 10:00")));
        Assert.Equal("Its recipients are not known.", Of("""{"RecipientsOutside":["contoso.com"]}""").Holds(Mail with { Recipients = [] }, At("2026-11-25 10:00")));
    }

    [Theory]
    [InlineData("ada@contoso.com", null)]
    [InlineData("ada@CONTOSO.com", null)]
    [InlineData("ada@contoso.com.evil.example", "ada@contoso.com.evil.example is outside contoso.com.")]
    [InlineData("ada@mail.contoso.com", "ada@mail.contoso.com is outside contoso.com.")]
    [InlineData("contoso.com", null)]
    [InlineData("a@contoso.com@evil.example", "a@contoso.com@evil.example is outside contoso.com.")]
    public void Recipients_are_inside_only_in_exactly_the_domains_that_are_listed(string recipient, string? words) =>
        Assert.Equal(words, Of("""{"RecipientsOutside":["contoso.com"]}""").Holds(Mail with { Recipients = [recipient] }, At("2026-11-25 10:00")));

    private static HookWhen Of(string json)
    {
        var settings = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"When":{{json}}}"""))).Build();
        List<string> problems = [];
        var when = HookWhenSettings.Of(new SettingsReader(settings, problems), settings.GetSection("When"), TimeZoneInfo.Utc);
        Assert.Empty(problems);
        return when;
    }

    private static DateTimeOffset At(string utc) => DateTimeOffset.ParseExact(utc, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
