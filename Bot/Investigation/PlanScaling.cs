using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>Whether an App Service plan can be given one more instance, and the operation that does.</summary>
internal abstract record PlanScaling
{
    private PlanScaling() { }

    /// <param name="Undo">Back to what it has now.</param>
    public sealed record Possible(Operation Out, Operation Undo) : PlanScaling;

    public sealed record Not(string Why) : PlanScaling;

    /// <summary>Instances by hand, as Microsoft's table of service limits says; a tier that is not here is not guessed.</summary>
    private static readonly Dictionary<string, int> Tiers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Basic"] = 3, ["Standard"] = 10, ["Premium"] = 20, ["PremiumV2"] = 30, ["PremiumV3"] = 30, ["PremiumMV3"] = 30, ["Premium0V3"] = 30,
    };

    /// <summary>What a put from here would lose, because nobody has looked at what it means.</summary>
    private static readonly string[] Strange = ["hostingEnvironmentProfile", "kubeEnvironmentProfile"];

    /// <summary>To as many as a person asked for; how many may be asked for is a guardrail's.</summary>
    public static PlanScaling To(ResourceId plan, JsonElement body, int to, AzureContext agent) => Of(plan, body, int.MaxValue, agent, to);

    public static PlanScaling Of(ResourceId plan, JsonElement body, int? most, AzureContext agent, int? to = null)
    {
        var (sku, properties) = (body.Child("sku"), body.Child("properties"));
        if (sku.Number("capacity") is not { } capacity || sku.Text("tier") is not { } tier || Shape(body, sku, properties, tier) is not { } shape)
        {
            return new Not($"Azure's answer about plan {plan.Name} does not hold what scaling it has to send");
        }

        var now = (int)capacity;
        var limit = Math.Min(Tiers.GetValueOrDefault(tier), (int)(properties.Number("maximumNumberOfWorkers") ?? int.MaxValue));
        var why = Strange.Any(name => properties.Child(name).ValueKind == JsonValueKind.Object) || body.Child("extendedLocation").ValueKind == JsonValueKind.Object || body.Child("identity").ValueKind == JsonValueKind.Object
                ? $"plan {plan.Name} lies in an environment of its own, which this agent does not scale"
            : IsTrue(properties, "elasticScaleEnabled") || IsTrue(properties, "isSpot") ? $"plan {plan.Name} is scaled by Azure itself"
            : !Tiers.ContainsKey(tier) ? $"the tier {tier.Plain(20)} of plan {plan.Name} is not scaled by instances, or not one that this agent knows"
            : properties.Text("provisioningState") is { } state && !state.Equals("Succeeded", StringComparison.OrdinalIgnoreCase) ? $"Azure's last operation on plan {plan.Name} is not over ({state.Plain(20)})"
            : most is null ? "the response plan stores no maximum of instances (MaxInstances), so nothing is scaled out"
            : now >= most ? Text($"plan {plan.Name} has {now} of the {most} instances that the response plan allows")
            : to == now ? Text($"plan {plan.Name} has {now} instances already")
            : (to ?? now + 1) > limit ? Text($"plan {plan.Name} has {now} instances, and the tier {tier} ends at {limit}")
            : null;
        return why is not null ? new Not(why) : new Possible(Scale(now, to ?? now + 1), Scale(to ?? now + 1, now));

        Operation Scale(int from, int to) => Operation.ArmCall.Of(ArmAction.ScaleAppServicePlan, plan, agent, new OperationParameters.Scale(shape, from, to)) with
        {
            DependsOn = [new("instances of the plan", plan, AppServiceSignals.WebVersion, "sku.capacity", Text($"{from}")), .. Kept(plan, body)],
        };
    }

    /// <summary>What is sent as it was seen has to be so still.</summary>
    private static IEnumerable<Precondition> Kept(ResourceId plan, JsonElement body) =>
        new[]
        {
            ("plan size", "sku.name"), ("tags of the plan", "tags"), ("scaling by app", "properties.perSiteScaling"), ("zone redundancy", "properties.zoneRedundant"),
        }.Select(kept => PreconditionProbe.SeenOrNone(kept.Item1, plan, AppServiceSignals.WebVersion, kept.Item2, body));

    private static PlanShape? Shape(JsonElement body, JsonElement sku, JsonElement properties, string tier) =>
        body.Text("kind") is { } kind && body.Text("location") is { } location && sku.Text("name") is { } name && sku.Text("size") is { } size && sku.Text("family") is { } family
            ? new(kind, location, name, tier, size, family, Tags(body))
            {
                Linux = IsTrue(properties, "reserved"), Xenon = IsTrue(properties, "isXenon"), HyperV = IsTrue(properties, "hyperV"),
                PerSiteScaling = IsTrue(properties, "perSiteScaling"), ZoneRedundant = IsTrue(properties, "zoneRedundant"),
            }
            : null;

    private static List<KeyValuePair<string, string>> Tags(JsonElement body) => body.Child("tags") is { ValueKind: JsonValueKind.Object } tags
        ? [.. tags.EnumerateObject().Select(tag => KeyValuePair.Create(tag.Name, tag.Value.ValueKind == JsonValueKind.String ? tag.Value.GetString()! : ""))]
        : [];

    private static bool IsTrue(JsonElement properties, string name) => properties.Child(name).ValueKind == JsonValueKind.True;

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
