using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Deploy;

/// <summary>One resource as Azure would be asked for it.</summary>
internal sealed record Deployed(string Id, string Type, string ApiVersion, JsonObject Body);

/// <summary>The deployment template after every expression, as its judge expands it.</summary>
internal sealed record ExpandedTemplate(Ruling Ruling, IReadOnlyList<Deployed> Resources)
{
    public const string WebhookApp = "bbbbbbbb-1111-4111-8111-111111111111";
    public const string Watched = "/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/rg-production";

    /// <summary>All that can be chosen, chosen: every resource is there.</summary>
    public static readonly string[] Everything =
    [
        $"watchedResourceGroups=[\"{Watched}\"]", $"operatedResourceGroups=[\"{Watched}\"]", "alertSubscriptions=[\"99999999-2222-4333-8444-555555555555\"]", "watchEmails=[\"oncall@example.com\"]", "otlpEndpoint=\"https://collector.example.com:4317\"",
        $"webhookApplication={{\"objectId\":\"aaaaaaaa-1111-4111-8111-111111111111\",\"clientId\":\"{WebhookApp}\"}}",
        "administratorGroups=[\"cccccccc-1111-4111-8111-111111111111\",\"dddddddd-1111-4111-8111-111111111111\"]", "standardUserGroups=[\"eeeeeeee-1111-4111-8111-111111111111\"]",
        "extraSettings=[{\"name\":\"Verification__Settle\",\"value\":\"00:02:00\"}]",
    ];

    public static async Task<ExpandedTemplate> Of(IEnumerable<string> choices, CancellationToken cancellation, string? template = null)
    {
        var expanded = Path.Combine(Path.GetTempPath(), $"template-{Guid.NewGuid():n}.json");
        try
        {
            var ruling = await NodeJudge.Run("Bot.Tests/Judges/template/judge.mjs",
                [template ?? Repository.Path("deploy/template.json"), Repository.Path("deploy/parameters.json"), expanded, .. choices], cancellation);
            var resources = File.Exists(expanded) ? JsonNode.Parse(await File.ReadAllTextAsync(expanded, cancellation))!.AsArray() : [];
            return new(ruling, [.. resources.Select(r => new Deployed($"{r!["id"]}", $"{r["type"]}", $"{r["apiVersion"]}", r["body"]!.AsObject()))]);
        }
        finally
        {
            File.Delete(expanded);
        }
    }

    public IEnumerable<Deployed> OfType(string type) => Resources.Where(r => r.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
}
