using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Incidents;

/// <summary>The real routes on a loopback port; the fakes are Entra's key documents and the store.</summary>
internal sealed class WebhookHost : IAsyncDisposable
{
    public const string Tenant = "0f3d7c1e-2222-4222-8222-0123456789ab";
    public const string Audience = "api://sre-bot-alerts";
    public const string MonitorApp = "461e8683-5575-4561-ac7f-899cc907d62a";

    private readonly WebApplication _app;

    private WebhookHost(WebApplication app, HeldStore store, HeldClock clock, FakeEntra entra, ConcurrentQueue<string> log) =>
        (_app, Store, Clock, Entra, Log) = (app, store, clock, entra, log);

    public HeldStore Store { get; }

    public HeldClock Clock { get; }

    public FakeEntra Entra { get; }

    public ConcurrentQueue<string> Log { get; }

    public HttpClient Client => new() { BaseAddress = new(_app.Urls.First()), Timeout = TimeSpan.FromSeconds(20) };

    public static Task<WebhookHost> Start(params (string Key, string Value)[] settings) => Start([Samples.Plan()], settings);

    public static async Task<WebhookHost> Start(IEnumerable<ResponsePlan> plans, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        var (store, clock, entra, log) = (new HeldStore(), new HeldClock(Samples.Noon), new FakeEntra(), new ConcurrentQueue<string>());
        store.Plans.AddRange(plans);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Trace).AddProvider(new HeldLog(log));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<ILedger>(store).AddSingleton<IIncidents>(store).AddSingleton<IPlans>(store).AddSingleton<IRunQueue>(store);
        builder.Services.AddIncidents(builder.Configuration);
        builder.Services.AddHttpClient(EntraKeys.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => entra);
        var app = builder.Build();
        app.MapIncidents();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, store, clock, entra, log);
    }

    public static Task<WebhookHost> StartWithEntra() =>
        Start(("Incidents:AzureMonitor:Key", "s3cret-key-of-the-webhook"), ("Incidents:AzureMonitor:Audience", Audience), ("MicrosoftAppTenantId", Tenant));

    public async Task<HttpResponseMessage> Post(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var client = Client;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Entra.Dispose();
    }

    private sealed class HeldLog(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue((logLevel is LogLevel.Warning or LogLevel.Information && formatter(state, exception).Contains("the same alerts", StringComparison.Ordinal) ? $"{logLevel}: " : "") + formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}

/// <summary>login.microsoftonline.com at the HTTP transport, with one signing key.</summary>
internal sealed class FakeEntra : HttpMessageHandler
{
    // Made once: making keys is most of what these tests would do.
    private static readonly RSA OfTenant = RSA.Create(2048);

    public bool Down { get; set; }

    public string KeysAt { get; set; } = "https://login.microsoftonline.com/common/discovery/v2.0/keys";

    public ConcurrentQueue<Uri> Asked { get; } = new();

    public static RsaSecurityKey Key => new(OfTenant) { KeyId = "k1" };

    public static RsaSecurityKey ForeignKey { get; } = new(RSA.Create(2048)) { KeyId = "k1" };

    public static RsaSecurityKey UnknownKey { get; } = new(ForeignKey.Rsa) { KeyId = "k9" };

    public static string Token(DateTimeOffset now, Action<Dictionary<string, object>>? change = null, SecurityKey? key = null, string algorithm = SecurityAlgorithms.RsaSha256)
    {
        Dictionary<string, object> claims = new()
        {
            ["iss"] = $"https://login.microsoftonline.com/{WebhookHost.Tenant}/v2.0", ["aud"] = WebhookHost.Audience, ["tid"] = WebhookHost.Tenant,
            ["azp"] = WebhookHost.MonitorApp, ["roles"] = new[] { "ActionGroupsSecureWebhook" }, ["ver"] = "2.0",
            ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(60).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims, SigningCredentials = new(key ?? Key, algorithm),
        });
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Enqueue(request.RequestUri!);
        var parameters = OfTenant.ExportParameters(false);
        var text = request.RequestUri!.AbsolutePath.EndsWith("openid-configuration", StringComparison.Ordinal)
            ? $$"""{"issuer":"x","jwks_uri":"{{KeysAt}}"}"""
            : $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"k1","n":"{{Base64UrlEncoder.Encode(parameters.Modulus)}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}]}""";
        return Task.FromResult(Down ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : new(HttpStatusCode.OK) { Content = new StringContent(text) });
    }
}
