using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>api.loganalytics.io with one workspace.</summary>
internal sealed class FakeLogs() : WireEnd("api.loganalytics.io", "https://api.loganalytics.io")
{
    public const string Workspace = "e5f70412-5555-4666-8777-888899990000";

    public JsonObject Answer { get; set; } = Table(["Type", "Count"], ["System.TimeoutException", 41], ["System.IO.IOException", 2]);

    public static JsonObject Table(string[] columns, params object?[][] rows) => new()
    {
        ["tables"] = new JsonArray(new JsonObject
        {
            ["name"] = "PrimaryResult",
            ["columns"] = new JsonArray([.. columns.Select(c => (JsonNode)new JsonObject { ["name"] = c, ["type"] = "string" })]),
            ["rows"] = new JsonArray([.. rows.Select(r => (JsonNode)new JsonArray([.. r.Select(cell => JsonValue.Create(cell))]))]),
        }),
    };

    public static JsonObject Error(string code, string message, string inner) => new()
    {
        ["error"] = new JsonObject
        {
            ["code"] = code, ["message"] = message,
            ["innererror"] = new JsonObject { ["code"] = "SemanticError", ["message"] = "A semantic error occurred.", ["innererror"] = new JsonObject { ["code"] = "SEM0100", ["message"] = inner } },
        },
    };

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token) => request switch
    {
        { Method: "POST", Segments: ["v1", "workspaces", Workspace, "query"] } when request.Json is JsonObject json && json.Select(p => p.Key).Order().SequenceEqual(["query", "timespan"]) =>
            token?.ClientId == Known.AgentClientId ? WireAnswer.Ok(Answer.DeepClone()) : WireAnswer.Error(403, "InsufficientAccessError", "The provided credentials have insufficient access to perform the requested operation"),
        { Method: "POST", Segments: ["v1", "workspaces", _, "query"] } => WireAnswer.Error(404, "WorkspaceNotFoundError", "The workspace could not be found"),
        _ => null,
    };
}
