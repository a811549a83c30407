using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>How an operation's target stands against what the operation depends on.</summary>
internal abstract record Standing
{
    private Standing() { }

    public sealed record Unchanged : Standing;

    /// <param name="Now">The same operation, depending on what is so now.</param>
    public sealed record Changed(IReadOnlyList<string> Words, Operation Now) : Standing;

    public sealed record Gone(string Why) : Standing;

    public sealed record CouldNotTell(string Why) : Standing;
}

/// <summary>Notes what an operation depends on, and reads it again.</summary>
internal sealed class PreconditionProbe(ArmReader azure, ClusterReader clusters)
{
    private static readonly string[] Absent = ["ResourceNotFound", "ResourceGroupNotFound"];

    /// <returns>Null when Azure's answer does not say it: nothing can depend on what was not seen.</returns>
    public static Precondition? Seen(string label, ResourceId resource, string apiVersion, string member, JsonElement body) =>
        Value(body, member) is { } value ? new Precondition(label, resource, apiVersion, member, value) : null;

    /// <summary>What is not there has to stay away.</summary>
    public static Precondition SeenOrNone(string label, ResourceId resource, string apiVersion, string member, JsonElement body) =>
        new(label, resource, apiVersion, member, Value(body, member) ?? Precondition.None);

    public Task<Standing> Look(Operation operation, CancellationToken cancellation) => operation.Match(
        arm => Look(arm, cancellation),
        // What az changes is absolute: it means the same whatever is so now, and az says when there is nothing to act on.
        tool => tool.InCluster is { } it && tool.DependsOn is not null ? Look(tool, it, cancellation) : Task.FromResult<Standing>(new Standing.Unchanged()));

    private async Task<Standing> Look(Operation.ArmCall arm, CancellationToken cancellation)
    {
        // The target is asked after in any case: an operation without preconditions still needs somebody to act on.
        var asked = arm.Preconditions.Select(Place).Append((Resource: arm.Target, arm.ApiVersion, View: "")).Distinct().ToList();
        var answers = await Task.WhenAll(asked.Select(a => azure.Get(a.Resource, a.View, a.ApiVersion, [], cancellation)));
        var of = asked.Zip(answers).ToDictionary(pair => pair.First, pair => pair.Second);
        return of[(arm.Target, arm.ApiVersion, "")] is ArmAnswer.NotFound(var code, _) && Absent.Contains(code, StringComparer.OrdinalIgnoreCase)
            ? new Standing.Gone($"{arm.Target.Name} does not exist any more.")
            : Compared(
                arm.Preconditions, c => of[Place(c)] is ArmAnswer.Found(var body) ? Value(body, c.Member) ?? (c.Value == Precondition.None ? Precondition.None : null) : null,
                arm.Known is { OnlyAsSeen: true }, now => arm with { DependsOn = now });
    }

    private async Task<Standing> Look(Operation.ToolCall call, KubernetesObject it, CancellationToken cancellation)
    {
        var answer = await clusters.Get(it, cancellation);
        var workload = answer is ArmAnswer.Found(var body) ? ClusterWorkload.Of(it, body) : null;
        return answer is ArmAnswer.NotFound ? new Standing.Gone($"{call.Name} does not exist any more.")
            : workload is { Deleting: true } ? new Standing.Gone($"{call.Name} is being deleted.")
            : Compared(call.Preconditions, c => c.Resource.Equals(it.Id) ? workload?.Say(c.Member) : null, call.Known is { OnlyAsSeen: true }, now => call with { DependsOn = now });
    }

    private static Standing Compared(IReadOnlyList<Precondition> conditions, Func<Precondition, string?> read, bool onlyAsSeen, Func<IReadOnlyList<Precondition>, Operation> depending)
    {
        var words = new List<string>();
        var now = new List<Precondition>();
        foreach (var condition in conditions)
        {
            if (read(condition) is not { } value)
            {
                return new Standing.CouldNotTell($"Whether {condition.Resource.Name} is still as it was could not be read ({condition.Label}).");
            }

            now.Add(condition with { Value = value });
            if (value != condition.Value)
            {
                words.Add($"{condition.Label} was {condition.Value}, is now {value}");
            }
        }

        return words.Count == 0 ? new Standing.Unchanged()
            : onlyAsSeen ? new Standing.Gone($"What it was proposed for is not so any more: {string.Join(", ", words)}.")
            : new Standing.Changed(words, depending(now));
    }

    /// <returns>What stands there now; null when it could not be read.</returns>
    public async Task<string?> Read(Precondition condition, CancellationToken cancellation) => KubernetesObject.Of(condition.Resource) is { } it
        ? await (condition.View == ClusterSteadiness.View ? ClusterSteadiness.Read(clusters, it, cancellation) : Said(it, condition.Member, cancellation))
        : await azure.Get(condition.Resource, Place(condition).View, condition.ApiVersion, [], cancellation) is ArmAnswer.Found(var body) ? Value(body, condition.Member) : null;

    private async Task<string?> Said(KubernetesObject it, string member, CancellationToken cancellation) => (await clusters.Workload(it, cancellation))?.Say(member);

    private static (ResourceId Resource, string ApiVersion, string View) Place(Precondition condition) =>
        (condition.Resource, condition.ApiVersion, condition.View is { } view ? $"/{view}" : "");

    /// <summary>Compute keeps states as a list of codes: "PowerState/running" is what "PowerState" says.</summary>
    private static JsonElement OfCode(JsonElement list, string name) => list.EnumerateArray()
        .Select(item => item.Text("code")).FirstOrDefault(code => code?.StartsWith($"{name}/", StringComparison.OrdinalIgnoreCase) == true) is { } found
            ? JsonSerializer.SerializeToElement(found[(name.Length + 1)..])
            : default;

    public static string? Value(JsonElement body, string member)
    {
        JsonElement? at = body;
        foreach (var name in member.Split('.'))
        {
            at = at is { ValueKind: JsonValueKind.Array } list ? OfCode(list, name) : at?.Member(name);
            if (at is { ValueKind: JsonValueKind.Undefined })
            {
                return null;
            }
        }

        return at switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
            // Tags, mostly: compared as Azure writes them.
            { ValueKind: JsonValueKind.Object } whole => JsonSerializer.Serialize(whole),
            _ => null,
        };
    }
}
