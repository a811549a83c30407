using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>The sample settings, filled in and broken, with a hostile value from the environment beside them. A bot that is put together is taken apart again: it never starts.</summary>
internal sealed class SettingsInputs(string folder)
{
    public const string Family = "settings";

    private static readonly string[] Keys =
    [
        "MicrosoftAppType", "MicrosoftAppId", "MicrosoftAppTenantId", "MicrosoftAppPassword", "MicrosoftAppOpenIdMetadata", "MicrosoftAppLoginUrl", "AzureCloud", "AZURE_TENANT_ID", "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "Agent", "Agent:Name", "Agent:TimeZone", "Agent:ApprovalExpiry", "Agent:DefaultRunMode", "Agent:OwnResources:0", "Verification:Settle", "Verification:Interval", "Roles",
        "Roles:Administrator:Groups:0", "Roles:Administrator:AppRole", "Roles:AllowGuests", "Store:Provider", "Audit:KeyFile", "Incidents:AzureMonitor:Key", "Incidents:AzureMonitor:Audience", "Incidents:PagerDuty:SigningSecrets:0",
        "Incidents:PagerDuty:Services:P1", "ResponsePlans", "ResponsePlans:0", "ResponsePlans:0:Name", "ResponsePlans:x:Name", "ResponsePlans:0:Mode", "ResponsePlans:0:Resource", "ResponsePlans:0:SubscriptionId",
        "ResponsePlans:0:ApprovalExpiry", "ResponsePlans:0:Attempts", "Budget:PerTargetPerHour", "Hooks:0:Name", "ScheduledTasks:0", "MicrosoftAppNonsense", "WEBSITE_SITE_NAME", "KUBERNETES_SERVICE_HOST", "urls", "AllowedHosts", "Logging:LogLevel:Default",
    ];

    private static readonly string[] Values =
    [
        "P99999999D", "99999999.00:00:00", "-00:00:01", "10675199.02:48:05.4775808", "2147483648", "NaN", "Europe/Nowhere", "../UTC", "AzureMoonCloud", "UserAssignedMSI", "MultiTenant", "Sqlite", "PostgreSql", "/", "//", "/dev/null/x", "/proc/self/mem",
        "/subscriptions/x/resourceGroups/y", "{", "[]", "https://login.microsoftonline.com/", "a b/c", "..", "%2e%2e", "CON",
    ];

    public string Describe(int seed) => $"{Family} seed {seed}: {Encoding.Latin1.GetString(File(seed, out var extra))}\nand {string.Join(", ", extra.Select(e => $"{e.Key}={e.Value}"))}";

    /// <returns>What is wrong, or null; and whether it would have started.</returns>
    public (string? Wrong, bool Ready) Try(int seed)
    {
        var file = Path.Combine(folder, "settings.json");
        System.IO.File.WriteAllBytes(file, File(seed, out var extra));
        try
        {
            var arguments = Arguments.Parse(["--environment", "Production", "--hostBuilder:reloadConfigOnChange", "false", "--settings", file]);
            switch (BotApplication.Build(arguments, builder =>
            {
                builder.Configuration.AddInMemoryCollection(extra);
                builder.Logging.ClearProviders();
            }))
            {
                case BotApplication.Ready { App: var app }:
                    using (app as IDisposable)
                    {
                        // As the start does, before anything runs.
                        _ = app.Services.GetServices<IHostedService>().ToList();
                    }

                    return (null, true);
                case BotApplication.Refused { Lines: var lines }:
                    var unclear = lines.Count == 0 || lines.Any(l => string.IsNullOrWhiteSpace(l) || l.Contains('\n', StringComparison.Ordinal) || !l.Contains(':', StringComparison.Ordinal));
                    var tells = lines.Any(l => l.Contains(Known.AppSecret, StringComparison.Ordinal) || l.Contains(Known.AgentSecret, StringComparison.Ordinal));
                    return (unclear || tells ? $"Refused with '{string.Join('|', lines)}'" : null, false);
                default:
                    return ("Neither ready nor refused", false);
            }
        }
#pragma warning disable CA1031 // Whatever it throws is what the test is about.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ($"Threw {e.GetType().Name}: {e.Message.Split('\n')[0]} {string.Join(" | ", e.ToString().Split('\n').Where(l => l.Contains("RunModes", StringComparison.Ordinal)).Take(3))}", false);
        }
    }

    private byte[] File(int seed, out Dictionary<string, string?> extra)
    {
        var dice = new Dice(seed);
        var store = Path.Combine(folder, "runmodes.db");
        extra = new() { ["Store:ConnectionString"] = dice.OneIn(8) ? dice.Pick(Stores(store)) : $"Data Source={store}" };
        for (var more = dice.Below(3); more > 0; more--)
        {
            extra[dice.Pick(Keys)] = dice.OneIn(2) ? dice.Pick(Values) : dice.Pick(Hostile.Texts);
        }

        // Half of the files are good, so that the environment's part is what is looked at.
        return dice.OneIn(2) ? JsonMutation.Of(Good(), dice) : JsonMutation.Bytes(Good().ToJsonString());
    }

    private string[] Stores(string store) =>
    [
        "nonsense", "Data Source=", $"Data Source={store};Password=x", $"Data Source={store};Default Timeout=soon", $"Data Source={store};Mode=Sideways", $"Data Source={store};Cache=1;Cache=2", $"Data Source={folder}",
        $"Data Source={folder}/none/such/folder/x.db", $"Data Source={folder}/a\u0000b.db", $"Data Source={folder}/{new string('n', 5_000)}.db", "Data Source=/proc/version", "Data Source=/dev/null", $"Data Source={folder}/settings.json", ";;;=;",
        $"Data Source={store};Foreign Keys=maybe", $"Data Source={store};Default Timeout=99999999999999", $"Host=db;Database=x", $"Data Source='{store}",
    ];

    private static JsonObject Good()
    {
        var settings = (JsonObject)JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Root, "appsettings.sample.json")), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        settings["MicrosoftAppType"] = "SingleTenant";
        settings["MicrosoftAppId"] = Known.AppId;
        settings["MicrosoftAppTenantId"] = Known.Tenant;
        settings["MicrosoftAppPassword"] = Known.AppSecret;
        settings["AZURE_TENANT_ID"] = Known.Tenant;
        settings["AZURE_CLIENT_ID"] = Known.AgentClientId;
        settings["AZURE_CLIENT_SECRET"] = Known.AgentSecret;
        settings["Roles"]!["Administrator"]!["Groups"] = new JsonArray(Known.Administrators);
        settings.Remove("Store");
        return settings;
    }
}
