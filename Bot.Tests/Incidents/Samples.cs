using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Incidents;

internal static class Samples
{
    public const string Subscription = "5b1f6a52-7c1e-4a0d-9f53-0c2b8d6e4f10";
    public const string ShopWeb = $"/subscriptions/{Subscription}/resourcegroups/rg-web/providers/microsoft.web/sites/shop-web";
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public static byte[] Payload(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "Bot.Tests", "Incidents", "Alerts", name + ".json"));

    public static byte[] Payload(string name, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(Payload(name))!.AsObject();
        change(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    public static JsonObject Essentials(this JsonObject root) => root["data"]!["essentials"]!.AsObject();

    public static Alert Parsed(byte[] body) => CommonAlert.Parse(body, "key") is { Alert: { } alert } ? alert : throw new InvalidOperationException("not an alert");

    public static Alert Alert(string id = "a1", AlertCondition condition = AlertCondition.Fired, string severity = "Sev2", DateTimeOffset? firedAt = null,
        string? target = ShopWeb, string rule = "shop-web-memory", string title = "shop-web-memory", string caller = "key", string content = "c1") =>
        new(Platform.AzureMonitor, caller, id, rule, title, condition, severity, "Metric", firedAt ?? Noon, null,
            target is null ? null : ResourceId.Parse(target), target is null ? "The alert names no target resource." : null, "", content);

    public static ResponsePlan Plan(string name = "web") => new() { Name = name };

    public static string Sign(string secret, byte[] body) => "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
