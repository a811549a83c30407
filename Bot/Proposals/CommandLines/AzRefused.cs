namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>
/// az commands that are refused whatever the mode, by their first words; the longest that fits tells why. Data-like on purpose. They would be refused without
/// this list too, because no catalogue holds them: it says why, so that nobody tries the next spelling.
/// </summary>
internal static class AzRefused
{
    private const string Secrets = "it shows or makes secrets, and those stay where they are";
    private const string Settings = "it shows settings that hold secrets";
    private const string Itself = "it changes how az itself works or as whom, which the bot alone decides";
    private const string Machine = "it runs something on a machine";
    private const string Code = "it deploys code";
    private const string Template = "it deploys a template, and each of its changes would need a look of its own";
    private const string Twice = "az may send a request again by itself, and this one would happen again if it were sent twice; no operation of the bot's own stands for it";

    private static readonly string[] Gone = ["delete", "remove", "purge", "delete-instances", "deallocate-all"];

    public static IReadOnlyList<(string Words, Effect Effect, string Why)> Prefixes { get; } =
    [
        ("keyvault", Effect.SecretRead, Secrets), ("webapp config appsettings", Effect.SecretRead, Settings), ("webapp config connection-string", Effect.SecretRead, Settings),
        ("webapp config container", Effect.SecretRead, Settings), ("webapp config set", Effect.Unknown, "whoever may change an app's configuration may change its secrets"), ("webapp config storage-account", Effect.SecretRead, Settings), ("webapp deployment list-publishing-profiles", Effect.SecretRead, Secrets),
        ("webapp deployment list-publishing-credentials", Effect.SecretRead, Secrets), ("webapp deployment user", Effect.SecretRead, Secrets), ("functionapp config appsettings", Effect.SecretRead, Settings),
        ("functionapp keys", Effect.SecretRead, Secrets), ("functionapp function keys", Effect.SecretRead, Secrets), ("functionapp deployment", Effect.SecretRead, Secrets),
        ("storage account keys", Effect.SecretRead, Secrets), ("storage account show-connection-string", Effect.SecretRead, Secrets), ("storage account generate-sas", Effect.SecretRead, Secrets),
        ("storage blob", Effect.SecretRead, Secrets), ("storage container", Effect.SecretRead, Secrets), ("storage queue", Effect.SecretRead, Secrets), ("storage table", Effect.SecretRead, Secrets),
        ("storage share", Effect.SecretRead, Secrets), ("storage file", Effect.SecretRead, Secrets), ("redis list-keys", Effect.SecretRead, Secrets), ("redis regenerate-keys", Effect.SecretRead, Secrets),
        ("cosmosdb keys", Effect.SecretRead, Secrets), ("cosmosdb list-keys", Effect.SecretRead, Secrets), ("servicebus namespace authorization-rule", Effect.SecretRead, Secrets),
        ("servicebus queue authorization-rule", Effect.SecretRead, Secrets), ("servicebus topic authorization-rule", Effect.SecretRead, Secrets), ("eventhubs namespace authorization-rule", Effect.SecretRead, Secrets),
        ("eventhubs eventhub authorization-rule", Effect.SecretRead, Secrets), ("acr credential", Effect.SecretRead, Secrets), ("acr login", Effect.SecretRead, Secrets), ("acr token", Effect.SecretRead, Secrets),
        ("aks get-credentials", Effect.SecretRead, Secrets), ("account get-access-token", Effect.SecretRead, Secrets), ("appconfig", Effect.SecretRead, Settings),
        ("cognitiveservices account keys", Effect.SecretRead, Secrets), ("iot hub connection-string", Effect.SecretRead, Secrets), ("sql db show-connection-string", Effect.SecretRead, Secrets),
        ("containerapp secret", Effect.SecretRead, Secrets), ("containerapp show", Effect.SecretRead, Settings), ("containerapp list", Effect.SecretRead, Settings), ("containerapp revision list", Effect.SecretRead, Settings),
        ("containerapp revision show", Effect.SecretRead, Settings), ("search admin-key", Effect.SecretRead, Secrets), ("search query-key", Effect.SecretRead, Secrets), ("signalr key", Effect.SecretRead, Secrets),
        ("maps account keys", Effect.SecretRead, Secrets), ("vm user", Effect.SecretRead, Secrets), ("deployment group show", Effect.SecretRead, Settings), ("deployment group list", Effect.SecretRead, Settings),
        ("deployment operation", Effect.SecretRead, Settings), ("resource show", Effect.SecretRead, Settings), ("resource invoke-action", Effect.Unknown, "it sends raw requests"),
        ("rest", Effect.Unknown, "it sends raw requests"), ("login", Effect.Unknown, Itself), ("logout", Effect.Unknown, Itself), ("account", Effect.Unknown, Itself), ("cloud", Effect.Unknown, Itself),
        ("config", Effect.Unknown, Itself), ("configure", Effect.Unknown, Itself), ("extension", Effect.Unknown, Itself), ("upgrade", Effect.Unknown, Itself), ("feedback", Effect.Unknown, Itself),
        ("interactive", Effect.Unknown, Itself), ("find", Effect.Unknown, Itself), ("self-test", Effect.Unknown, Itself), ("cache", Effect.Unknown, Itself), ("local-context", Effect.Unknown, Itself),
        ("role", Effect.Unknown, "it concerns who may do what"), ("ad", Effect.Unknown, "it concerns who may do what"), ("policy", Effect.Unknown, "it concerns who may do what"),
        ("lock", Effect.Unknown, "Locks decide what the bot may do, and it leaves them to people"), ("identity", Effect.Unknown, "it changes identities"), ("webapp identity", Effect.Unknown, "it changes identities"),
        ("functionapp identity", Effect.Unknown, "it changes identities"), ("vm identity", Effect.Unknown, "it changes identities"), ("containerapp identity", Effect.Unknown, "it changes identities"),
        ("vm run-command", Effect.Unknown, Machine), ("vmss run-command", Effect.Unknown, Machine), ("vm extension", Effect.Unknown, Machine), ("vmss extension", Effect.Unknown, Machine), ("webapp ssh", Effect.Unknown, Machine),
        ("webapp create-remote-connection", Effect.Unknown, Machine), ("containerapp exec", Effect.Unknown, Machine), ("container exec", Effect.Unknown, Machine), ("serial-console", Effect.Unknown, Machine),
        ("aks command", Effect.Unknown, "it runs something in a cluster"), ("deployment-scripts", Effect.Unknown, "it runs deployment scripts"), ("webapp deploy", Effect.Unknown, Code), ("webapp deployment source", Effect.Unknown, Code),
        ("webapp up", Effect.Unknown, Code), ("functionapp deploy", Effect.Unknown, Code), ("containerapp up", Effect.Unknown, Code), ("deployment", Effect.Unknown, Template), ("stack", Effect.Unknown, Template),
        ("bicep", Effect.Unknown, Template), ("ts", Effect.Unknown, Template), ("monitor metrics alert", Effect.Unknown, "alert rules decide what the bot sees"),
        ("monitor activity-log alert", Effect.Unknown, "alert rules decide what the bot sees"), ("monitor scheduled-query", Effect.Unknown, "alert rules decide what the bot sees"),
        ("monitor action-group", Effect.Unknown, "action groups decide what the bot hears"), ("monitor diagnostic-settings", Effect.Unknown, "diagnostic settings decide what is recorded"),
        ("tag", Effect.Unknown, "tags may decide what is asked, so the bot changes none"), ("batch", Effect.Unknown, "batch runs whatever it is given"), ("bot", Effect.Unknown, "it would change the bot itself"),
        ("redis force-reboot", Effect.Unknown, Twice), ("vmss restart", Effect.Unknown, Twice), ("postgres flexible-server restart", Effect.Unknown, Twice), ("mysql flexible-server restart", Effect.Unknown, Twice),
        ("containerapp revision restart", Effect.Unknown, Twice), ("vm redeploy", Effect.Unknown, Twice), ("vm reapply", Effect.Unknown, Twice), ("sql db failover", Effect.Unknown, Twice), ("functionapp restart", Effect.Unknown, Twice),
    ];

    public static CommandReading.Refused? Of(IReadOnlyList<string> words)
    {
        if (words.Any(Gone.Contains))
        {
            // A secret's deletion is first of all a deletion.
            return new(Effect.Unknown, "Deletions are refused");
        }

        var typed = string.Join(' ', words) + ' ';
        return Prefixes.Where(p => typed.StartsWith(p.Words + ' ', StringComparison.Ordinal)).OrderByDescending(p => p.Words.Length).FirstOrDefault() is { Words: not null } found ? new(found.Effect, found.Why) : null;
    }
}
