using System.Net;

namespace RunModes.Bot.Teams;

/// <summary>Without tokens the only credential is being on this machine. A tunnel or a web page also connects from loopback; both leave a trace in the headers.</summary>
internal static class SandboxCaller
{
    private static readonly string[] Traces = ["Origin", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Original-Host"];

    public static Refusal? Check(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
            return Refuse("the sandbox answers only this machine");
        if (!Uri.TryCreate($"http://{context.Request.Host.Value}/", UriKind.Absolute, out var host) || !host.IsLoopback)
            return Refuse("the sandbox answers only under a loopback name");
        return Traces.Any(context.Request.Headers.ContainsKey) ? Refuse("the sandbox answers neither proxies nor web pages") : null;
    }

    private static Refusal Refuse(string why) => new(HttpStatusCode.Forbidden, why);
}
