using System.Text.Json.Serialization;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Incidents;

/// <summary>The webhooks: caller before body, body before store, and 202 only after the store has committed.</summary>
internal sealed partial class IncidentEndpoint(MonitorCaller callers, IncidentSettings settings, IncidentInbox inbox, ILogger<IncidentEndpoint> log)
{
    public const int BodyLimit = 1024 * 1024;

    /// <summary>Of one source at once, held in memory until the store has them. Who comes on top is told to come back: a storm may take time, not memory.</summary>
    public const int MostAtOnce = 256;

    private readonly Room _monitor = new(), _pagerDuty = new();

    public async Task AzureMonitor(HttpContext context)
    {
        var caller = await callers.Check(context.Request);
        if (caller.State != CallerState.Known)
        {
            await Turn(context, "azure-monitor", caller.State == CallerState.CouldNotTell ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized);
            return;
        }

        await _monitor.Enter(() => Turn(context, "azure-monitor", StatusCodes.Status503ServiceUnavailable), async () =>
        {
            if (await Body(context, "azure-monitor") is { } body)
            {
                await TakeIn(context, "azure-monitor", CommonAlert.Parse(body, caller.Name));
            }
        });
    }

    public async Task PagerDuty(HttpContext context)
    {
        if (settings.Secrets.Count == 0)
        {
            await Turn(context, "pagerduty", StatusCodes.Status401Unauthorized);
            return;
        }

        await _pagerDuty.Enter(() => Turn(context, "pagerduty", StatusCodes.Status503ServiceUnavailable), () => Signed(context));
    }

    private async Task Signed(HttpContext context)
    {
        // The signature is over the body, so here the body comes first: bounded, and not looked into.
        if (await Body(context, "pagerduty") is not { } body)
        {
            return;
        }

        var signatures = context.Request.Headers["X-PagerDuty-Signature"].OfType<string>();
        if (!Secret.Signed(body.Span, settings.Secrets, signatures))
        {
            await Turn(context, "pagerduty", StatusCodes.Status401Unauthorized);
            return;
        }

        await TakeIn(context, "pagerduty", PagerDutyEvent.Parse(body, "signature", settings.Services));
    }

    private async Task TakeIn(HttpContext context, string source, AlertReading reading)
    {
        if (reading.Alert is not { } alert)
        {
            await Turn(context, source, StatusCodes.Status400BadRequest, reading.Problem);
            return;
        }

        try
        {
            // A sender that hangs up early must not undo what it sent.
            var incident = await inbox.TakeIn(alert, CancellationToken.None);
            await Results.Json(new Accepted(incident.Value), AcceptedJson.Default.Accepted, statusCode: StatusCodes.Status202Accepted).ExecuteAsync(context);
        }
        catch (StoreUnavailableException unavailable)
        {
            NotStored(log, source, unavailable.Message);
            await Turn(context, source, StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <returns>Null when the request was answered already.</returns>
    private async Task<ReadOnlyMemory<byte>?> Body(HttpContext context, string source)
    {
        if (context.Request.ContentLength > BodyLimit)
        {
            await Turn(context, source, StatusCodes.Status413PayloadTooLarge);
            return null;
        }

        try
        {
            using var held = new MemoryStream((int)(context.Request.ContentLength ?? 0));
            var chunk = new byte[16 * 1024];
            int read;
            while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
            {
                if (held.Length + read > BodyLimit)
                {
                    await Turn(context, source, StatusCodes.Status413PayloadTooLarge);
                    return null;
                }

                held.Write(chunk, 0, read);
            }

            return held.ToArray();
        }
        catch (BadHttpRequestException broken)
        {
            await Turn(context, source, broken.StatusCode, broken.StatusCode == StatusCodes.Status400BadRequest ? "The body broke off." : null);
            return null;
        }
    }

    private async Task Turn(HttpContext context, string source, int status, string? why = null)
    {
        Turned(log, source, status, why ?? "");
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "10";
        }

        if (why is null)
        {
            context.Response.StatusCode = status;
            return;
        }

        await TypedResults.Problem(why, statusCode: status, title: "The alert could not be read.").ExecuteAsync(context);
    }

    private sealed class Room
    {
        private int _in;

        public async Task Enter(Func<Task> full, Func<Task> inside)
        {
            try
            {
                await (Interlocked.Increment(ref _in) > MostAtOnce ? full() : inside());
            }
            finally
            {
                Interlocked.Decrement(ref _in);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answered a webhook of {Source} with {Status}. {Why}")]
    private static partial void Turned(ILogger log, string source, int status, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "An alert of {Source} could not be stored: {Why}")]
    private static partial void NotStored(ILogger log, string source, string why);
}

internal sealed record Accepted([property: JsonPropertyName("incident")] string Incident);

[JsonSerializable(typeof(Accepted))]
internal sealed partial class AcceptedJson : JsonSerializerContext;
