using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>Reads Azure as the agent. It can do nothing but GET.</summary>
internal sealed class ArmReader(ArmPipeline pipeline, TimeProvider clock)
{
    private const int MostPages = 20;

    /// <summary>For one call, with its retries and all its pages.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>The resource itself, by Azure's own client and its reading of the id.</summary>
    public Task<ArmAnswer> Resource(ResourceId at, CancellationToken cancellation) => WithinLimit(
        async token =>
        {
            try
            {
                var read = await pipeline.Resources.GetGenericResource(new ResourceIdentifier(at.Value)).GetAsync(token);
                return Answer(read.GetRawResponse());
            }
            catch (RequestFailedException e) when (e.GetRawResponse() is { } refused)
            {
                return Answer(refused);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or JsonException)
            {
                return new ArmAnswer.CouldNotRead("Azure's answer could not be understood.");
            }
        },
        cancellation);

    public Task<ArmAnswer> Get(ResourceId at, string suffix, string apiVersion, IReadOnlyList<(string Name, string Value)> query, CancellationToken cancellation) =>
        WithinLimit(token => Read(pipeline.Reads, pipeline.Endpoint.Url(at, suffix, apiVersion, query), token), cancellation);

    /// <summary>All items of a list. A broken page, a link that leaves the endpoint or too many pages make it unread: half a list is no list.</summary>
    public Task<ArmAnswer> GetAll(ResourceId at, string suffix, string apiVersion, IReadOnlyList<(string Name, string Value)> query, CancellationToken cancellation) =>
        WithinLimit(token => ReadAll(pipeline.Reads, pipeline.Endpoint.Url(at, suffix, apiVersion, query), token), cancellation);

    /// <summary>The same as whoever acts.</summary>
    public Task<ArmAnswer> GetAllAsActor(ResourceId at, string suffix, string apiVersion, CancellationToken cancellation) =>
        WithinLimit(token => ReadAll(pipeline.ActorReads, pipeline.Endpoint.Url(at, suffix, apiVersion, []), token), cancellation);

    private async Task<ArmAnswer> ReadAll(HttpPipeline by, Uri first, CancellationToken cancellation)
    {
        var items = new List<JsonElement>();
        var next = first;
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await Read(by, next, cancellation);
            if (answer is not ArmAnswer.Found(var body))
            {
                return page == 0 ? answer : new ArmAnswer.CouldNotRead("A later page of the list could not be read.");
            }

            if (body.Items("value") is not { } value)
            {
                return new ArmAnswer.CouldNotRead("Azure's answer is not a list.");
            }

            items.AddRange(value);
            if (body.Member("nextLink") is not { } link || (link.ValueKind == JsonValueKind.String && link.ValueEquals("")))
            {
                return new ArmAnswer.Found(JsonSerializer.SerializeToElement(items));
            }

            if (link.ValueKind != JsonValueKind.String || !Uri.TryCreate(link.GetString(), UriKind.Absolute, out var url) || !pipeline.Endpoint.Owns(url))
            {
                return new ArmAnswer.CouldNotRead("The next page of the list is not on Azure's endpoint.");
            }

            next = url;
        }

        return new ArmAnswer.CouldNotRead($"The list has more than {MostPages} pages.");
    }

    private static async Task<ArmAnswer> Read(HttpPipeline by, Uri url, CancellationToken cancellation)
    {
        using var message = by.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(url);
        message.Request.Headers.Add("Accept", "application/json");
        await by.SendAsync(message, cancellation);
        return Answer(message.Response);
    }

    public static ArmAnswer Answer(Response response)
    {
        var body = response.Content.ToMemory();
        return response.Status switch
        {
            200 => ArmJson.Parse(body) is { ValueKind: JsonValueKind.Object } json ? new ArmAnswer.Found(json) : new ArmAnswer.CouldNotRead("Azure's answer is not a JSON object."),
            // Only Azure's own words count: a gateway's page with the same status says nothing about the resource.
            404 when ArmError.Of(body) is { } error => new ArmAnswer.NotFound(error.Code, error.Message),
            403 when ArmError.Of(body) is { } error => new ArmAnswer.Forbidden(error.Code, error.Message),
            429 => new ArmAnswer.CouldNotRead("Azure answered 429: too many requests."),
            _ => new ArmAnswer.CouldNotRead($"Azure answered {response.Status}{(ArmError.Of(body) is { } error ? $" ({error.Code})" : "")}."),
        };
    }

    private Task<ArmAnswer> WithinLimit(Func<CancellationToken, Task<ArmAnswer>> read, CancellationToken cancellation) => WithinLimit(read, clock, cancellation);

    public static async Task<ArmAnswer> WithinLimit(Func<CancellationToken, Task<ArmAnswer>> read, TimeProvider clock, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await read(either.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever went wrong, it was not read; the words tell a time-out, a missing token and a lost connection apart.
            return new ArmAnswer.CouldNotRead(e is OperationCanceledException
                ? $"Azure did not answer within {Limit.TotalSeconds:0} seconds."
                : $"It could not be read: {WireFailure.Words(e)}.");
        }
    }
}
