using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RunModes.Bot.Proposals;

/// <summary>
/// What an operation is built from beside its target: absolute values of known types, and nothing else. The body that is sent is written from them,
/// byte by byte the same each time, so that the executor can write it again and compare. A closed union: one case for each kind of body.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "of")]
[JsonDerivedType(typeof(Scale), "scale")]
[JsonDerivedType(typeof(Traffic), "traffic")]
internal abstract record OperationParameters
{
    private OperationParameters() { }

    [JsonIgnore]
    public abstract string Body { get; }

    /// <summary>" from 2 to 3 instances": after the name of the target, wherever the operation is named.</summary>
    [JsonIgnore]
    public abstract string After { get; }

    [JsonIgnore]
    public abstract string Impact { get; }

    [JsonIgnore]
    public abstract string Rollback { get; }

    /// <summary>Instances of an App Service plan. Azure takes the whole plan or nothing, so what must not change is sent as it was seen.</summary>
    /// <param name="From">What it had when it was looked at; the operation depends on that.</param>
    internal sealed record Scale(
        [property: JsonRequired] PlanShape Plan,
        [property: JsonRequired] int From,
        [property: JsonRequired] int To) : OperationParameters
    {
        [JsonIgnore]
        public override string Body => Written(json =>
        {
            json.WriteString("kind", Plan.Kind);
            json.WriteString("location", Plan.Location);
            json.WriteStartObject("tags");
            foreach (var (name, value) in Plan.Tags)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteStartObject("sku");
            json.WriteString("name", Plan.Name);
            json.WriteString("tier", Plan.Tier);
            json.WriteString("size", Plan.Size);
            json.WriteString("family", Plan.Family);
            json.WriteNumber("capacity", To);
            json.WriteEndObject();
            json.WriteStartObject("properties");
            json.WriteBoolean("reserved", Plan.Linux);
            json.WriteBoolean("isXenon", Plan.Xenon);
            json.WriteBoolean("hyperV", Plan.HyperV);
            json.WriteBoolean("perSiteScaling", Plan.PerSiteScaling);
            json.WriteBoolean("zoneRedundant", Plan.ZoneRedundant);
            json.WriteEndObject();
        });

        [JsonIgnore]
        public override string After => Text($" from {From} to {Counted(To)}");

        [JsonIgnore]
        public override string Impact => To > From
            ? "The plan costs one more instance for as long as it stays; all its apps stay online while it starts, which takes a few minutes."
            : "The plan costs less and carries less: requests under way on the instances that go are lost, and CPU of the others rises.";

        [JsonIgnore]
        public override string Rollback => Text($"Scaling back to {Counted(From)}.");

        private static string Counted(int instances) => instances == 1 ? "1 instance" : Text($"{instances} instances");
    }

    /// <summary>Where the requests of a container app go. The list is whole: a revision that is not in it gets none.</summary>
    internal sealed record Traffic(
        [property: JsonRequired] string Location,
        [property: JsonRequired] IReadOnlyList<TrafficShare> Shares) : OperationParameters
    {
        [JsonIgnore]
        public override string Body => Written(json =>
        {
            // Azure's definition demands the location of whatever is patched; the rest of the app is left as it is.
            json.WriteString("location", Location);
            json.WriteStartObject("properties");
            json.WriteStartObject("configuration");
            json.WriteStartObject("ingress");
            json.WriteStartArray("traffic");
            foreach (var share in Shares)
            {
                json.WriteStartObject();
                if (share.Revision is { } revision)
                {
                    json.WriteString("revisionName", revision);
                }
                else
                {
                    json.WriteBoolean("latestRevision", true);
                }

                json.WriteNumber("weight", share.Weight);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });

        [JsonIgnore]
        public override string After => $" to {string.Join(" and ", Shares.Select(share => Text($"{share.Revision ?? "whatever revision is the latest"} ({share.Weight} %)")))}";

        [JsonIgnore]
        public override string Impact => "New requests go there at once; those under way end where they began. No revision is stopped or started.";

        [JsonIgnore]
        public override string Rollback => "Sending the traffic where it went before, as long as nobody has changed it since.";
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An App Service plan as it was seen, without its number of instances.</summary>
/// <param name="Tags">In Azure's order.</param>
internal sealed record PlanShape(
    [property: JsonRequired] string Kind,
    [property: JsonRequired] string Location,
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Tier,
    [property: JsonRequired] string Size,
    [property: JsonRequired] string Family,
    [property: JsonRequired] IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    public required bool Linux { get; init; }
    public required bool Xenon { get; init; }
    public required bool HyperV { get; init; }
    public required bool PerSiteScaling { get; init; }
    public required bool ZoneRedundant { get; init; }
}

/// <param name="Revision">Null: whatever revision is the latest, also after the next deployment.</param>
internal sealed record TrafficShare(string? Revision, [property: JsonRequired] int Weight);
