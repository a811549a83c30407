using System.Text.Json;
using Azure.Core;
using RunModes.Bot.Proposals;
using Response = Azure.Response;

namespace RunModes.Bot.Execution;

/// <summary>Asks Azure, with GET alone, how an operation that it accepted fares.</summary>
internal sealed partial class ArmPolling(ArmPipeline pipeline, TimeProvider clock, ILogger<ArmPolling> log)
{
    /// <summary>For one look, with its retries.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    public ArmEndpoint Endpoint => pipeline.Endpoint;

    /// <summary>Every end is an answer; no exception, whose text may hold the URL, leaves here but the caller's own cancellation.</summary>
    public async Task<PollAnswer> Look(Operation operation, Poll poll, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        PollAnswer answer;
        try
        {
            using var message = pipeline.ActorReads.CreateMessage();
            message.Request.Method = RequestMethod.Get;
            message.Request.Uri.Reset(poll.Url?.Address ?? operation.Match(arm => pipeline.Endpoint.Url(arm.Target, "", arm.ApiVersion, []), _ => throw new InvalidOperationException("A program waits by itself and is not asked after.")));
            message.Request.Headers.Add("Accept", "application/json");
            await pipeline.ActorReads.SendAsync(message, either.Token);
            answer = Judge(poll, message.Response);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            answer = new PollAnswer.Unread(OperationStatus.Usual, e is OperationCanceledException ? $"Azure did not answer within {Limit.TotalSeconds:0} seconds" : WireFailure.Words(e));
        }

        Looked(log, operation.TargetName, poll.Kind, answer is PollAnswer.Ended end ? $"{end.Result.Outcome} ({end.Result.Code})" : answer.GetType().Name);
        return answer;
    }

    private PollAnswer Judge(Poll poll, Response response)
    {
        var body = response.Content.ToMemory();
        var json = ArmJson.Parse(body);
        var correlation = FirstAnswer.CorrelationOf(response);
        var after = OperationStatus.RetryAfter(response, clock.GetUtcNow());
        Func<string, string> scrub = poll.Url is { } url ? url.Scrub : static text => text;
        var error = json is { } said ? ArmError.Of(said, scrub) : null;
        return response.Status switch
        {
            >= 200 and < 300 when body.Length > 0 && json is null => Lost("the answer is not one that Azure writes", correlation, askLater: true),
            200 or 201 or 202 or 204 => poll.Kind switch
            {
                PollKind.AsyncOperation => OfOperation(response.Status, json, error, after, correlation, scrub),
                PollKind.Location => OfLocation(response.Status, json, error, after, correlation, scrub),
                PollKind.Resource => OfResource(json, error, after, correlation, scrub),
                _ => Lost("how to ask is not known", correlation),
            },
            // Neither says anything about the operation, and both can be mended before time is up.
            401 or 403 => new PollAnswer.Unread(after, $"Azure answered {response.Status}{Named(error)}: the agent may not ask"),
            408 or 429 or >= 500 => new PollAnswer.Unread(after, $"Azure answered {response.Status}{Named(error)}"),
            404 or 410 => Lost($"Azure no longer knows of the operation ({response.Status}{Named(error)})", correlation),
            >= 300 and < 400 => Lost($"the answer was a redirect ({response.Status}), which is never followed", correlation),
            _ => Lost($"Azure answered {response.Status}{(error is null ? "" : $", {error.Code}: {error.Message.TrimEnd('.')}")}", correlation),
        };
    }

    private static PollAnswer OfOperation(int status, JsonElement? body, ArmError? error, TimeSpan after, string? correlation, Func<string, string> scrub) =>
        body is { } json && OperationStatus.OfOperation(json) is { } word ? Of(word, json, error, after, correlation, scrub)
        : status == 202 ? new PollAnswer.Running(after, "")
        : Lost("the answer does not say how the operation stands", correlation, askLater: true);

    /// <summary>202 while it runs; 200 or 204 is the end, unless the body says otherwise.</summary>
    private static PollAnswer OfLocation(int status, JsonElement? body, ArmError? error, TimeSpan after, string? correlation, Func<string, string> scrub)
    {
        var word = body is { } json ? OperationStatus.OfOperation(json) ?? OperationStatus.OfResource(json) : null;
        if (word is not null)
        {
            // While it says 202 it is not done, whatever it says besides.
            return Of(word, body!.Value, error, after, correlation, scrub) is var answer && status == 202 && answer is PollAnswer.Ended { Result.Outcome: Outcome.Succeeded }
                ? new PollAnswer.Running(after, "")
                : answer;
        }

        if (body?.Member("error") is not null)
        {
            return new PollAnswer.Ended(OperationStatus.Failure("Failed", error, correlation));
        }

        return status == 202 ? new PollAnswer.Running(after, "") : Done($"Azure finished it ({status})", correlation);
    }

    private static PollAnswer OfResource(JsonElement? body, ArmError? error, TimeSpan after, string? correlation, Func<string, string> scrub) =>
        body is { } json && OperationStatus.OfResource(json) is { } word
            ? Of(word, json, error, after, correlation, scrub)
            : Lost("the resource no longer says how it stands", correlation, askLater: true);

    private static PollAnswer Of(string word, JsonElement body, ArmError? error, TimeSpan after, string? correlation, Func<string, string> scrub) =>
        OperationStatus.Succeeded(word) ? Done($"Azure finished it ({word})", correlation)
        : OperationStatus.Failed(word) ? new PollAnswer.Ended(OperationStatus.Failure(word, error, correlation))
        : word.Length == 0 ? Lost("the answer does not say how the operation stands", correlation, askLater: true)
        : new PollAnswer.Running(after, OperationStatus.Progress(scrub(word), body));

    private static PollAnswer.Ended Done(string how, string? correlation) => new(new(Outcome.Succeeded, "Succeeded", how, correlation, Sent: true));

    private static PollAnswer.Ended Lost(string why, string? correlation, bool askLater = false) =>
        new(ExecutionResult.Doubtful("PollingLost", $"Azure accepted it, but {why}", correlation), askLater);

    private static string Named(ArmError? error) => error is null ? "" : $", {error.Code}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Asked after the operation on {Target} by {Kind}: {Answer}")]
    private static partial void Looked(ILogger log, string target, PollKind kind, string answer);
}
