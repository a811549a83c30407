namespace RunModes.Bot.Execution;

/// <summary>How az signs in as the agent: the same identity that the bot's own requests have. What is secret goes by a file, never by the argument list.</summary>
internal sealed record AzSignIn(IReadOnlyList<string> Arguments, string? SecretOption, Func<string>? Secret)
{
    /// <summary>Newer versions of az call the client id of a managed identity by another name; null: there is but one way.</summary>
    public AzSignIn? Otherwise { get; init; }

    /// <summary>As az names it.</summary>
    public string Cloud { get; init; } = "AzureCloud";

    /// <summary>Workload identity, then a client secret, then a managed identity: as <see cref="AgentIdentity.FromSettings"/> chooses.</summary>
    public static AzSignIn From(IConfiguration settings) => Of(settings, settings["AZURE_CLIENT_ID"], settings["AZURE_CLIENT_SECRET"]);

    /// <returns>Null: whoever acts looks as well.</returns>
    public static AzSignIn? OfReader(IConfiguration settings) =>
        settings["AZURE_READER_CLIENT_ID"] is { Length: > 0 } reader ? Of(settings, reader, settings["AZURE_READER_CLIENT_SECRET"]) : null;

    private static AzSignIn Of(IConfiguration settings, string? who, string? secret)
    {
        string? Setting(string name) => settings[name] is { Length: > 0 } value ? value : null;
        var cloud = ArmEndpoint.Of(Setting("AzureCloud")).Cloud;
        var tenant = Setting("AZURE_TENANT_ID") ?? Setting("MicrosoftAppTenantId");
        var client = who is { Length: > 0 } ? who : null;
        if (client is not null && tenant is not null)
        {
            string[] principal = ["login", "--service-principal", "--username", client, "--tenant", tenant, "--allow-no-subscriptions"];
            if (Setting("AZURE_FEDERATED_TOKEN_FILE") is { } file)
            {
                return new(principal, "--federated-token", () => File.ReadAllText(file).Trim()) { Cloud = cloud };
            }

            if (secret is { Length: > 0 })
            {
                return new(principal, "--password", () => secret) { Cloud = cloud };
            }
        }

        AzSignIn Managed(params string[] named) => new(["login", "--identity", .. named, "--allow-no-subscriptions"], null, null) { Cloud = cloud };
        return client is not null ? Managed("--client-id", client) with { Otherwise = Managed("--username", client) } : Managed();
    }

    /// <param name="folder">Takes the secret, for as long as the run lasts.</param>
    public IReadOnlyList<string> In(ToolFolder folder) =>
        [.. Arguments, .. SecretOption is { } option ? [option, $"@{folder.Secret(Secret!())}"] : (string[])[], "--output", "none", "--only-show-errors"];
}
