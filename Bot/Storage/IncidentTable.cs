using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Storage;

internal sealed class IncidentTable : IIncidents
{
    public async Task<Incident?> Find(ITransaction transaction, IncidentId id) =>
        (await Many(transaction, "id = @id", new { id = id.Value })).SingleOrDefault();

    public async Task<IReadOnlyList<Firing>> FiringsOf(ITransaction transaction, string sourceKey) =>
        Firings(await transaction.Unit().Many<string>("SELECT document FROM firings WHERE source_key = @sourceKey ORDER BY received_at", new { sourceKey }));

    public async Task<Incident?> FindLatest(ITransaction transaction, Platform platform, string ruleKey, string targetKey)
    {
        await transaction.Lock($"incident/{Digest.Of(platform.ToString(), ruleKey, targetKey)}");
        return (await Many(
            transaction,
            "platform = @platform AND rule_key = @ruleKey AND target_key = @targetKey ORDER BY first_fired_at DESC, id DESC LIMIT 1",
            new { platform = platform.ToString(), ruleKey, targetKey })).SingleOrDefault();
    }

    public async Task<Incident?> FindByAlert(ITransaction transaction, Platform platform, string alertId)
    {
        await transaction.Lock($"incident-of/{Digest.Of(platform.ToString(), alertId)}");
        return (await Many(
            transaction,
            """
            id = (SELECT f.incident_id FROM firings f JOIN incidents i ON i.id = f.incident_id
              WHERE f.alert_key = @key AND i.platform = @platform ORDER BY f.received_at DESC, i.first_fired_at DESC LIMIT 1)
            """,
            new { platform = platform.ToString(), key = Digest.Of(alertId) })).SingleOrDefault();
    }

    public Task Insert(ITransaction transaction, Incident incident) => transaction.Unit().Execute(
        """
        INSERT INTO incidents (id, version, platform, rule_key, target_key, plan_key, first_fired_at, last_fired_at, document)
        VALUES (@id, @version, @platform, @rule, @target, @plan, @first, @last, @document)
        """,
        Values(incident, incident.Version));

    public async Task<bool> Update(ITransaction transaction, Incident incident, long version) => await transaction.Unit().Execute(
        "UPDATE incidents SET version = version + 1, plan_key = @plan, last_fired_at = @last, document = @document WHERE id = @id AND version = @version",
        Values(incident, version)) == 1;

    public Task AddFiring(ITransaction transaction, Firing firing) => transaction.Unit().Execute(
        """
        INSERT INTO firings (dedupe_key, content_hash, source_key, incident_id, alert_key, received_at, document)
        VALUES (@DedupeKey, @ContentHash, @SourceKey, @incident, @alert, @received, @document)
        """,
        new { alert = Digest.Of(firing.AlertId), firing.DedupeKey, firing.ContentHash, firing.SourceKey, incident = firing.Incident.Value, received = firing.ReceivedAt.Ms(), document = Sql.Write(firing) });

    public async Task<IReadOnlyList<Firing>> FiringsOf(ITransaction transaction, IncidentId incident, int most) => Firings(await transaction.Unit().Many<string>(
        "SELECT document FROM firings WHERE incident_id = @incident ORDER BY received_at DESC LIMIT @most", new { incident = incident.Value, most }));

    public async Task<IReadOnlyList<ResourceId>> TargetsNamed(ITransaction transaction, string name, DateTimeOffset since, int most)
    {
        var keys = await transaction.Unit().Many<string>(
            "SELECT DISTINCT target_key FROM incidents WHERE last_fired_at >= @since AND target_key <> '' AND substr(target_key, length(target_key) - length(@end) + 1) = @end LIMIT @most",
            new { since = since.Ms(), end = $"/{name}", most });
        List<ResourceId> targets = [];
        foreach (var key in keys)
        {
            // One of them for its spelling; the key alone is in lower case.
            targets.AddRange((await Many(transaction, "target_key = @key ORDER BY last_fired_at DESC LIMIT 1", new { key })).Select(i => i.Target).OfType<ResourceId>());
        }

        return targets;
    }

    public Task<IReadOnlyList<Incident>> List(ITransaction transaction, int most) => Many(transaction, "1 = 1 ORDER BY last_fired_at DESC LIMIT @most", new { most });

    public async Task<IReadOnlyList<Incident>> Unmatched(ITransaction transaction, int most)
    {
        var newest = await Many(transaction, "plan_key IS NULL AND platform NOT IN ('Schedule', 'Chat') ORDER BY last_fired_at DESC LIMIT @most", new { most = most * 2 });
        // Closed ones are records of notes and of resolutions whose firing was never seen: nobody has to act on those.
        return [.. newest.Where(i => i.State != IncidentState.Closed).Take(most)];
    }

    private static async Task<IReadOnlyList<Incident>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT version, document FROM incidents WHERE {where}", values)).Select(r => Sql.Read<Incident>(r.Document) with { Version = r.Version })];

    private static List<Firing> Firings(IReadOnlyList<string> documents) => [.. documents.Select(Sql.Read<Firing>)];

    private static object Values(Incident incident, long version) => new
    {
        id = incident.Id.Value, version, platform = incident.Platform.ToString(), rule = incident.RuleKey, target = incident.TargetKey, plan = incident.Plan?.ToLowerInvariant(),
        first = incident.FirstFiredAt.Ms(), last = incident.LastFiredAt.Ms(), document = Sql.Write(incident),
    };

    private sealed record Row(long Version, string Document);
}
