using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Runs;

/// <param name="Key">The one use it comes of: a step of a run, a tool of a plan in a run.</param>
/// <param name="Fate">Unknown from before it is sent until its answer is recorded.</param>
/// <param name="Words">Completes "a mail to ada@contoso.com …".</param>
internal sealed record Mail(string Key, string Recipient, MailFate Fate, string Words, DateTimeOffset BegunAt);

/// <summary>Mails that were begun. Port to the store.</summary>
internal interface IMails
{
    Task<Mail?> Find(ITransaction transaction, string key);

    Task<int> Since(ITransaction transaction, DateTimeOffset since);

    /// <returns>False: it was begun before.</returns>
    Task<bool> Begin(ITransaction transaction, Mail mail);

    Task End(ITransaction transaction, Mail mail);
}

/// <summary>One mail as it is to leave.</summary>
/// <param name="Subject">Whose it is, for the audit: "run/…".</param>
internal sealed record Letter(string Key, string Subject, ToolStep.SendMail Step, string Text);

/// <summary>
/// Sends a mail at most once: that it was begun is stored before anything leaves, and what was begun is never begun again. A crash or a lost answer
/// leaves a mail that may have been sent, and it is called that.
/// </summary>
internal sealed class Mailing(IMails mails, RunTables tables, GraphMail graph, ToolSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public async Task<MailAnswer> Send(Letter letter, CancellationToken cancellation)
    {
        if (settings.Mail.Sender is not { } sender)
        {
            return new(MailFate.NotSent, "was not sent: Tools:SendMail:Sender of the settings names no mailbox");
        }

        if (await tables.Ledger.Read(t => mails.Find(t, letter.Key), cancellation) is { } before)
        {
            return Again(before);
        }

        var recipient = letter.Step.Recipient;
        if (!settings.Mail.Lists(recipient) && await Outside(recipient, cancellation) is { } why)
        {
            return new(MailFate.NotSent, $"was not sent: {why}");
        }

        var begun = new Mail(letter.Key, recipient, MailFate.Unknown, "", clock.GetUtcNow());
        if (await Begin(letter, begun, cancellation) is { } refused)
        {
            return refused;
        }

        var answer = await graph.Send(sender, recipient, Redaction.Of(letter.Step.Subject), string.Join('\n', Redaction.Of(letter.Text.Split('\n'))), cancellation);
        await tables.Ledger.Write(DurableStep.MailEnded,
            async t =>
            {
                await mails.End(t, begun with { Fate = answer.Fate, Words = answer.Words });
                await t.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.MailSent, letter.Subject, nameof(MailFate.Unknown), answer.Fate.ToString(), $"A mail to {recipient} {answer.Words}."));
            },
            cancellation);
        return answer;
    }

    /// <returns>Null: it is begun now, and by nobody else.</returns>
    private Task<MailAnswer?> Begin(Letter letter, Mail begun, CancellationToken cancellation) => tables.Ledger.Write<MailAnswer?>(DurableStep.MailBegun,
        async t =>
        {
            // A stop that was answered before this commits holds it back.
            if ((await tables.Plans.ShareControl(t)).Stopped)
            {
                return new(MailFate.NotSent, "was not sent: the emergency stop is on");
            }

            await t.Lock("mails");
            if (await mails.Find(t, letter.Key) is { } before)
            {
                return Again(before);
            }

            if (await mails.Since(t, begun.BegunAt - Hour) >= settings.Mail.PerHour)
            {
                return new(MailFate.NotSent, $"was not sent: {settings.Mail.PerHour} mails an hour are the most (Tools:SendMail:PerHour)");
            }

            if (!await mails.Begin(t, begun))
            {
                return Again(begun);
            }

            await t.Append(AuditEntry.OfBot(begun.BegunAt, AuditKind.MailSent, letter.Subject, after: nameof(MailFate.Unknown), detail: $"A mail to {begun.Recipient} is about to be sent: {letter.Step.Subject}"));
            return null;
        },
        cancellation);

    private static MailAnswer Again(Mail before) => before.Fate == MailFate.Unknown && before.Words.Length == 0
        ? new(MailFate.Unknown, "may have been sent: the bot was interrupted while it sent it. It is not sent again")
        : new(before.Fate, before.Words);

    /// <returns>Null: the address is the tenant's own.</returns>
    private async Task<string?> Outside(string recipient, CancellationToken cancellation)
    {
        var domain = MailAddress.DomainOf(recipient);
        var (names, why) = await graph.Domains(cancellation);
        return names is null ? why
            : names.Contains(domain, StringComparer.OrdinalIgnoreCase) ? null
            : $"{domain} is none of the tenant's verified domains, and {recipient} is not among Tools:SendMail:Recipients of the settings";
    }
}
