using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Audit;

public sealed class CanonicalEncodingTests
{
    private static readonly AuditKey Key = new(new byte[32]);

    [Fact]
    public void Bytes_moved_between_fields_change_the_signature()
    {
        string?[][] lists =
        [
            [], [null], [""], ["", ""], [null, ""], ["", null], [null, null],
            ["ab"], ["a", "b"], ["ab", ""], ["", "ab"], ["a", "", "b"], ["ab", null], [null, "ab"],
            ["a\0b"], ["a\u0001\0\0\0\u0001b"], ["\u0001\0\0\0\u0001a"], ["a,b"], ["é"], ["e\u0301"], ["A", "b"],
        ];

        Assert.Equal(lists.Length, lists.Select(fields => Key.Mac(AuditPurpose.Decision, fields)).Distinct().Count());
    }

    /// <summary>Generated: every way to cut each of a few texts into fields, all different.</summary>
    [Fact]
    public void No_two_ways_to_cut_a_text_into_fields_have_the_same_bytes()
    {
        var seen = new HashSet<string>();
        var made = 0;
        foreach (var text in new[] { "aaaaaaaa", "\u0001\0\0\0\u0001\0\0\0", "éééé", "01010101" })
            for (var cuts = 0; cuts < 1 << (text.Length - 1); cuts++, made++)
                Assert.True(seen.Add(Convert.ToHexString(CanonicalFields.Of(Cut(text, cuts)))));

        Assert.Equal(128 + 128 + 8 + 128, made);
    }

    [Fact]
    public void Each_field_of_an_entry_is_signed_and_neighbours_cannot_lend_each_other_text()
    {
        static string Mac(Guid? id = null, int ms = 0, AuditKind kind = AuditKind.PlanChanged, string? tenant = "t", string? oid = "o", string? name = "n",
            string subjectKind = "plan", string subject = "p", string? before = "b", string? after = "a", string? detail = "d") =>
            new AuditEntry(id ?? Guid.Empty, AuditWorld.Start.AddMilliseconds(ms), kind, new AuditActor(tenant, oid, name), new AuditSubject(subjectKind, subject), before, after, detail).Sign(Key).Mac;

        string[] all =
        [
            Mac(), Mac(Guid.NewGuid()), Mac(ms: 1), Mac(kind: AuditKind.ModeChanged), Mac(tenant: "x"), Mac(oid: "x"), Mac(name: "x"), Mac(subjectKind: "x"), Mac(subject: "x"),
            Mac(before: "x"), Mac(after: "x"), Mac(detail: "x"), Mac(tenant: null), Mac(oid: null), Mac(name: null), Mac(before: null), Mac(after: null), Mac(detail: null),
            Mac(tenant: ""), Mac(oid: ""), Mac(name: ""), Mac(before: ""), Mac(after: ""), Mac(detail: ""),
            Mac(tenant: "to", oid: ""), Mac(oid: "on", name: ""), Mac(subjectKind: "planp", subject: ""), Mac(before: "ba", after: ""), Mac(after: "ad", detail: ""), Mac(before: "", after: "ba"),
        ];

        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void What_a_store_would_change_is_changed_before_it_is_signed()
    {
        var entry = new AuditEntry(Guid.Empty, AuditWorld.Start.AddTicks(12_345), AuditKind.AlertReceived, AuditActor.Person(null, null, "A\ud800\0"), new AuditSubject("alert", "x\udc00"), detail: "ok 🚀");

        Assert.Equal(("A\uFFFD\uFFFD", "x\uFFFD", "ok 🚀"), (entry.Actor.Name, entry.Subject.Id, entry.Detail));
        Assert.Equal(AuditWorld.Start.AddMilliseconds(1), entry.At);
        var reread = new AuditEntry(entry.Id, entry.At, entry.Kind, new AuditActor(entry.Actor.TenantId, null, entry.Actor.Name), new AuditSubject("alert", entry.Subject.Id), null, null, entry.Detail);
        Assert.Equal(entry.Sign(Key), reread.Sign(Key));
    }

    private static string?[] Cut(string text, int cuts)
    {
        var fields = new List<string?>();
        var from = 0;
        for (var at = 1; at < text.Length; at++)
        {
            if ((cuts & (1 << (at - 1))) == 0) continue;
            fields.Add(text[from..at]);
            from = at;
        }

        return [.. fields, text[from..]];
    }
}
