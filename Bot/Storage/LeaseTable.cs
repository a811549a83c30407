using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

internal sealed class LeaseTable : ILeases
{
    public async Task<bool> Take(ITransaction transaction, Lease lease, DateTimeOffset now) => await transaction.Unit().Execute(
        """
        INSERT INTO leases (name, holder, until) VALUES (@Name, @Holder, @until)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE leases.until <= @now OR leases.until > @latest
        """,
        new { lease.Name, lease.Holder, until = (now + Lease.Life).Ms(), now = now.Ms(), latest = Lease.Latest(now).Ms() }) == 1;

    public async Task<bool> Renew(ITransaction transaction, Lease lease) => await transaction.Unit().Execute(
        "UPDATE leases SET until = @until WHERE name = @Name AND holder = @Holder", new { lease.Name, lease.Holder, until = lease.Until.Ms() }) == 1;

    public Task Release(ITransaction transaction, Lease lease) =>
        transaction.Unit().Execute("DELETE FROM leases WHERE name = @Name AND holder = @Holder", new { lease.Name, lease.Holder });

    public async Task<IReadOnlySet<string>> Held(ITransaction transaction, DateTimeOffset now) => (await transaction.Unit().Many<string>(
        "SELECT name FROM leases WHERE until > @now AND until <= @latest", new { now = now.Ms(), latest = Lease.Latest(now).Ms() })).ToHashSet(StringComparer.Ordinal);

    public async Task<bool> FoundUnreadable(ITransaction transaction, string subject, DateTimeOffset now) => await transaction.Unit().Execute(
        "INSERT INTO unreadable (subject, found_at) VALUES (@subject, @now) ON CONFLICT (subject) DO NOTHING", new { subject, now = now.Ms() }) == 1;

    public async Task Void(ITransaction transaction)
    {
        await transaction.Unit().Execute("DELETE FROM leases");
        await transaction.Unit().Execute("UPDATE turns SET until = 0");
    }
}
