namespace RunModes.Bot.Tests.Fuzz;

/// <summary>What has broken readers of JSON, text, ids and addresses before.</summary>
internal static class Hostile
{
    /// <summary>Stand for bytes that no well-formed text has: see <see cref="JsonMutation.Bytes"/>.</summary>
    public const char LoneByte = '\uE001', BrokenPair = '\uE002', EncodedSurrogate = '\uE003';

    /// <summary>Values as they stand in the text of a body; most are no JSON at all.</summary>
    public static readonly string[] RawValues =
    [
        "NaN", "-Infinity", "1e999", "-1e999", "-0", "0.1", "-1", "2147483648", "9223372036854775808", "-99999999999999999999999999999", "00012", "0x10", "1_000", "tru", "undefined",
        "'single'", "\"open", "", "// comment\n1", "/* c */ 1", "[1,]", "{\"a\":1,\"a\":2}", "\"\t\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud800\\ud800\"", "\"\\u0000\"", "\"\\x41\"", "\"\\\"",
        $"\"{LoneByte}\"", $"\"{BrokenPair}\"", $"\"{EncodedSurrogate}\"", $"{LoneByte}", "{\"\\ud800\":1}", $"{{\"{BrokenPair}\":1}}", "true false", "[", "}", "\"\\u00",
    ];

    public static readonly string[] RawNames = [@"\ud800", @"\u0000", @"p\udfff", @"verb\u0000", $"{LoneByte}", $"{EncodedSurrogate}", "", "__proto__", "$ref", @"\u0070"];

    public static readonly string[] Texts =
    [
        "", " ", "\u0000", "\r\nSet-Cookie: a=b", "null", "true", "0", "-1", "{{value}}", "${jndi:ldap://evil.example/a}", "%s%n%x", "'; DROP TABLE proposals; --", "\" OR 1=1", "../../../etc/passwd",
        "<at>everyone</at>", "[click](https://evil.example)", "![x](https://evil.example/p.png)", "**bold** `code` | a | b |", "<script>alert(1)</script>", "javascript:alert(1)", "\u202Enwod\u202C", "\u200B\u200D\uFEFF",
        "e\u0301\u0301\u0301\u0301", "\uD83D\uDE80", "ﷺ", "İıſK", "\u2028\u2029", "\u001b[31m", "A\u0000B", "<Action.Submit>", "approve", "stop", "00000000-0000-0000-0000-000000000000",
        "https://evil.example/", "/subscriptions/", "//evil.example", "28:", "19:", "a:b;messageid=", ";messageid=1;messageid=2", "1e5", "2026-13-45T99:99:99Z", "9999-12-31T23:59:59.9999999-14:00", "0001-01-01T00:00:00+14:00",
    ];

    /// <summary>Places where a token of the bot would be worth something to somebody.</summary>
    public static readonly string[] Addresses =
    [
        "https://evil.example/teams/", "http://smba.trafficmanager.net/teams/", "https://smba.trafficmanager.net.evil.example/", "https://smba.trafficmanager.net@evil.example/", "https://evil.example/smba.trafficmanager.net/",
        "https://evil.example#smba.trafficmanager.net", "https://evil.example?smba.trafficmanager.net", "https://smba.trafficmanager.net:8443/teams/", "https://smba.trafficmanager.net\\@evil.example/", "//smba.trafficmanager.net/teams/",
        "https://ѕmba.trafficmanager.net/teams/", "https://smba.trafficmanager.net%2eevil.example/", "https://127.0.0.1/", "https://169.254.169.254/metadata/", "https://[::1]/", "file:///etc/passwd", "https://localhost/", "ftp://smba.trafficmanager.net/",
        "https://botframework.com.evil.example/", "https://evilbotframework.com/", "https://user:pw@smba.trafficmanager.net/", "", "not an address", "https://", "data:text/plain,x",
    ];

    public static readonly string?[] ContentTypes =
        [null, "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=nonsense", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/octet-stream", "APPLICATION/JSON"];
}
