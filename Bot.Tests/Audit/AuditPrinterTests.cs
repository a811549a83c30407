using System.Text.Json;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Audit;

public sealed class AuditPrinterTests
{
    private static AuditEntry Entry(string name = "Ada", string? before = "Review", string? after = "Autonomous", string? detail = null) => new(
        Guid.Parse("01900000-0000-7000-8000-000000000001"), AuditWorld.Start, AuditKind.ModeChanged, AuditActor.Person("t1", "o1", name), new AuditSubject("plan", "production"), before, after, detail);

    [Fact]
    public void A_line_reads_time_who_what_subject_before_and_after()
    {
        var line = AuditPrinter.Line(new AuditRow(Entry(detail: """{"confirmation":"c1"}"""), "m", 7, "h"));

        Assert.Equal("""      7  2026-03-02 08:00:00.000  Ada <o1>                  mode changed            plan/production: Review → Autonomous  {"confirmation":"c1"}""", line);
        Assert.StartsWith("      -  ", AuditPrinter.Line(new AuditRow(Entry(), "m")), StringComparison.Ordinal);
    }

    [Fact]
    public void Stored_text_can_neither_forge_a_line_nor_hide_what_it_says()
    {
        var line = AuditPrinter.Line(new AuditRow(Entry("Eve\r\n      8  forged\u001b[2J\u202Egnp\u200B\u2028\\u{000A}", "a\tb", null), "m", 7, "h"));

        Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u202E' or '\u200B' or '\u2028');
        Assert.Contains(@"Eve\u{000D}\u{000A}      8  forged\u{001B}[2J\u{202E}gnp\u{200B}\u{2028}\\u{000A} <o1>", line, StringComparison.Ordinal);
        Assert.Contains(@"a\u{0009}b → (none)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_named_bot_reads_like_the_bot()
    {
        static string Who(AuditActor actor) => AuditPrinter.Line(new AuditRow(new AuditEntry(Guid.Empty, AuditWorld.Start, AuditKind.Started, actor, new AuditSubject("bot", "start")), "m"))[34..58].TrimEnd();

        Assert.Equal("bot", Who(AuditActor.Bot));
        Assert.Equal("bot <no object id>", Who(AuditActor.Person(null, null, "bot")));
    }

    [Fact]
    public void The_signature_can_be_checked_again_from_a_JSON_line()
    {
        var key = new AuditKey(new byte[32]);
        var row = AuditChain.Seal(key, ChainPlace.Start, Entry("Ада\n\"🚀", null, "x", "not json {").Sign(key));

        var line = AuditPrinter.Json(row);

        Assert.DoesNotContain('\n', line);
        using var json = JsonDocument.Parse(line);
        string? Text(string name) => json.RootElement.GetProperty(name).GetString();
        var (actor, subject) = (json.RootElement.GetProperty("actor"), json.RootElement.GetProperty("subject"));
        var read = new AuditRow(new AuditEntry(Guid.Parse(Text("id")!), json.RootElement.GetProperty("at").GetDateTimeOffset(), Enum.Parse<AuditKind>(Text("kind")!),
            new AuditActor(actor.GetProperty("tenant").GetString(), actor.GetProperty("oid").GetString(), actor.GetProperty("name").GetString()),
            new AuditSubject(subject.GetProperty("kind").GetString()!, subject.GetProperty("id").GetString()!), Text("before"), Text("after"), Text("detail")),
            Text("mac")!, json.RootElement.GetProperty("chain").GetInt64(), Text("hash"));
        Assert.Equal(row, read);
        Assert.True(key.Verify(AuditPurpose.Row, read.Mac, read.Entry.Canonical()));
    }

    [Fact]
    public async Task Everything_is_printed_in_the_order_of_the_chain_and_what_waits_at_the_end()
    {
        using var world = new AuditWorld();
        world.Add(600);
        await world.Seal();
        world.Add(2);
        var (text, json) = (new StringWriter(), new StringWriter());

        await AuditPrinter.Print(world.Log, text, json: false, TestContext.Current.CancellationToken);
        await AuditPrinter.Print(world.Log, json, json: true, TestContext.Current.CancellationToken);

        var lines = text.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(["entry", .. Enumerable.Range(1, 600).Select(i => $"{i}"), "-", "-"], lines.Select(line => line.TrimStart().Split(' ')[0]));
        Assert.Equal(602, json.ToString().TrimEnd().Split(Environment.NewLine).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Fact]
    public async Task The_verdict_is_printed_with_its_findings_and_its_bound()
    {
        using var world = new AuditWorld();
        world.Add(3);
        await world.Seal();
        Assert.StartsWith($"Intact: 3 chained entries verified.{Environment.NewLine}Complete up to entry 3", AuditPrinter.Report(await world.Verify()), StringComparison.Ordinal);

        world.Log.Rows.RemoveAt(1);
        Assert.StartsWith($"Missing: Entry 2 is missing.{Environment.NewLine}TAMPERED: 1 findings in 2 chained entries.", AuditPrinter.Report(await world.Verify()), StringComparison.Ordinal);
    }
}
