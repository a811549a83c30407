using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using RunModes.Bot.Incidents;

namespace RunModes.Bot.Teams;

/// <summary><c>POST /api/messages</c>: token before body, body before port.</summary>
internal sealed partial class TeamsEndpoint(CallerCheck callers, ActivityDispatch dispatch, TeamsOptions options, ILogger<TeamsEndpoint> log)
{
    public const int BodyLimit = 512 * 1024;

    /// <returns>Null: it was refused, and the answer says so.</returns>
    public async Task<Activity?> Admit(HttpContext context)
    {
        var (caller, refusal) = options.Sandbox ? (null, SandboxCaller.Check(context)) : await callers.Check(context.Request.Headers.Authorization);
        if (refusal is not null)
        {
            Refuse(context, refusal);
            return null;
        }

        if (await Read(context) is not { } activity)
            return null;
        if (ActivityGate.Check(activity, caller, options) is { } closed)
        {
            Refuse(context, closed);
            return null;
        }

        return activity;
    }

    public async Task Handle(HttpContext context)
    {
        if (await Admit(context) is not { } activity)
            return;
        if (activity.Type == "invoke")
        {
            var answer = await dispatch.Invoke(activity);
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.WriteAsync(answer.ToJson().ToJsonString(), context.RequestAborted);
            return;
        }

        context.Response.StatusCode = await dispatch.Handle(activity) ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
    }

    private async Task<Activity?> Read(HttpContext context)
    {
        try
        {
            var activity = await JsonSerializer.DeserializeAsync(context.Request.Body, ActivityJson.Default.Activity, context.RequestAborted);
            if (activity is { Type.Length: > 0 } && (activity.Value is not { } value || JsonText.IsWhole(value)))
                return activity;
            Refuse(context, new(HttpStatusCode.BadRequest, "the body is not an activity"));
        }
        catch (JsonException)
        {
            Refuse(context, new(HttpStatusCode.BadRequest, "the body is not an activity"));
        }
        catch (BadHttpRequestException broken)
        {
            Refuse(context, new((HttpStatusCode)broken.StatusCode, "the body is too large or broken"));
        }

        return null;
    }

    private void Refuse(HttpContext context, Refusal refusal)
    {
        Refused(log, (int)refusal.Status, refusal.Why);
        context.Response.StatusCode = (int)refusal.Status;
        if (refusal.Status == HttpStatusCode.Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (refusal.Status == HttpStatusCode.ServiceUnavailable)
            context.Response.Headers.RetryAfter = "10";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a call of /api/messages with {Status}: {Why}")]
    private static partial void Refused(ILogger log, int status, string why);
}

internal static class TeamsRoutes
{
    public static IEndpointConventionBuilder MapTeams(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/messages", Handle)
            .WithMetadata(new RequestSizeLimitAttribute(TeamsEndpoint.BodyLimit));

    private static Task Handle(HttpContext context) =>
#if BOT_FRAMEWORK_SDK
        context.RequestServices.GetService<BotFramework.SdkEndpoint>() is { } sdk ? sdk.Handle(context) :
#endif
        context.RequestServices.GetRequiredService<TeamsEndpoint>().Handle(context);
}
