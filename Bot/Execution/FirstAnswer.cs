using System.Text.Json;
using Azure;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>What Azure's answer to the one request means: done, refused, unknown, or accepted and still under way.</summary>
internal sealed class FirstAnswer(ArmEndpoint endpoint, TimeProvider clock)
{
    public ExecutionResult Judge(Response response)
    {
        var correlation = CorrelationOf(response);
        var body = response.Content.ToMemory();
        var json = ArmJson.Parse(body);
        var error = ArmError.Of(body);
        return response.Status switch
        {
            >= 200 and < 300 when body.Length == 0 || json is not null => Accepted(response, json, correlation),
            >= 200 and < 300 => ExecutionResult.Doubtful("UnreadableAnswer", $"the answer {response.Status} is not one that Azure writes", correlation),
            >= 300 and < 400 => ExecutionResult.Doubtful("Redirected", $"the answer was a redirect ({response.Status}), which is never followed", correlation),
            429 => new(Outcome.Failed, error?.Code ?? "TooManyRequests", $"Not accepted, try again later: Azure answered 429. {error?.Message}".TrimEnd(), correlation, Sent: true),
            408 or < 200 or >= 500 => ExecutionResult.Doubtful(error?.Code ?? $"Http{response.Status}",
                $"Azure answered {response.Status}{(error is null ? "" : $", {error.Code}: {error.Message.TrimEnd('.')}")}", correlation),
            _ => new(Outcome.Failed, error?.Code ?? $"Http{response.Status}", error is { Message.Length: > 0 } ? error.Message : $"Azure answered {response.Status}.", correlation, Sent: true),
        };
    }

    public static string? CorrelationOf(Response response) =>
        response.Headers.TryGetValue("x-ms-correlation-request-id", out var id) ? ArmError.Clean(id, 64) : null;

    /// <summary>2xx is the end only when nothing says that Azure is still at it.</summary>
    private ExecutionResult Accepted(Response response, JsonElement? body, string? correlation)
    {
        if (body is { } said && (OperationStatus.OfOperation(said) ?? OperationStatus.OfResource(said)) is { } ended && OperationStatus.Failed(ended))
        {
            return OperationStatus.Failure(ended, ArmError.Of(said, text => text), correlation);
        }

        var state = body is { } resource ? OperationStatus.OfResource(resource) : null;
        var under = response.Status == 202 || (state is not null && !OperationStatus.Succeeded(state));
        if (response.Headers.TryGetValue("Azure-AsyncOperation", out var operation))
        {
            return Follow(PollKind.AsyncOperation, operation, response, correlation);
        }

        if (under && response.Headers.TryGetValue("Location", out var location))
        {
            return Follow(PollKind.Location, location, response, correlation);
        }

        if (!under)
        {
            return new(Outcome.Succeeded, "Accepted", $"accepted ({response.Status})", correlation, Sent: true);
        }

        return state is null
            ? ExecutionResult.Doubtful("NotFollowable", $"Azure accepted it ({response.Status}) and did not say where to ask how it ended", correlation)
            : Running(new Poll(PollKind.Resource, null), response, correlation);
    }

    private ExecutionResult Follow(PollKind kind, string? url, Response response, string? correlation) => PollingUrl.Of(url, endpoint) is { } known
        ? Running(new Poll(kind, known), response, correlation)
        : ExecutionResult.Doubtful("PollingElsewhere", $"Azure accepted it ({response.Status}), but the address to ask how it ended is not one of the configured Azure and was not used", correlation);

    private ExecutionResult Running(Poll poll, Response response, string? correlation) =>
        ExecutionResult.Accepted(new(poll, OperationStatus.RetryAfter(response, clock.GetUtcNow())), $"accepted ({response.Status}), under way", correlation);
}
