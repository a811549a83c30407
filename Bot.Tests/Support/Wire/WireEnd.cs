using System.Text;
using Microsoft.AspNetCore.Http;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>One host of the cloud: answers what it knows, records everything, fails on request.</summary>
internal abstract class WireEnd(string host, string? audience)
{
    private readonly List<WireRequest> requests = [];

    public string Host { get; } = host;

    /// <summary>Resource that a token presented here must be for; null where no token belongs.</summary>
    public string? Audience { get; } = audience;

    public FaultScript Faults { get; } = new();

    public IReadOnlyList<WireRequest> Requests
    {
        get
        {
            lock (Gate) return [.. requests];
        }
    }

    /// <summary>Guards the world behind this end; re-entrant, so callbacks of a scenario may change the world.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Null when the path is not one this end knows: the call counts as unexpected. Called under <see cref="Gate"/>.</summary>
    protected abstract WireAnswer? Route(WireRequest request, IssuedToken? token);

    protected virtual WireAnswer Refuse(string why) => WireAnswer.Error(401, "InvalidAuthenticationToken", why);

    /// <summary>Last look at what goes out, with whether a fault made it.</summary>
    protected virtual WireAnswer Answered(WireRequest request, WireAnswer answer, bool scripted) => answer;

    internal async Task Serve(HttpContext http, WireRequest request, FakeCloud cloud)
    {
        lock (Gate) requests.Add(request);
        var token = cloud.Entra.Check(request, this, out var refusal);
        if (refusal is not null)
        {
            await Write(http, Answered(request, Refuse(refusal), scripted: false));
            return;
        }

        var fault = Faults.Take(request);
        var answer = fault is null or { Accepts: true } ? Act(request, token, cloud) : null;
        if (fault is not null)
        {
            if (fault.Until is not null) await fault.Until.WaitAsync(http.RequestAborted);
            if (fault.Delay != TimeSpan.Zero) await Task.Delay(fault.Delay, cloud.Clock, http.RequestAborted);
            if (fault.Rewrites is not null && answer is not null) answer = fault.Rewrites(answer);
            answer = fault.Answer ?? answer;
            if (fault.Drops)
            {
                http.Abort();
                return;
            }
        }

        await Write(http, Answered(request, answer!, scripted: fault is { Answer: not null } or { Rewrites: not null }));
    }

    private WireAnswer Act(WireRequest request, IssuedToken? token, FakeCloud cloud)
    {
        WireAnswer? answer;
        lock (Gate) answer = Route(request, token);
        if (answer is not null) return answer;
        cloud.NoteUnexpected(request.ToString());
        return WireAnswer.Error(599, "UnexpectedByTheTest", $"Nothing is registered for {request.Method} {request.Path}.");
    }

    private static async Task Write(HttpContext http, WireAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) http.Response.Headers[name] = value;
        var bytes = Encoding.UTF8.GetBytes(answer.Body);
        http.Response.ContentLength = answer.Status == 204 ? null : bytes.Length;
        if (bytes.Length == 0) return;
        http.Response.ContentType = answer.ContentType;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
