using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// What Azure says of a resource group: the health of its resources, its alerts, its changes. Whatever was not read, or not understood, is a gap of its
/// own and never an empty list.
/// </summary>
internal sealed class GroupHealthReader(ArmReader arm, ChangeHistory changes, TimeProvider clock)
{
    /// <summary>Of long lists this many are kept: the rest is counted.</summary>
    public const int MostKept = 50;

    private const string HealthVersion = "2024-02-01";

    /// <summary>The one that Microsoft's definitions name for alerts, those filed under 2019-03-01 too.</summary>
    private const string AlertsVersion = "2018-05-05";
    private const string HealthExtension = "/providers/Microsoft.ResourceHealth/";
    private const int LongestText = 160;

    public async Task<GroupHealth> Of(ResourceId group, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var health = arm.GetAll(group, "/providers/Microsoft.ResourceHealth/availabilityStatuses", HealthVersion, [], cancellation);
        // Without a range Azure looks back a single day, and an alert that fires for a week would not be there.
        var alerts = arm.GetAll(group.Subscription, "/providers/Microsoft.AlertsManagement/alerts", AlertsVersion,
            [("targetResourceGroup", group.Name), ("monitorCondition", "Fired"), ("timeRange", "30d"), ("pageCount", "250")], cancellation);
        var changed = changes.In(group, now - GroupHealth.ChangesSpan, now, cancellation);
        await Task.WhenAll(health, alerts, changed);
        return WithChanges(WithAlerts(WithHealth(new GroupHealth(group, now), await health), await alerts), await changed);
    }

    private static GroupHealth WithHealth(GroupHealth read, ArmAnswer answer) => answer.Match(
        list => WithHealth(read, list),
        (_, _) => Gap(read, $"resource group '{read.Group.Name}' does not exist or is hidden from the agent"),
        (_, _) => Gap(read, "the agent may not read resource health; grant it Reader on the group"),
        reason => Gap(read, $"resource health could not be read: {reason.TrimEnd('.')}"));

    private static GroupHealth WithHealth(GroupHealth read, JsonElement list)
    {
        var states = new List<ResourceState>();
        var strange = 0;
        foreach (var item in list.EnumerateArray())
        {
            // Azure's own rule: without a state it is an event that touches availability, not a status.
            if (item.ValueKind == JsonValueKind.Object && item.Member("properties") is { ValueKind: JsonValueKind.Object } properties && properties.Member("availabilityState") is null)
            {
                continue;
            }

            if (State(item, read.Group) is { } state)
            {
                states.Add(state);
            }
            else
            {
                strange++;
            }
        }

        // A resource may be listed for each of its parts: the worst of them is its state.
        List<ResourceState> each = [.. states.GroupBy(s => s.Resource).Select(same => same.MinBy(s => Rank(s.State))!)];
        int Count(Availability state) => each.Count(s => s.State == state);
        return Strange(read, strange, "of resource health") with
        {
            Tally = new(Count(Availability.Available), Count(Availability.Unavailable), Count(Availability.Degraded), Count(Availability.StoppedByPeople), Count(Availability.Unknown)),
            NotAvailable =
            [
                .. each.Where(s => s.State is not (Availability.Available or Availability.Unknown)).OrderBy(s => Rank(s.State)).ThenByDescending(s => s.Since).ThenBy(s => s.Resource.Key, StringComparer.Ordinal).Take(MostKept),
            ],
        };
    }

    private static ResourceState? State(JsonElement item, ResourceId group)
    {
        var at = item.Text("id") is { } whole ? whole.LastIndexOf(HealthExtension, StringComparison.OrdinalIgnoreCase) : -1;
        if (at < 0 || !ResourceId.TryParse(item.Text("id")![..at], out var resource, out _) || !resource.IsResource || !group.Contains(resource) || item.Text("properties", "availabilityState") is not { } state)
        {
            return null;
        }

        var properties = item.Child("properties");
        var known = Enum.GetValues<Availability>().FirstOrDefault(a => a != Availability.StoppedByPeople && a.ToString().Equals(state, StringComparison.OrdinalIgnoreCase));
        var people = known == Availability.Unavailable && (HealthReader.Names(properties, "User") || HealthReader.Names(properties, "Customer"));
        return new(resource, people ? Availability.StoppedByPeople : known, (properties.Text("summary") ?? properties.Text("title") ?? "").Plain(LongestText), properties.Time("occuredTime"));
    }

