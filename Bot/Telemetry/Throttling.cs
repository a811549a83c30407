using System.Net;

namespace RunModes.Bot.Telemetry;

/// <summary>Counts what Azure, Graph and Teams turn away, at the wire, so that no caller has to remember to.</summary>
internal sealed class Throttling : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            Measures.Throttled(request.RequestUri?.Host ?? "");
        }

        return response;
    }
}
