using RunModes.Bot.Proposals;

namespace RunModes.Bot.Plans;

/// <summary>The bot's own resources, which it never touches.</summary>
internal sealed record OwnResources(IReadOnlyList<ResourceId> Ids)
{
    /// <summary>What the host says of itself on App Service, and what the deployer lists under Agent:OwnResources.</summary>
    public static OwnResources From(IConfiguration configuration)
    {
        List<string?> ids = [.. configuration.GetSection("Agent:OwnResources").GetChildren().Select(c => c.Value)];
        if (configuration["WEBSITE_OWNER_NAME"]?.Split('+')[0] is { Length: > 0 } subscription && configuration["WEBSITE_RESOURCE_GROUP"] is { Length: > 0 } group)
        {
            ids.Add($"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Web/sites/{configuration["WEBSITE_SITE_NAME"]}");
        }

        return new([.. ids.Select(i => ResourceId.TryParse(i, out var id, out _) ? id : null).OfType<ResourceId>()]);
    }
}
