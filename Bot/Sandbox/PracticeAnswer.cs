using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Sandbox;

/// <summary>One answer of the practice world, in the shape of the service it stands for.</summary>
/// <param name="Body">Null: none.</param>
internal sealed record PracticeAnswer(int Status, JsonObject? Body = null)
{
    public static PracticeAnswer Ok(JsonObject body) => new(200, body);

    /// <summary>As Azure Resource Manager, Azure's services and Microsoft Graph all wrap it.</summary>
    public static PracticeAnswer Error(int status, string code, string message) =>
        new(status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });

    public HttpResponseMessage To(HttpRequestMessage request) => new((HttpStatusCode)Status)
    {
        RequestMessage = request,
        Content = Body is null ? new ByteArrayContent([]) : new StringContent(Body.ToJsonString(), Encoding.UTF8, "application/json"),
    };
}