    /// <summary>The lowest is the worst; what Azure does not know hides nothing that it does know.</summary>
    private static int Rank(Availability state) => state switch
    {
        Availability.Unavailable => 0,
        Availability.Degraded => 1,
        Availability.StoppedByPeople => 2,
        Availability.Available => 3,
        _ => 4,
    };

    private static GroupHealth WithAlerts(GroupHealth read, ArmAnswer answer) => answer.Match(
        list => WithAlerts(read, list),
        (_, _) => Gap(read, "the subscription's alerts do not exist or are hidden from the agent"),
        (_, _) => Gap(read, "the agent may not read the alerts; grant it Monitoring Reader on the subscription"),
        reason => Gap(read, $"the alerts could not be read: {reason.TrimEnd('.')}"));

    private static GroupHealth WithAlerts(GroupHealth read, JsonElement list)
    {
        var fired = new List<(FiringAlert Alert, bool Closed)>();
        var strange = 0;
        foreach (var item in list.EnumerateArray())
        {
            var essentials = item.Child("properties", "essentials");
            // A filter that was overlooked must not make another group's alert this one's, nor a resolved one firing.
            if (essentials.Text("monitorCondition") is not { } condition || (essentials.Text("targetResourceGroup") ?? essentials.Text("targetResource")) is null)
            {
                strange++;
            }
            else if (condition.Equals("Fired", StringComparison.OrdinalIgnoreCase) && Concerns(essentials, read.Group, out var target))
            {
                fired.Add((Alert(item, essentials, target), Is(essentials.Text("alertState"), "Closed")));
            }
        }

        List<FiringAlert> open = [.. fired.Where(f => !f.Closed).Select(f => f.Alert)];
        List<FiringAlert> kinds =
        [
            .. open.GroupBy(a => (a.Rule.ToLowerInvariant(), a.Target?.Key)).Select(same => same.First() with
            {
                Severity = same.Min(a => a.Severity)!, Since = same.Min(a => a.Since), Times = same.Count(), Acknowledged = same.All(a => a.Acknowledged),
            }).OrderBy(a => a.Severity, StringComparer.OrdinalIgnoreCase).ThenByDescending(a => a.Since).ThenBy(a => a.Rule, StringComparer.Ordinal),
        ];
        return Strange(read, strange, "of the alerts") with { Firing = open.Count, AlertKinds = kinds.Count, Alerts = [.. kinds.Take(MostKept)], Closed = fired.Count - open.Count };
    }

    private static bool Concerns(JsonElement essentials, ResourceId group, out ResourceId? target) =>
        ResourceId.TryParse(essentials.Text("targetResource"), out target, out _) ? group.Contains(target) || Is(essentials.Text("targetResourceGroup"), group.Name) : Is(essentials.Text("targetResourceGroup"), group.Name);

    private static FiringAlert Alert(JsonElement item, JsonElement essentials, ResourceId? target)
    {
        // The rule is an id for most services and a whole URL for some; its last part, or the alert's name, is what people know.
        var rule = essentials.Text("alertRule") is { } text && ResourceIdentity(text) is { } name ? name : item.Text("name") ?? "an alert without a name";
        return new(rule.Plain(LongestText), (essentials.Text("severity") ?? "Sev?").Plain(10), target, essentials.Time("startDateTime"), 1, Is(essentials.Text("alertState"), "Acknowledged"));
    }

    private static string? ResourceIdentity(string rule) => rule.StartsWith('/') && rule.TrimEnd('/') is { Length: > 0 } id ? id[(id.LastIndexOf('/') + 1)..] : null;

    private static GroupHealth WithChanges(GroupHealth read, Reading<IReadOnlyList<GroupChange>> reading) => reading switch
    {
        Reading<IReadOnlyList<GroupChange>>.Told told => read with { Changed = told.Value.Sum(change => change.Times), Changes = [.. told.Value.Take(MostKept)] },
        Reading<IReadOnlyList<GroupChange>>.NotRead unread => read with { ChangesGap = unread.Why },
        _ => read with { ChangesGap = "the activity log could not be read" },
    };

    private static GroupHealth Gap(GroupHealth read, string why) => read with { Gaps = [.. read.Gaps, why] };

    private static GroupHealth Strange(GroupHealth read, int count, string where) =>
        count == 0 ? read : Gap(read, $"{(count == 1 ? "1 entry" : $"{count.ToString(System.Globalization.CultureInfo.InvariantCulture)} entries")} {where} could not be understood");

    private static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}
