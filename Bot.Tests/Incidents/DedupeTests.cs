using System.Text.Json.Nodes;
using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class DedupeTests
{
    public static TheoryData<string> Parts => ["caller", "alert id", "condition", "fired time", "rule", "target"];

    [Theory]
    [MemberData(nameof(Parts))]
    public void Each_part_of_the_key_tells_alerts_apart(string part)
    {
        var alert = Alert();
        var other = part switch
        {
            "caller" => alert with { Caller = "entra:x" },
            "alert id" => alert with { AlertId = "a2" },
            "condition" => alert with { Condition = AlertCondition.Resolved },
            "fired time" => alert with { FiredAt = alert.FiredAt.AddTicks(1) },
            "rule" => alert with { Rule = "another" },
            _ => alert with { Target = Bot.Proposals.ResourceId.Parse(ShopWeb + "-2") },
        };

        Assert.NotEqual(alert.DedupeKey, other.DedupeKey);
        Assert.Equal(part is "rule" or "target", alert.SourceKey == other.SourceKey);
    }

    [Fact]
    public void Case_and_text_of_an_alert_are_not_in_the_key()
    {
        var alert = Alert();

        Assert.Equal(alert.DedupeKey, (alert with { Rule = "SHOP-WEB-MEMORY", Title = "x", Description = "y", Severity = "Sev0", ContentHash = "z" }).DedupeKey);
        Assert.Equal(alert.DedupeKey, (alert with { Target = Bot.Proposals.ResourceId.Parse(ShopWeb.ToUpperInvariant()) }).DedupeKey);
    }

    [Fact]
    public void Boundaries_between_fields_cannot_be_moved() => Assert.NotEqual(Digest.Of("ab", "c"), Digest.Of("a", "bc"));

    [Fact]
    public void White_space_is_not_content_and_a_changed_number_is()
    {
        var plain = Parsed(Payload("metric-static-fired"));
        var compact = Parsed(Payload("metric-static-fired", _ => { }));
        var other = Parsed(Payload("metric-static-fired", root => root["data"]!["alertContext"]!["condition"]!["allOf"]![0]!["metricValue"] = JsonValue.Create(1)));

        Assert.NotEqual(Payload("metric-static-fired").Length, Payload("metric-static-fired", _ => { }).Length);
        Assert.Equal(plain.ContentHash, compact.ContentHash);
        Assert.NotEqual(plain.ContentHash, other.ContentHash);
        Assert.Equal(plain.DedupeKey, other.DedupeKey);
    }
}
