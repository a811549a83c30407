using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Tests.Roles;

public enum Question { Account, Groups, StandardGroups, AppRoles, Assignments }

/// <summary>Microsoft Graph at the wire: each question has a script, an unscripted request is an error of the test.</summary>
internal sealed class ScriptedGraph : HttpMessageHandler
{
    public delegate Task<HttpResponseMessage> Answer(HttpRequestMessage request, CancellationToken cancellation);

    public const string Tenant = "0a0a0a0a-0000-4000-8000-000000000001";
    public const string App = "0b0b0b0b-0000-4000-8000-000000000002";
    public const string Agent = "0b0b0b0b-0000-4000-8000-000000000003";
    public const string Ada = "0c0c0c0c-0000-4000-8000-00000000000a";
    public const string Approvers = "0d0d0d0d-0000-4000-8000-000000000010";
    public const string Responders = "0d0d0d0d-0000-4000-8000-000000000020";
    public const string Stranger = "0d0d0d0d-0000-4000-8000-0000000000ff";
    public const string Principal = "0e0e0e0e-0000-4000-8000-000000000030";
    public const string AppRole = "0f0f0f0f-0000-4000-8000-000000000040";
    public const string Member = $$"""{"id":"{{Ada}}","accountEnabled":true,"userType":"Member","externalUserState":null}""";

    private readonly ConcurrentDictionary<Question, TaskCompletionSource> arrived = new();

    public Dictionary<Question, Answer> Script { get; } = new()
    {
        [Question.Account] = Json(Member),
        [Question.Groups] = Json($$"""{"value":["{{Approvers}}"]}"""),
        [Question.StandardGroups] = Json("""{"value":[]}"""),
        [Question.AppRoles] = Json($$"""{"id":"{{Principal}}","appId":"{{App}}","appRoles":[{"id":"{{AppRole}}","value":"Approver","isEnabled":true}]}"""),
        [Question.Assignments] = Json($$"""{"value":[{"id":"x","appRoleId":"{{AppRole}}","resourceId":"{{Principal}}","principalType":"Group"}]}"""),
    };

    public ConcurrentQueue<(Question Question, string Method, Uri Uri, string? Body, string? Authorization)> Asked { get; } = new();

    public static Answer Json(string json, string type = "application/json") => (_, _) => Task.FromResult(Reply(HttpStatusCode.OK, json, type));

    public static Answer Status(int status, string? retryAfter = null) => (_, _) =>
    {
        var reply = Reply((HttpStatusCode)status, """{"error":{"code":"SomeCode","message":"m"}}""", "application/json");
        if (retryAfter is not null) reply.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return Task.FromResult(reply);
    };

    /// <summary>The first request gets the first answer, and so on; the last answer stays.</summary>
    public static Answer InTurn(params Answer[] answers)
    {
        var next = -1;
        return (request, cancellation) => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)](request, cancellation);
    }

    public static HttpResponseMessage Reply(HttpStatusCode status, string body, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return new HttpResponseMessage(status) { Content = content };
    }

    /// <summary>Completes once this question has been asked.</summary>
    public Task Arrived(Question question) => Arrival(question).Task.WaitAsync(TimeSpan.FromSeconds(20));

    public int Times(Question question) => Asked.Count(one => one.Question == question);

    /// <summary>The bot's own wiring, with this graph instead of the network; without a clock given, time stands still, so that a busy machine is never "too late".</summary>
    public ServiceProvider Wire(TimeProvider? time = null, params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["MicrosoftAppTenantId"] = Tenant,
            ["MicrosoftAppId"] = App,
            ["AZURE_CLIENT_ID"] = Agent,
            ["Roles:Administrator:Groups:0"] = Approvers,
            ["Roles:StandardUser:Groups:0"] = Responders,
        };
        foreach (var (key, value) in settings)
            if (value is null) all.Remove(key);
            else all[key] = value;
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(time ?? new SteppedClock(DateTimeOffset.UnixEpoch));
        services.AddKeyedSingleton<TokenCredential>(GraphDirectory.Identity, Credential);
        services.AddRoles(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        services.AddHttpClient(GraphDirectory.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => this);
        return services.BuildServiceProvider();
    }

    public StaticCredential Credential { get; } = new();

    public async Task<RoleAnswer> Look(params (string Key, string? Value)[] settings)
    {
        await using var services = Wire(null, settings);
        return await services.GetRequiredService<RoleLookup>().Look(new Person(Tenant, Ada, "Ada"), TestContext.Current.CancellationToken);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        var question = path switch
        {
            _ when path.StartsWith("/v1.0/servicePrincipals", StringComparison.Ordinal) => Question.AppRoles,
            _ when path.EndsWith("/appRoleAssignments", StringComparison.Ordinal) => Question.Assignments,
            _ when path.EndsWith("/checkMemberGroups", StringComparison.Ordinal) => body!.Contains(Responders, StringComparison.Ordinal) ? Question.StandardGroups : Question.Groups,
            $"/v1.0/users/{Ada}" => Question.Account,
            _ => throw new InvalidOperationException($"No script for {request.Method} {request.RequestUri}"),
        };
        Asked.Enqueue((question, request.Method.Method, request.RequestUri, body, request.Headers.Authorization?.ToString()));
        Arrival(question).TrySetResult();
        return await Script[question](request, cancellationToken);
    }

    private TaskCompletionSource Arrival(Question question) => arrived.GetOrAdd(question, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

internal sealed class StaticCredential : TokenCredential
{
    public Func<TokenRequestContext, CancellationToken, ValueTask<AccessToken>> Issue { get; set; } =
        (_, _) => ValueTask.FromResult(new AccessToken("bot-token", DateTimeOffset.MaxValue));

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => Issue(requestContext, cancellationToken);
}
