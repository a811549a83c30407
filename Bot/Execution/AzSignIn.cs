namespace RunModes.Bot.Execution;

/// <summary>How az signs in as the agent: the same identity that the bot's own requests have. What is secret goes by a file, never by the argument list.</summary>
internal sealed record AzSignIn(IReadOnlyList<string> Arguments, string? SecretOption, Func<string>? Secret)
{
    /// <summary>Newer versions of az call the client id of a managed identity by another name; null: there is but one way.</summary>
    public AzSignIn? Otherwise { get; init; }

    /// <summary>As az names it.</summary>
    public string Cloud { get; init; } = "AzureCloud";

    /// <summary>Workload identity, then a client secret, then a managed identity: as <see cref="AgentIdentity.FromSettings"/> chooses.</summary>
    public static AzSignIn From(IConfiguration settings)
    {
        string? Setting(string name) => settings[name] is { Length: > 0 } value ? value : null;
        var cloud = ArmEndpoint.Of(Setting("AzureCloud")).Cloud;
        var tenant = Setting("AZURE_TENANT_ID") ?? Setting("MicrosoftAppTenantId");
        if (Setting("AZURE_CLIENT_ID") is { } client && tenant is not null)
        {
            string[] principal = ["login", "--service-principal", "--username", client, "--tenant", tenant, "--allow-no-subscriptions"];
            if (Setting("AZURE_FEDERATED_TOKEN_FILE") is { } file)
            {
                return new(principal, "--federated-token", () => File.ReadAllText(file).Trim()) { Cloud = cloud };
            }

            if (Setting("AZURE_CLIENT_SECRET") is { } secret)
            {
                return new(principal, "--password", () => secret) { Cloud = cloud };
            }
        }

        AzSignIn Managed(params string[] who) => new(["login", "--identity", .. who, "--allow-no-subscriptions"], null, null) { Cloud = cloud };
        return Setting("AZURE_CLIENT_ID") is { } id ? Managed("--client-id", id) with { Otherwise = Managed("--username", id) } : Managed();
    }

    /// <param name="folder">Takes the secret, for as long as the run lasts.</param>
    public IReadOnlyList<string> In(ToolFolder folder) =>
        [.. Arguments, .. SecretOption is { } option ? [option, $"@{folder.Secret(Secret!())}"] : (string[])[], "--output", "none", "--only-show-errors"];
}
