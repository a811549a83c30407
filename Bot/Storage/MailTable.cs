using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal sealed class MailTable : IMails
{
    public async Task<Mail?> Find(ITransaction transaction, string key) =>
        (await transaction.Unit().One<Row>("SELECT use_key, recipient, fate, words, begun_at FROM mails WHERE use_key = @key", new { key }))?.Mail();

    public async Task<int> Since(ITransaction transaction, DateTimeOffset since) =>
        (int)await transaction.Unit().One<long>("SELECT COUNT(*) FROM mails WHERE begun_at > @since", new { since = since.Ms() });

    public async Task<bool> Begin(ITransaction transaction, Mail mail) => await transaction.Unit().Execute(
        "INSERT INTO mails (use_key, recipient, fate, words, begun_at) VALUES (@Key, @Recipient, 'Unknown', '', @at) ON CONFLICT (use_key) DO NOTHING",
        new { mail.Key, mail.Recipient, at = mail.BegunAt.Ms() }) == 1;

    public Task End(ITransaction transaction, Mail mail) => transaction.Unit().Execute(
        "UPDATE mails SET fate = @fate, words = @Words WHERE use_key = @Key AND fate = 'Unknown'", new { mail.Key, mail.Words, fate = mail.Fate.ToString() });

    private sealed record Row(string Use_Key, string Recipient, string Fate, string Words, long Begun_At)
    {
        public Mail Mail() => new(Use_Key, Recipient, Enum.Parse<MailFate>(Fate), Words, Begun_At.Time());
    }
}
