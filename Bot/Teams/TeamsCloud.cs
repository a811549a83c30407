namespace RunModes.Bot.Teams;

/// <summary>The published addresses of one Microsoft cloud. There is no third: an address outside these two is never spoken to.</summary>
internal sealed record TeamsCloud(string Name, Uri OpenIdMetadata, string Issuer, Uri Login, string Scope)
{
    public static readonly TeamsCloud Public = new(
        "public",
        new("https://login.botframework.com/v1/.well-known/openidconfiguration"),
        "https://api.botframework.com",
        new("https://login.microsoftonline.com/"),
        "https://api.botframework.com/.default");

    public static readonly TeamsCloud UsGovernment = new(
        "US Government",
        new("https://login.botframework.azure.us/v1/.well-known/openidconfiguration"),
        "https://api.botframework.us",
        new("https://login.microsoftonline.us/"),
        "https://api.botframework.us/.default");

    /// <summary>Null when the address belongs to neither cloud.</summary>
    public static TeamsCloud? OfMetadata(string address) => Find(address, cloud => cloud.OpenIdMetadata);

    public static TeamsCloud? OfLogin(string address) => Find(address, cloud => cloud.Login);

    private static TeamsCloud? Find(string address, Func<TeamsCloud, Uri> part) =>
        new[] { Public, UsGovernment }.FirstOrDefault(cloud =>
            string.Equals(part(cloud).AbsoluteUri.TrimEnd('/'), address.Trim().TrimEnd('/'), StringComparison.OrdinalIgnoreCase));
}
