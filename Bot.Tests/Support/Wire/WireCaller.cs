using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>A plain HTTP client standing where the bot stands.</summary>
internal sealed class WireCaller(FakeCloud cloud) : IDisposable
{
    private readonly HttpClient client = new(cloud.CreateHandler());

    public Task<(int Status, JsonNode? Body, HttpResponseMessage Raw)> Arm(HttpMethod method, string pathAndQuery) =>
        Send(method, $"https://management.azure.com{pathAndQuery}", cloud.Entra.Issue(Known.AgentClientId, "https://management.azure.com/.default"));

    public Task<(int Status, JsonNode? Body, HttpResponseMessage Raw)> Graph(HttpMethod method, string pathAndQuery, JsonNode? body = null) =>
        Send(method, $"https://graph.microsoft.com/v1.0{pathAndQuery}", cloud.Entra.Issue(Known.AppId, "https://graph.microsoft.com/.default"), body);

    public Task<(int Status, JsonNode? Body, HttpResponseMessage Raw)> Teams(HttpMethod method, string path, JsonNode? body = null) =>
        Send(method, Known.ServiceUrl + path, cloud.Entra.Issue(Known.AppId, "https://api.botframework.com/.default"), body);

    public async Task<(int Status, JsonNode? Body, HttpResponseMessage Raw)> Send(HttpMethod method, string url, string? token = null, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        else if (method != HttpMethod.Get) request.Content = new ByteArrayContent([]);
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null, response);
    }

    public void Dispose() => client.Dispose();
}
