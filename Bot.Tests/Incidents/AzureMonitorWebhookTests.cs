using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using RunModes.Bot.Incidents;
using static RunModes.Bot.Tests.Incidents.Samples;

namespace RunModes.Bot.Tests.Incidents;

public sealed class AzureMonitorWebhookTests
{
    private const string Route = "/api/incidents/azure-monitor";
    private const string Key = "s3cret-key-of-the-webhook";

    private static byte[] Body => Payload("metric-static-fired");

    [Theory]
    [InlineData($"?key={Key}", null, HttpStatusCode.Accepted)]
    [InlineData("", Key, HttpStatusCode.Accepted)]
    [InlineData("?key=wrong", Key, HttpStatusCode.Accepted)]
    [InlineData("", null, HttpStatusCode.Unauthorized)]
    [InlineData("?key=", null, HttpStatusCode.Unauthorized)]
    [InlineData($"?key={Key}x", null, HttpStatusCode.Unauthorized)]
    [InlineData($"?key={Key}&key={Key}", null, HttpStatusCode.Unauthorized)]
    [InlineData("?key=S3CRET-KEY-OF-THE-WEBHOOK", null, HttpStatusCode.Unauthorized)]
    [InlineData("", "wrong", HttpStatusCode.Unauthorized)]
    public async Task The_key_opens_and_nothing_near_it(string query, string? header, HttpStatusCode expected)
    {
        await using var host = await WebhookHost.StartWithEntra();

        using var answer = await host.Post(Route + query, Body, header is null ? [] : [("X-Webhook-Key", header)]);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Accepted ? 1 : 0, host.Store.Incidents.Count);
    }

    [Fact]
    public async Task Without_key_and_audience_the_source_is_closed_and_start_up_says_so()
    {
        await using var host = await WebhookHost.Start();

        using var empty = await host.Post(Route + "?key=", Body);
        using var token = await host.Post(Route, Body, ("Authorization", "Bearer " + FakeEntra.Token(Noon)));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (empty.StatusCode, token.StatusCode));
        Assert.Contains(host.Log, line => line.StartsWith("Azure Monitor alerts are not accepted", StringComparison.Ordinal));
        Assert.Empty(host.Entra.Asked);
    }

    [Fact]
    public async Task The_caller_is_checked_before_the_body_is_looked_at()
    {
        await using var host = await WebhookHost.StartWithEntra();

        using var answer = await host.Post(Route, "not json"u8.ToArray());

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    public static TheoryData<string, bool> Tokens => new()
    {
        { "version 2", true }, { "version 1", true }, { "inside the clock skew", true },
        { "foreign issuer", false }, { "issuer of another tenant", false }, { "another tenant", false }, { "no tenant", false }, { "another audience", false }, { "no audience", false },
        { "no role", false }, { "another role", false }, { "another application", false }, { "no application", false }, { "two applications", false },
        { "expired", false }, { "not yet valid", false }, { "no expiry", false }, { "foreign key", false }, { "unknown key", false },
        { "unsigned", false }, { "signed by a shared secret", false }, { "not a token", false }, { "basic", false },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task Only_Azure_Monitors_own_token_for_us_opens(string kind, bool opens)
    {
        await using var host = await WebhookHost.StartWithEntra();
        static string Token(Action<Dictionary<string, object>> change) => FakeEntra.Token(Noon, change);
        var token = kind switch
        {
            "version 2" => FakeEntra.Token(Noon),
            "version 1" => Token(c => { c["iss"] = $"https://sts.windows.net/{WebhookHost.Tenant}/"; c.Remove("azp"); c["appid"] = WebhookHost.MonitorApp; }),
            "inside the clock skew" => Token(c => c["exp"] = Noon.AddMinutes(-4).ToUnixTimeSeconds()),
            "foreign issuer" => Token(c => c["iss"] = "https://evil.example/"),
            "issuer of another tenant" => Token(c => c["iss"] = "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0"),
            "another tenant" => Token(c => c["tid"] = "11111111-1111-4111-8111-111111111111"),
            "no tenant" => Token(c => c.Remove("tid")),
            "another audience" => Token(c => c["aud"] = "api://other"),
            "no audience" => Token(c => c.Remove("aud")),
            "no role" => Token(c => c.Remove("roles")),
            "another role" => Token(c => c["roles"] = new[] { "Reader" }),
            "another application" => Token(c => c["azp"] = "11111111-1111-4111-8111-111111111111"),
            "no application" => Token(c => c.Remove("azp")),
            "two applications" => Token(c => c["appid"] = "11111111-1111-4111-8111-111111111111"),
            "expired" => Token(c => c["exp"] = Noon.AddMinutes(-6).ToUnixTimeSeconds()),
            "not yet valid" => Token(c => c["nbf"] = Noon.AddMinutes(6).ToUnixTimeSeconds()),
            "no expiry" => Token(c => c.Remove("exp")),
            "foreign key" => FakeEntra.Token(Noon, key: FakeEntra.ForeignKey),
            "unknown key" => FakeEntra.Token(Noon, key: FakeEntra.UnknownKey),
            "unsigned" => Unsigned(FakeEntra.Token(Noon)),
            "signed by a shared secret" => FakeEntra.Token(Noon, key: new SymmetricSecurityKey(new byte[64]) { KeyId = "k1" }, algorithm: SecurityAlgorithms.HmacSha256),
            _ => "not.a.token",
        };

        using var answer = await host.Post(Route, Body, ("Authorization", (kind == "basic" ? "Basic " : "Bearer ") + (kind == "basic" ? FakeEntra.Token(Noon) : token)));

        Assert.Equal(opens ? HttpStatusCode.Accepted : HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(opens ? 1 : 0, host.Store.Incidents.Count);
        Assert.All(host.Entra.Asked, uri => Assert.Equal("login.microsoftonline.com", uri.Host));
    }

    [Fact]
    public async Task Keys_that_cannot_be_had_ask_to_come_again_and_are_asked_for_again_later()
    {
        await using var host = await WebhookHost.StartWithEntra();
        host.Entra.Down = true;
        using var first = await host.Post(Route, Body, ("Authorization", "Bearer " + FakeEntra.Token(Noon)));
        host.Entra.Down = false;
        host.Clock.Now += TimeSpan.FromSeconds(10);
        using var second = await host.Post(Route, Body, ("Authorization", "Bearer " + FakeEntra.Token(Noon)));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode));
        Assert.NotNull(first.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_metadata_document_cannot_send_us_elsewhere_for_keys()
    {
        await using var host = await WebhookHost.StartWithEntra();
        host.Entra.KeysAt = "https://evil.example/keys";

        using var answer = await host.Post(Route, Body, ("Authorization", "Bearer " + FakeEntra.Token(Noon)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain(host.Entra.Asked, uri => uri.Host == "evil.example");
    }

    [Fact]
    public async Task Fired_again_resolved_and_unmatched_all_answer_202_with_the_incident()
    {
        await using var host = await WebhookHost.StartWithEntra();

        var fired = await Accepted(host, Body);
        Assert.Equal(fired, await Accepted(host, Body));
        Assert.Equal(fired, await Accepted(host, Payload("metric-static-resolved")));
        Assert.NotEqual(fired, await Accepted(host, Payload("budget-actual")));
        Assert.Equal(2, host.Store.Incidents.Count);
        Assert.Single(host.Store.Requests);
    }

    [Theory]
    [InlineData(1024 * 1024 + 1, true, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1024 * 1024 + 1, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1024 * 1024, true, HttpStatusCode.Accepted)]
    public async Task More_than_a_megabyte_is_too_much(int length, bool lengthSaid, HttpStatusCode expected)
    {
        await using var host = await WebhookHost.StartWithEntra();
        var body = Body.Concat(Enumerable.Repeat((byte)' ', length - Body.Length)).ToArray();

        using var answer = await host.Post(Route, body, lengthSaid ? [("X-Webhook-Key", Key)] : [("X-Webhook-Key", Key), ("Transfer-Encoding", "chunked")]);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("{}", "schemaId")]
    [InlineData("{\"schemaId\":\"AzureMonitorMetricAlert\",\"data\":{}}", "common alert schema")]
    [InlineData("{\"schemaId\":\"azureMonitorCommonAlertSchema\",\"data\":{}}", "data.essentials")]
    public async Task A_malformed_body_is_400_and_says_what_is_wrong(string body, string says)
    {
        await using var host = await WebhookHost.StartWithEntra();

        using var answer = await host.Post(Route, Encoding.UTF8.GetBytes(body), ("X-Webhook-Key", Key));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_commit_is_503_with_a_time_and_nothing_is_kept()
    {
        await using var host = await WebhookHost.StartWithEntra();
        host.Store.Down = true;

        using var answer = await host.Post(Route, Body, ("X-Webhook-Key", Key));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Empty(host.Store.Incidents);
    }

    [Fact]
    public async Task More_than_can_be_held_is_told_to_come_back_and_is_taken_in_then()
    {
        await using var host = await WebhookHost.StartWithEntra();
        var open = new TaskCompletionSource();
        host.Store.Opened = open.Task;
        var all = Enumerable.Range(0, IncidentEndpoint.MostAtOnce + 3).Select(_ => host.Post(Route, Body, ("X-Webhook-Key", Key))).ToList();
        var early = new List<Task<HttpResponseMessage>>();
        await foreach (var answered in Task.WhenEach(all).WithCancellation(TestContext.Current.CancellationToken))
        {
            early.Add(answered);
            using var answer = await answered;
            Assert.Equal(early.Count > 3 ? HttpStatusCode.Accepted : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(early.Count <= 3, answer.Headers.RetryAfter is not null);
            if (early.Count == 3)
            {
                open.SetResult();
            }
        }

        await Accepted(host, Body);
        Assert.Single(host.Store.Incidents);
    }

    [Fact]
    public async Task No_log_line_at_any_level_holds_the_key()
    {
        await using var host = await WebhookHost.StartWithEntra();

        await Accepted(host, Body, $"?key={Key}");
        using var refused = await host.Post(Route + "?key=almost-" + Key, Body);
        using var malformed = await host.Post(Route + "?key=" + Key, "{"u8.ToArray());

        Assert.Contains(host.Log, line => line.Contains("with 401", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log, line => line.Contains(Key, StringComparison.Ordinal));
    }

    private static async Task<string> Accepted(WebhookHost host, byte[] body, string query = $"?key={Key}")
    {
        using var answer = await host.Post(Route + query, body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        Assert.Equal(["incident"], json.Select(p => p.Key));
        return json["incident"]!.GetValue<string>();
    }

    private static string Unsigned(string token) =>
        Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT","kid":"k1"}""") + "." + token.Split('.')[1] + ".";
}
