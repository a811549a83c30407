using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Kubernetes;

/// <summary>The API of a cluster as its administrator uses it, past the bot and past kubectl.</summary>
internal sealed class ClusterApi(Uri address, ClusterKeys keys) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [keys.Admin], CertificateChainPolicy = keys.Trust() },
    })
    { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public async Task<bool> IsReady()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/readyz", UriKind.Relative), CancellationToken.None);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<JsonNode> Get(string path) => (await Send(HttpMethod.Get, path, null))!;

    public async Task<JsonNode> Create(string path, JsonNode thing) => (await Send(HttpMethod.Post, path, thing))!;

    /// <summary>RFC 7396.</summary>
    public Task Patch(string path, JsonNode patch) => Send(HttpMethod.Patch, path, patch, "application/merge-patch+json");

    /// <summary>At once; what is gone already is gone.</summary>
    public Task Delete(string path) => Send(HttpMethod.Delete, path, new JsonObject { ["gracePeriodSeconds"] = 0 });

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> Send(HttpMethod method, string path, JsonNode? body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(type));
        }

        using var answer = await _http.SendAsync(request, CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        return answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.NotFound && method != HttpMethod.Get && method != HttpMethod.Post)
            ? JsonNode.Parse(text)
            : throw new HttpRequestException($"{method} {path}: {(int)answer.StatusCode} {text}", null, answer.StatusCode);
    }
}
