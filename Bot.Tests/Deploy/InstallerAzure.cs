using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Deploy;

/// <summary>Azure Resource Manager as an installer meets it: one subscription, groups, deployments, and whether a vault's secrets exist.</summary>
internal sealed class InstallerAzure() : WireEnd("management.azure.com", "https://management.core.windows.net")
{
    public const string Bot = "3f5c0c5e-8d1b-4d0a-9d65-2f1f8a4c7b10";
    private const string Vault = "kvrunmodesabc";

    private readonly HashSet<string> secrets = [];
    private string? tag;
    private string? state;
    private bool ending;

    /// <summary>What each deployment was asked with.</summary>
    public List<JsonNode> Deployments { get; } = [];

    /// <summary>Set: a deployment stays under way, and this is told; it ends after somebody who lists the deployments has seen it running.</summary>
    public TaskCompletionSource? Held { get; set; }

    private static string Root => $"/subscriptions/{Known.Subscription}";

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token)
    {
        var path = request.Path.TrimEnd('/').ToUpperInvariant();
        var group = $"{Root}/resourcegroups/{Scripted.Group}".ToUpperInvariant();
        var deployment = $"{group}/PROVIDERS/MICROSOFT.RESOURCES/DEPLOYMENTS";
        return (request.Method, path) switch
        {
            ("GET", "/SUBSCRIPTIONS") => Value(new JsonObject { ["id"] = Root, ["subscriptionId"] = Known.Subscription, ["tenantId"] = Known.Tenant, ["displayName"] = "Production", ["state"] = "Enabled" }),
            ("HEAD", var p) when p == group => new WireAnswer(tag is null ? 404 : 204),
            ("PUT", var p) when p == group => Group(tag = $"{request.Json!["tags"]!["runmodes"]}", 201),
            ("GET", var p) when p == group => tag is null ? WireAnswer.Error(404, "ResourceGroupNotFound", "not there") : Group(tag, 200),
            ("GET", var p) when p == deployment => Listed(),
            ("POST", var p) when p == $"{deployment}/RUNMODES/VALIDATE" => WireAnswer.Ok(Deployment()),
            ("PUT", var p) when p == $"{deployment}/RUNMODES" => Deploy(JsonNode.Parse(request.Body.Replace(", template:{", ", \"template\":{", StringComparison.Ordinal))!),
            ("GET", var p) when p == $"{deployment}/RUNMODES" => AskedAfter(),
            ("GET", var p) when p.Equals($"{Root}/resources", StringComparison.OrdinalIgnoreCase) => Deployments.Count == 0 ? Value() : Value(new JsonObject { ["id"] = $"{Root}/resourceGroups/{Scripted.Group}/providers/Microsoft.KeyVault/vaults/{Vault}", ["name"] = Vault, ["type"] = "Microsoft.KeyVault/vaults", ["location"] = "westeurope" }),
            ("GET", var p) when p.Contains($"/VAULTS/{Vault}/SECRETS/".ToUpperInvariant(), StringComparison.Ordinal) => secrets.Contains(request.Segments[^1])
                ? WireAnswer.Ok(new JsonObject { ["id"] = request.Path, ["name"] = request.Segments[^1], ["type"] = "Microsoft.KeyVault/vaults/secrets", ["properties"] = new JsonObject() })
                : WireAnswer.Error(404, "SecretNotFound", "A secret with this name is not there."),
            _ => null,
        };
    }

    /// <param name="body">The Azure CLI writes the template's name without quotation marks, and Azure reads that.</param>
    private WireAnswer Deploy(JsonNode body)
    {
        Deployments.Add(body);
        state = Held is { Task.IsCompleted: false } ? "Running" : "Succeeded";
        foreach (var (parameter, secret) in new[] { ("databasePassword", "store-connection"), ("auditKey", "audit-key") })
        {
            if ($"{body["properties"]!["parameters"]![parameter]!["value"]}".Length > 0)
            {
                secrets.Add(secret);
            }
        }

        Held?.TrySetResult();
        return WireAnswer.Json(201, Deployment());
    }

    private WireAnswer Listed()
    {
        ending = state == "Running";
        return state is null ? Value() : Value(Deployment());
    }

    private WireAnswer AskedAfter()
    {
        var told = Deployment();
        state = ending ? "Succeeded" : state;
        return state is null ? WireAnswer.Error(404, "DeploymentNotFound", "not there") : WireAnswer.Ok(told);
    }

    private JsonObject Deployment()
    {
        string[] outputs = ["webApp=app-runmodes-x", "host=app-runmodes-x.azurewebsites.net", $"botClientId={Bot}", $"botPrincipalId={InstallerDirectory.BotPrincipal}", "agentClientId=4f5c0c5e-8d1b-4d0a-9d65-2f1f8a4c7b10", "program=image"];
        return new JsonObject
        {
            ["id"] = $"{Root}/resourceGroups/{Scripted.Group}/providers/Microsoft.Resources/deployments/runmodes", ["name"] = "runmodes", ["type"] = "Microsoft.Resources/deployments",
            ["properties"] = new JsonObject
            {
                ["provisioningState"] = state ?? "Succeeded", ["mode"] = "Incremental", ["timestamp"] = "2026-11-25T10:00:00Z", ["duration"] = "PT1M", ["correlationId"] = Guid.Empty.ToString(),
                ["outputs"] = new JsonObject(outputs.Select(o => KeyValuePair.Create(o.Split('=')[0], (JsonNode?)new JsonObject { ["type"] = "String", ["value"] = o.Split('=')[1] }))),
            },
        };
    }

    private static WireAnswer Group(string tag, int status) => WireAnswer.Json(status, new JsonObject
    {
        ["id"] = $"{Root}/resourceGroups/{Scripted.Group}", ["name"] = Scripted.Group, ["type"] = "Microsoft.Resources/resourceGroups", ["location"] = "westeurope",
        ["tags"] = new JsonObject { ["runmodes"] = tag }, ["properties"] = new JsonObject { ["provisioningState"] = "Succeeded" },
    });

    internal static WireAnswer Value(params JsonObject[] all) => WireAnswer.Ok(new JsonObject { ["value"] = new JsonArray([.. all]) });
}

