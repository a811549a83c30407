using System.Net;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Teams;

public sealed class CallersRefusedTests
{
    public static TheoryData<string> BadTokens =>
    [
        "none at all", "another scheme", "three words", "two headers", "not a token", "five parts", "issuer: our own tenant", "issuer: emulator", "issuer: government",
        "another audience", "expired", "no expiry", "not yet valid", "another key under the same id", "an unknown key", "no key id", "alg none", "alg HS256 with the public key",
        "alg RS512", "tampered", "signature cut off", "no service URL", "two service URLs",
    ];

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_bad_token_is_401_and_nothing_happens(string fault)
    {
        await using var world = await TeamsWorld.Start();
        var unknown = new BotKey("key-9", "msteams");
        var key = world.Key;
        var claims = world.Claims();
        var now = world.Clock.GetUtcNow();
        string Signed(string name, JsonNode? value) => key.Sign(claims.With(name, value));
        var good = key.Sign(claims);
        string[] headers = fault switch
        {
            "none at all" => [],
            "another scheme" => [$"Basic {good}"],
            "three words" => [$"Bearer {good} {good}"],
            "two headers" => [$"Bearer {good}", $"Bearer {good}"],
            "not a token" => ["Bearer abc.def.ghi"],
            "five parts" => [$"Bearer {good}.{good}"],
            "issuer: our own tenant" => [$"Bearer {Signed("iss", $"https://login.microsoftonline.com/{Known.Tenant}/v2.0")}"],
            "issuer: emulator" => [$"Bearer {Signed("iss", "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/")}"],
            "issuer: government" => [$"Bearer {Signed("iss", "https://api.botframework.us")}"],
            "another audience" => [$"Bearer {Signed("aud", Known.OtherTenant)}"],
            "expired" => [$"Bearer {Signed("exp", now.AddMinutes(-5).AddSeconds(-1).ToUnixTimeSeconds())}"],
            "no expiry" => [$"Bearer {Signed("exp", null)}"],
            "not yet valid" => [$"Bearer {Signed("nbf", now.AddMinutes(5).AddSeconds(2).ToUnixTimeSeconds())}"],
            "another key under the same id" => [$"Bearer {unknown.Sign(claims, keyId: "key-1")}"],
            "an unknown key" => [$"Bearer {unknown.Sign(claims)}"],
            "no key id" => [$"Bearer {key.Sign(claims, nameKey: false)}"],
            "alg none" => [$"Bearer {key.Sign(claims, algorithm: "none")}"],
            "alg HS256 with the public key" => [$"Bearer {key.Sign(claims, algorithm: "HS256")}"],
            "alg RS512" => [$"Bearer {key.Sign(claims, algorithm: "RS512")}"],
            "tampered" => [$"Bearer {good.Split('.')[0]}.{BotKey.Part(claims.With("sub", "someone"))}.{good.Split('.')[2]}"],
            "signature cut off" => [$"Bearer {good[..(good.LastIndexOf('.') + 1)]}"],
            "no service URL" => [$"Bearer {Signed("serviceurl", null)}"],
            "two service URLs" => [$"Bearer {Signed("serviceUrl", "https://evil.example/")}"],
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

        using var answer = await world.Deliver(Known.Click().ToJsonString(), headers);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(world.Inbound.Calls);
        Assert.DoesNotContain(world.Log.Lines, line => headers.Any(header => line.Contains(header, StringComparison.Ordinal)) || line.Contains(good, StringComparison.Ordinal));
    }

    public static TheoryData<string, string, string?> BadBodies => new()
    {
        { "channelId", "emulator", null }, { "channelId", "webchat", null }, { "channelId", "", null }, { "channelId", "(absent)", null }, { "channelId", "AseChannel", null },
        { "conversation.tenantId", Known.OtherTenant, null }, { "channelData.tenant.id", Known.OtherTenant, null }, { "from.tenantId", Known.OtherTenant, null },
        { "recipient.tenantId", Known.OtherTenant, null }, { "channelData.team.tenantId", Known.OtherTenant, null }, { "channelData.channel.tenantId", Known.OtherTenant, null },
        { "conversation.tenantId", "", null },
        { "channelData.channel.type", "private", null }, { "channelData.channel.type", "shared", null }, { "channelData.channel.type", "", null },
        { "serviceUrl", "(absent)", null }, { "serviceUrl", "https://smba.trafficmanager.net/amer/", null },
        { "serviceUrl", "https://evil.example/", "same" }, { "serviceUrl", "http://smba.trafficmanager.net/emea/", "same" },
        { "serviceUrl", "https://smba.trafficmanager.net:8443/", "same" }, { "serviceUrl", "https://smba.trafficmanager.net@evil.example/", "same" },
        { "serviceUrl", "https://botframework.com.evil.example/", "same" }, { "serviceUrl", "http://localhost:3978/", "same" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_body_that_is_not_ours_is_403_and_nothing_happens(string path, string value, string? claim)
    {
        await using var world = await TeamsWorld.Start();
        var activity = Known.Click().With(path, value == "(absent)" ? null : JsonValue.Create(value));
        var token = world.Key.Sign(claim is null ? world.Claims() : world.Claims().With("serviceurl", value));

        using var answer = await world.Deliver(activity, token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(world.Inbound.Calls);
    }

    [Fact]
    public async Task An_activity_without_any_tenant_is_403()
    {
        await using var world = await TeamsWorld.Start();

        using var answer = await world.Deliver(Known.Click().With("conversation.tenantId", null).With("channelData.tenant", null));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(world.Inbound.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_is_not_endorsed_for_Teams_is_403(bool otherChannel)
    {
        await using var world = await TeamsWorld.Start();
        var key = otherChannel ? new BotKey("key-2", "webchat", "msteamsx") : new BotKey("key-2", null);
        world.Microsoft.Keys.Add(key);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        using var answer = await world.Deliver(Known.Click(), key.Sign(world.Claims()));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(world.Inbound.Calls);
    }

    public static TheoryData<string> Malformed =>
    [
        "", "null", "[]", "\"text\"", "{", "{}", """{"type":"message""", """{"type":5}""", """{"type":"message","type":"invoke"}""", """{"type":"message","value":{"a":1,"a":2}}""",
        $$"""{"type":"message","value":{{new string('[', 40)}}{{new string(']', 40)}}}""",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_body_is_400(string body)
    {
        await using var world = await TeamsWorld.Start();

        using var answer = await world.Deliver(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(world.Inbound.Calls);
    }

    [Fact]
    public async Task A_body_over_half_a_megabyte_is_413_but_only_for_the_connector()
    {
        await using var world = await TeamsWorld.Start();
        var large = Known.Message(new string('x', 600 * 1024)).ToJsonString();

        using var known = await world.Deliver(large);
        using var stranger = await world.Deliver(large, []);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, known.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Empty(world.Inbound.Calls);
    }

    [Fact]
    public async Task The_token_is_checked_before_the_body_is_read()
    {
        await using var world = await TeamsWorld.Start();

        using var answer = await world.Deliver("{", []);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
