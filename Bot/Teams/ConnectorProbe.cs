using System.Net.Http.Headers;
using Azure.Identity;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

/// <summary>What the command line asks of the Bot Connector and its login, without writing anything.</summary>
internal sealed class ConnectorProbe(TeamsOptions options, ConnectorToken tokens, SigningKeys keys, IHttpClientFactory clients, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <returns>Null when a token was had; else why not.</returns>
    public Task<string?> NoToken(CancellationToken cancellation) => Within(
        async ends =>
        {
            await tokens.Get(ends);
            return null;
        },
        cancellation);

    /// <summary>Without them nobody is let in.</summary>
    public async Task<bool> HasKeys() => await keys.Current() is not null;

    /// <returns>How far this machine's clock is ahead of Microsoft's, to the second; null when it did not say.</returns>
    public async Task<TimeSpan?> Ahead(CancellationToken cancellation)
    {
        TimeSpan? ahead = null;
        await Within(
            async ends =>
            {
                using var client = clients.CreateClient(TeamsHttp.ClientName);
                using var response = await client.GetAsync(options.Cloud.OpenIdMetadata, HttpCompletionOption.ResponseHeadersRead, ends);
                ahead = time.GetUtcNow() - response.Headers.Date;
                return null;
            },
            cancellation);
        return ahead;
    }

    /// <returns>Null when the connector lets the bot read the members of the conversation, and so write there; else its answer.</returns>
    public Task<string?> NotReached(Conversation where, CancellationToken cancellation) => Within(
        async ends =>
        {
            var uri = new Uri($"{where.ServiceUrl.AbsoluteUri.TrimEnd('/')}/v3/conversations/{Uri.EscapeDataString(where.Id)}/pagedmembers?pageSize=1");
            if (!ServiceHosts.Allowed(new Uri(uri.GetLeftPart(UriPartial.Path)), options.Sandbox))
            {
                return "the stored service URL is not the Bot Connector's; it was not asked";
            }

            using var client = clients.CreateClient(TeamsHttp.ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.Get(ends));
            using var response = await client.SendAsync(request, ends);
            return response.IsSuccessStatusCode ? null : $"the Bot Connector answered {(int)response.StatusCode}";
        },
        cancellation);

    private async Task<string?> Within(Func<CancellationToken, Task<string?>> look, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await look(either.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is AuthenticationFailedException or HttpRequestException or IOException or OperationCanceledException)
        {
            return e is OperationCanceledException ? "there was no answer in time" : FirstLine(e.Message);
        }
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();
}
