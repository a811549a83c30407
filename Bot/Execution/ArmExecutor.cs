using System.Text;
using Azure.Core;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>Spends a permit on one request to Azure and tells what became of it. It never tries a second time.</summary>
internal sealed partial class ArmExecutor(ArmPipeline pipeline, AgentIdentity identity, TimeProvider clock, ILogger<ArmExecutor> log)
{
    private readonly FirstAnswer first = new(pipeline.Endpoint, clock);

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Expected ends are results, cancellation included: once a byte may have left, nobody else can say what happened.</summary>
    public Task<ExecutionResult> Execute(ExecutionPermit permit, CancellationToken cancellation) =>
        permit.Operation.Match(arm => Execute(permit, arm, cancellation), _ => throw new InvalidOperationException("A command is run by a program, not sent."));

    private async Task<ExecutionResult> Execute(ExecutionPermit permit, Operation.ArmCall arm, CancellationToken cancellation)
    {
        if (Objection(arm) is { } objection)
        {
            return Logged(arm, permit, ExecutionResult.NotSent(objection));
        }

        var attempt = new Attempt(permit);
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var message = Message(arm, permit.Claim, attempt);
            await pipeline.Changes.SendAsync(message, either.Token);
            return Logged(arm, permit, first.Judge(message.Response));
        }
        catch (Exception e)
        {
            // Every failure is judged by how far the request got, which the attempt knows better than any exception type.
            return Logged(arm, permit, Judge(e, attempt, limit.IsCancellationRequested, cancellation.IsCancellationRequested));
        }
    }

    /// <summary>The catalogue and the identity of this build, not those of the day it was proposed, say what may be sent.</summary>
    private string? Objection(Operation.ArmCall arm)
    {
        if (arm.Known is not { } known || known.Method != arm.Method || known.Verb != arm.Verb || known.ApiVersion != arm.ApiVersion
            || known.BodyOf(arm.Parameters) != arm.Body || !arm.Target.IsOfType(known.ResourceType))
        {
            return "this version of the bot does not know the operation";
        }

        return arm.Context == identity.Context ? null : "it was approved for another cloud, tenant or identity";
    }

    private HttpMessage Message(Operation.ArmCall arm, ClaimId claim, Attempt attempt)
    {
        var message = pipeline.Changes.CreateMessage();
        message.SetProperty(typeof(Attempt), attempt);
        message.Request.Method = RequestMethod.Parse(arm.Method);
        message.Request.Uri.Reset(pipeline.Endpoint.Url(arm.Target, arm.Suffix, arm.ApiVersion, []));
        message.Request.ClientRequestId = claim.Value;
        message.Request.Headers.Add("Accept", "application/json");
        // Always content, be it empty: without, the HTTP stack sends again by itself when a connection dies before the answer.
        message.Request.Content = RequestContent.Create(Encoding.UTF8.GetBytes(arm.Body));
        if (arm.Body.Length > 0)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
        }

        return message;
    }

    private static ExecutionResult Judge(Exception e, Attempt attempt, bool timedOut, bool cancelled)
    {
        if (attempt.PermitDead)
        {
            return ExecutionResult.NotSent($"the permit was used, or older than {ExecutionPermit.Life.TotalSeconds:0} seconds", "PermitExpired");
        }

        if (!attempt.Started)
        {
            return ExecutionResult.NotSent(timedOut ? "no token in time" : cancelled ? "the bot is stopping" : WireFailure.NotSent(e) ?? "there was no token, or the request could not be built");
        }

        if (timedOut || cancelled)
        {
            return ExecutionResult.Doubtful("TimedOut", timedOut ? $"Azure did not answer within {Limit.TotalSeconds:0} seconds" : "the bot stopped before the answer");
        }

        return WireFailure.NotSent(e) is { } reason
            ? ExecutionResult.NotSent(reason)
            : ExecutionResult.Doubtful("ConnectionLost", "the connection was lost after sending");
    }

    private ExecutionResult Logged(Operation.ArmCall arm, ExecutionPermit permit, ExecutionResult result)
    {
        Executed(log, arm.Action, arm.Target.Value, permit.Claim.Value, result.Outcome, result.Code, result.Sent, result.CorrelationId);
        return result;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Action} on {Target} under claim {Claim}: {Outcome} ({Code}), sent: {Sent}, correlation {CorrelationId}")]
    private static partial void Executed(ILogger log, string action, string target, string claim, Outcome outcome, string code, bool sent, string? correlationId);
}
