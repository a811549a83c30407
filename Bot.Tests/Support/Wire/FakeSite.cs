namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>A page of somebody's own, asked without credentials; any token that is shown here is a leak.</summary>
internal sealed class FakeSite() : WireEnd("status.contoso.example", null)
{
    public string Body { get; set; } = """{"status":"all systems go"}""";

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token) => request switch
    {
        { Method: "GET", Path: "/status" } => new WireAnswer(200, Body, "application/json"),
        { Method: "GET", Path: "/moved" } => new WireAnswer(302, "", "text/plain").With("Location", "https://evil.example/"),
        { Method: "GET", Path: "/large" } => new WireAnswer(200, new string('x', 100_000), "text/plain"),
        _ => null,
    };
}
