namespace RunModes.Bot.Execution;

/// <summary>How az signs in as the agent: the same identity that the bot's own requests have. What is secret goes by a file, never by the argument list.</summary>
internal sealed record AzSignIn(IReadOnlyList<string> Arguments, string? SecretOption, Func<string>? Secret)
{
    /// <summary>Null: this process has no identity that az can take.</summary>
    public static AzSignIn From(IConfiguration settings)
    {
        string? Setting(string name) => settings[name] is { Length: > 0 } value ? value : null;
        var tenant = Setting("AZURE_TENANT_ID") ?? Setting("MicrosoftAppTenantId");
        if (Setting("AZURE_CLIENT_ID") is { } client && tenant is not null)
        {
            string[] principal = ["login", "--service-principal", "--username", client, "--tenant", tenant, "--allow-no-subscriptions"];
            if (Setting("AZURE_FEDERATED_TOKEN_FILE") is { } file)
            {
                return new(principal, "--federated-token", () => File.ReadAllText(file).Trim());
            }

            if (Setting("AZURE_CLIENT_SECRET") is { } secret)
            {
                return new(principal, "--password", () => secret);
            }
        }

        return new(Setting("AZURE_CLIENT_ID") is { } id ? ["login", "--identity", "--username", id, "--allow-no-subscriptions"] : ["login", "--identity", "--allow-no-subscriptions"], null, null);
    }

    /// <param name="folder">Takes the secret, for as long as the run lasts.</param>
    public IReadOnlyList<string> In(ToolFolder folder) =>
        [.. Arguments, .. SecretOption is { } option ? [option, $"@{folder.Secret(Secret!())}"] : (string[])[], "--output", "none", "--only-show-errors"];
}