/// <summary>Microsoft Graph as an installer meets it: app registrations, service principals, and who holds which app role.</summary>
internal sealed class InstallerDirectory() : WireEnd("graph.microsoft.com", "https://graph.microsoft.com")
{
    public const string BotPrincipal = "77777777-0000-4000-8000-000000000000";

    private readonly Dictionary<string, string> principals = new() { ["00000003-0000-0000-c000-000000000000"] = "sp-graph" };

    public List<JsonNode> Applications { get; } = [];

    public List<JsonNode> Assignments { get; } = [];

    public IReadOnlyCollection<string> Principals => principals.Keys;

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token)
    {
        var filter = request.Query.GetValueOrDefault("$filter")?.Split('\'').ElementAtOrDefault(1);
        switch (request.Method, request.Segments)
        {
            case ("GET", ["v1.0", "applications"]):
                return InstallerAzure.Value([.. Applications.Where(a => $"{a["displayName"]}" == filter).Select(a => a.DeepClone().AsObject())]);
            case ("POST", ["v1.0", "applications"]):
                var made = request.Json!.AsObject();
                (made["id"], made["appId"]) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
                Applications.Add(made);
                return WireAnswer.Json(201, made.DeepClone().AsObject());
            case ("PATCH", ["v1.0", "applications", var id]) when Applications.Find(a => $"{a["id"]}" == id) is { } known:
                known["identifierUris"] = request.Json!["identifierUris"]!.DeepClone();
                return new WireAnswer(204);
            case ("GET", ["v1.0", "servicePrincipals"]):
                return principals.TryGetValue(filter ?? "", out var found) ? InstallerAzure.Value(new JsonObject { ["id"] = found }) : InstallerAzure.Value();
            case ("POST", ["v1.0", "servicePrincipals"]) when $"{request.Json!["appId"]}" is var app:
                return principals.TryAdd(app, $"sp-{app}") ? WireAnswer.Json(201, new JsonObject { ["id"] = principals[app] }) : WireAnswer.Error(409, "Request_MultipleObjectsWithSameKeyValue", "exists");
            case ("GET", ["v1.0", "servicePrincipals", var who, "appRoleAssignments"]):
                return InstallerAzure.Value([.. Assignments.Where(a => $"{a["principalId"]}" == who).Select(a => a.DeepClone().AsObject())]);
            case ("POST", ["v1.0", "servicePrincipals", _, "appRoleAssignments"]):
                Assignments.Add(request.Json!);
                return WireAnswer.Json(201, request.Json!.DeepClone().AsObject());
            default:
                return null;
        }
    }
}
