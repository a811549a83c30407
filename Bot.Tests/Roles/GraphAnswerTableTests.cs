using System.Net;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Support;
using static RunModes.Bot.Tests.Roles.ScriptedGraph;

namespace RunModes.Bot.Tests.Roles;

/// <summary>Every kind of answer Graph can give, put to every question, and what the look then says. Everything else about the person says yes.</summary>
public sealed class GraphAnswerTableTests
{
    private const string Unknown = "could not tell";
    private static readonly string Huge = $$"""{"id":"{{Ada}}","accountEnabled":true,"userType":"Member","pad":"{{new string('x', 2 << 20)}}"}""";

    /// <summary>Answers that say nothing, whatever was asked.</summary>
    private static readonly Dictionary<string, Answer> Silent = new()
    {
        ["empty body"] = Json(""),
        ["null"] = Json("null"),
        ["true"] = Json("true"),
        ["a string"] = Json("\"Member\""),
        ["an array"] = Json("[]"),
        ["an empty object"] = Json("{}"),
        ["an unrelated object"] = Json("""{"status":"ok"}"""),
        ["an error object in a 200"] = Json("""{"error":{"code":"x","message":"y"}}"""),
        ["cut off"] = Json("""{"value":["0d0d0d0d-0000"""),
        ["two documents"] = Json("{}{}"),
        ["html"] = Json("<html>sign in</html>", "text/html"),
        ["html that claims to be json"] = Json("<html>sign in</html>"),
        ["json as text"] = Json(Member, "text/plain"),
        ["json without a type"] = (_, _) => Task.FromResult(Reply(HttpStatusCode.OK, Member, null)),
        ["a repeated property"] = Json($$"""{"id":"{{Ada}}","accountEnabled":false,"accountEnabled":true,"userType":"Member","value":[],"value":["{{Approvers}}"]}"""),
        ["two megabytes"] = Json(Huge),
        ["invalid utf-8"] = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            { Content = new ByteArrayContent([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) { Headers = { ContentType = new("application/json") } } }),
        ["200 that breaks off"] = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            { Content = new StreamContent(new BrokenStream()) { Headers = { ContentType = new("application/json") } } }),
        ["201"] = Ok(201), ["202"] = Ok(202), ["204"] = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent)), ["206"] = Ok(206),
        ["302"] = (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://graph.microsoft.com/v1.0/elsewhere") } }),
        ["304"] = Status(304), ["400"] = Status(400), ["401"] = Status(401),
        ["401 with a claims challenge"] = (_, _) =>
        {
            var reply = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            reply.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\"");
            return Task.FromResult(reply);
        },
        ["403"] = Status(403), ["405"] = Status(405), ["408"] = Status(408), ["410"] = Status(410),
        ["429"] = Status(429), ["500"] = Status(500), ["502"] = Status(502), ["503"] = Status(503), ["504"] = Status(504),
        ["connection refused"] = (_, _) => throw new HttpRequestException("refused"),
        ["connection reset"] = (_, _) => throw new IOException("reset"),
        ["transport gives up"] = (_, _) => throw new TaskCanceledException("transport"),
    };

    private static readonly Dictionary<Question, (string Name, string Json, string Says)[]> Particular = new()
    {
        [Question.Account] =
        [
            ("member", Member, "Administrator"),
            ("member, state not mentioned", $$"""{"id":"{{Ada}}","accountEnabled":true,"userType":"Member"}""", "Administrator"),
            ("disabled", Member.Replace("true", "false"), "None"),
            ("enabled is null", Member.Replace("true", "null"), Unknown),
            ("enabled is a string", Member.Replace("true", "\"true\""), Unknown),
            ("enabled is a number", Member.Replace("true", "1"), Unknown),
            ("enabled is an array", Member.Replace("true", "[true]"), Unknown),
            ("enabled is missing", $$"""{"id":"{{Ada}}","userType":"Member"}""", Unknown),
            ("enabled in another case", $$"""{"id":"{{Ada}}","AccountEnabled":true,"userType":"Member"}""", Unknown),
            ("guest", Member.Replace("Member", "Guest"), "None"),
            ("type is null", Member.Replace("\"Member\"", "null"), Unknown),
            ("type is missing", $$"""{"id":"{{Ada}}","accountEnabled":true}""", Unknown),
            ("type in another case", Member.Replace("Member", "member"), Unknown),
            ("type of tomorrow", Member.Replace("Member", "Robot"), Unknown),
            ("type is an array", Member.Replace("\"Member\"", "[\"Member\"]"), Unknown),
            ("external member", Member.Replace("null", "\"Accepted\""), "None"),
            ("invited, not yet accepted", Member.Replace("null", "\"PendingAcceptance\""), "None"),
            ("state is empty text", Member.Replace("null", "\"\""), "None"),
            ("somebody else", Member.Replace(Ada, Stranger), Unknown),
            ("wrapped in a list", $$"""{"value":[{{Member}}]}""", Unknown),
        ],
        [Question.Groups] =
        [
            ("member of it", $$"""{"value":["{{Approvers}}"]}""", "Administrator"),
            ("upper case", $$"""{"value":["{{Approvers.ToUpperInvariant()}}"]}""", "Administrator"),
            ("named twice", $$"""{"value":["{{Approvers}}","{{Approvers}}"]}""", "Administrator"),
            ("member of none", """{"value":[]}""", "Reader"),
            ("value is null", """{"value":null}""", Unknown),
            ("value is an object", $$"""{"value":{"0":"{{Approvers}}" } }""", Unknown),
            ("value is a string", $$"""{"value":"{{Approvers}}"}""", Unknown),
            ("a null beside the yes", $$"""{"value":["{{Approvers}}",null]}""", Unknown),
            ("only a null", """{"value":[null]}""", Unknown),
            ("an empty text", """{"value":[""]}""", Unknown),
            ("numbers", """{"value":[1,2]}""", Unknown),
            ("nested", $$"""{"value":[["{{Approvers}}"]]}""", Unknown),
            ("objects", $$"""{"value":[{"id":"{{Approvers}}"}]}""", Unknown),
            ("a group not asked about", $$"""{"value":["{{Stranger}}"]}""", Unknown),
            ("the yes and a group not asked about", $$"""{"value":["{{Approvers}}","{{Stranger}}"]}""", Unknown),
            ("the empty id", $$"""{"value":["{{Guid.Empty}}"]}""", Unknown),
            ("braces round the id", """{"value":["{ID}"]}""".Replace("ID", Approvers), Unknown),
            ("Value in another case", $$"""{"Value":["{{Approvers}}"]}""", Unknown),
            ("a first page", $$"""{"value":["{{Approvers}}"],"@odata.nextLink":"https://graph.microsoft.com/v1.0/next"}""", Unknown),
            ("an empty first page", """{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/next"}""", Unknown),
        ],
        [Question.AppRoles] =
        [
            ("role there", AppRoles("Approver", "true"), "Administrator"),
            ("role switched off", AppRoles("Approver", "false"), "Reader"),
            ("role not said to be on", AppRoles("Approver", "null"), "Reader"),
            ("another role only", AppRoles("approver", "true"), "Reader"),
            ("no role", $$"""{"id":"{{Principal}}","appRoles":[]}""", "Reader"),
            ("default access is no role", AppRoles("Approver", "true").Replace(AppRole, $"{Guid.Empty}"), "Reader"),
            ("two of that name", $$"""{"id":"{{Principal}}","appRoles":[{{Role}},{{Role}}]}""", Unknown),
            ("roles null", $$"""{"id":"{{Principal}}","appRoles":null}""", Unknown),
            ("roles an object", $$"""{"id":"{{Principal}}","appRoles":{{Role}} }""", Unknown),
            ("no id", $$"""{"appRoles":[{{Role}}]}""", Unknown),
            ("another application", AppRoles("Approver", "true").Replace(App, Stranger), Unknown),
        ],
        [Question.Assignments] =
        [
            ("assigned", Assigned(AppRole, Principal), "Administrator"),
            ("none", """{"value":[]}""", "Reader"),
            ("another role of ours", Assigned(Stranger, Principal), "Reader"),
            ("default access", Assigned($"{Guid.Empty}", Principal), "Reader"),
            ("of another application", Assigned(AppRole, Stranger), Unknown),
            ("role missing", $$"""{"value":[{"resourceId":"{{Principal}}"}]}""", Unknown),
            ("resource missing", $$"""{"value":[{"appRoleId":"{{AppRole}}"}]}""", Unknown),
            ("value null", """{"value":null}""", Unknown),
            ("value an object", $$"""{"value":{"appRoleId":"{{AppRole}}","resourceId":"{{Principal}}" } }""", Unknown),
            ("null inside", """{"value":[null]}""", Unknown),
            ("a first page", Assigned(AppRole, Principal).Replace("]}", "],\"@odata.nextLink\":\"https://graph.microsoft.com/v1.0/next\"}"), Unknown),
        ],
    };

    private const string Role = $$"""{"id":"{{AppRole}}","value":"Approver","isEnabled":true}""";

    public static TheoryData<string, string, string> Table()
    {
        var table = new TheoryData<string, string, string>();
        foreach (var (question, rows) in Particular)
        {
            foreach (var kind in Silent.Keys) table.Add($"{question}", kind, Unknown);
            foreach (var row in rows) table.Add($"{question}", row.Name, row.Says);
            table.Add($"{question}", "404", question == Question.Account ? "None" : "Reader");
        }

        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    [FailureMode(14)]
    public async Task Only_a_well_formed_yes_is_yes(string asked, string kind, string says)
    {
        var question = Enum.Parse<Question>(asked);
        var graph = new ScriptedGraph();
        graph.Script[question] = kind == "404" ? Status(404)
            : Silent.TryGetValue(kind, out var silent) ? silent
            : Json(Particular[question].Single(row => row.Name == kind).Json);
        (string, string?)[] byAppRole = [("Roles:Administrator:Groups:0", null), ("Roles:Administrator:AppRole", "Approver")];

        var answer = await graph.Look(question is Question.AppRoles or Question.Assignments ? byAppRole : []);

        Assert.Equal(says, answer.CouldTell ? $"{answer.Role}" : Unknown);
        Assert.Equal(says == "Administrator", answer.IsAdministrator);
        Assert.True(answer.CouldTell || answer.Role == Bot.Roles.Role.None, "what could not be told is no role");
        Assert.Equal(says == "Administrator", !answer.Why.StartsWith("Only Administrators can approve. ", StringComparison.Ordinal));
        Assert.Equal(1, graph.Times(question));
    }

    [Fact]
    public void The_table_asks_every_question_in_every_way_and_yes_is_the_exception()
    {
        var rows = Table().Select(row => row.Data).ToList();

        Assert.Equal(4 * (Silent.Count + 1) + Particular.Values.Sum(own => own.Length), rows.Count);
        Assert.Equal(7, rows.Count(row => row.Item3 == "Administrator"));
        Assert.True(rows.Count(row => row.Item3 == Unknown) > 150);
    }

    private static string AppRoles(string value, string enabled) =>
        $$"""{"id":"{{Principal}}","appId":"{{App}}","appRoles":[{"isEnabled":{{enabled}},"id":"{{AppRole}}","value":"{{value}}"}]}""";

    private static string Assigned(string role, string resource) => $$"""{"value":[{"id":"x","appRoleId":"{{role}}","resourceId":"{{resource}}"}]}""";

    /// <summary>The right words under the wrong status.</summary>
    private static Answer Ok(int status) => (_, _) => Task.FromResult(Reply((HttpStatusCode)status, Member, "application/json"));

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("reset");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("reset");
    }
}
