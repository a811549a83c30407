using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Core;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>
/// Questions that Azure wants as a POST. They change nothing, so they may be asked again; how soon is Azure's to say, in headers of each service's
/// own, and whoever asks sooner waits longer.
/// </summary>
internal sealed class ArmQuery(ArmPipeline pipeline, TimeProvider clock)
{
    private const int MostPages = 20;
    private const int MostTries = 3;

    /// <summary>Of one request.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Whoever asks for more patience is asked another day.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <summary>What things cost. No answer at all (204) is an empty list.</summary>
    /// <returns><see cref="ArmAnswer.Found"/> holds the <c>properties</c> of each page; half of them is none.</returns>
    public async Task<ArmAnswer> Costs(ResourceId scope, BinaryData question, CancellationToken cancellation)
    {
        var first = pipeline.Endpoint.Url(scope, OnlyQueries.Costs, "2023-11-01", []);
        var pages = new List<JsonElement>();
        var next = first;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await Patiently(next, question, cancellation);
            if (answer is not ArmAnswer.Found(var body))
            {
                return page == 0 ? answer : new ArmAnswer.CouldNotRead("A later page of the answer could not be read.");
            }

            if (body.ValueKind == JsonValueKind.Null)
            {
                return new ArmAnswer.Found(JsonSerializer.SerializeToElement(pages));
            }

            if (body.Member("properties") is not { ValueKind: JsonValueKind.Object } properties)
            {
                return new ArmAnswer.CouldNotRead("Azure's answer is not a table.");
            }

            pages.Add(properties);
            if (properties.Member("nextLink") is not { } link || (link.ValueKind == JsonValueKind.String && link.ValueEquals("")))
            {
                return new ArmAnswer.Found(JsonSerializer.SerializeToElement(pages));
            }

            // The same question further on: to another path the question, and the token, would be somebody else's.
            if (link.ValueKind != JsonValueKind.String || !Uri.TryCreate(link.GetString(), UriKind.Absolute, out var url) || !pipeline.Endpoint.Owns(url)
                || !url.AbsolutePath.Equals(first.AbsolutePath, StringComparison.OrdinalIgnoreCase))
            {
                return new ArmAnswer.CouldNotRead("The next page of the answer is not where the question was asked.");
            }

            next = url;
        }

        return new ArmAnswer.CouldNotRead($"The answer has more than {MostPages} pages.");
    }

    private async Task<ArmAnswer> Patiently(Uri url, BinaryData question, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, wait) = await Ask(url, question, cancellation);
            if (wait is not { } patience || attempt == MostTries || patience > LongestWait)
            {
                return answer;
            }

            await Task.Delay(patience, clock, cancellation);
        }
    }

    /// <returns>How long to wait before the same may be asked again; null: it is no use.</returns>
    private async Task<(ArmAnswer Answer, TimeSpan? Wait)> Ask(Uri url, BinaryData question, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var message = pipeline.Queries.CreateMessage();
            message.Request.Method = RequestMethod.Post;
            message.Request.Uri.Reset(url);
            message.Request.Headers.Add("Accept", "application/json");
            message.Request.Headers.Add("Content-Type", "application/json");
            // Cost Management counts callers by this; without it they all share one allowance, which others use up.
            message.Request.Headers.Add("ClientType", "RunModes.Bot");
            message.Request.Content = RequestContent.Create(question);
            await pipeline.Queries.SendAsync(message, either.Token);
            return (Answer(message.Response), message.Response.Status is 429 or 500 or 502 or 503 or 504 ? Wait(message.Response) : null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return (new ArmAnswer.CouldNotRead(e is OperationCanceledException
                ? $"Azure did not answer within {Limit.TotalSeconds:0} seconds."
                : $"It could not be read: {WireFailure.Words(e)}."), null);
        }
    }

    /// <summary>Several allowances may be used up at once: the longest wait counts.</summary>
    private static TimeSpan Wait(Response response)
    {
        var longest = Between;
        foreach (var header in response.Headers)
        {
            var asks = header.Name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)
                || (header.Name.StartsWith("x-ms-ratelimit-", StringComparison.OrdinalIgnoreCase) && header.Name.EndsWith("-retry-after", StringComparison.OrdinalIgnoreCase));
            if (asks && double.TryParse(header.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > longest.TotalSeconds)
            {
                longest = TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds));
            }
        }

        return longest;
    }

    private static ArmAnswer Answer(Response response)
    {
        var body = response.Content.ToMemory();
        return response.Status switch
        {
            200 => ArmJson.Parse(body) is { ValueKind: JsonValueKind.Object } json ? new ArmAnswer.Found(json) : new ArmAnswer.CouldNotRead("Azure's answer is not a JSON object."),
            204 => new ArmAnswer.Found(JsonSerializer.SerializeToElement<object?>(null)),
            404 when ArmError.Of(body) is { } error => new ArmAnswer.NotFound(error.Code, error.Message),
            401 or 403 when ArmError.Of(body) is { } error => new ArmAnswer.Forbidden(error.Code, error.Message),
            429 => new ArmAnswer.CouldNotRead($"Azure answered 429: too many requests; it wants to be asked again in {Wait(response).TotalSeconds:0} seconds."),
            _ => new ArmAnswer.CouldNotRead($"Azure answered {response.Status}{(ArmError.Of(body) is { } error ? $" ({error.Code})" : "")}."),
        };
    }
}
