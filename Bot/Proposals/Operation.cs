using System.Text.Json.Serialization;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Proposals;

/// <summary>Which Azure, which tenant, as whom: part of what was approved.</summary>
/// <param name="AgentIdentity">Client id of the identity that will act.</param>
internal sealed record AzureContext(
    [property: JsonRequired] string Cloud,
    [property: JsonRequired] string TenantId,
    [property: JsonRequired] string AgentIdentity);

/// <summary>
/// One change (or read) on exactly one target, fixed when proposed. A closed union: a request to Azure, or a command of az or kubectl,
/// and every <see cref="Match{T}"/> has to say what it does with them.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ArmCall), "arm")]
[JsonDerivedType(typeof(ToolCall), "tool")]
internal abstract partial record Operation
{
    private Operation() { }

    public abstract T Match<T>(Func<ArmCall, T> arm, Func<ToolCall, T> tool);

    /// <summary>Compares targets; an ARM resource id in lower case.</summary>
    [JsonIgnore]
    public string TargetKey => Match(arm => arm.Changed.Key, tool => tool.Key);

    [JsonIgnore]
    public string TargetName => Match(arm => arm.Target.NameInFull, tool => tool.Name);

    [JsonIgnore]
    public Effect Effect => Match(arm => arm.Known?.Effect ?? Effect.Unknown, tool => tool.Known?.Effect ?? Effect.Unknown);

    /// <summary>How long Azure may work on it before the bot says that nobody knows.</summary>
    [JsonIgnore]
    public TimeSpan Limit => Match(arm => arm.Known?.Limit ?? TimeSpan.Zero, tool => tool.Known?.Limit ?? TimeSpan.Zero);

    /// <summary>"Restart App Service 'app-service-prod'": from the classified action, so that no text can dress a change up as another.</summary>
    [JsonIgnore]
    public string Title => Match(arm => $"{arm.Known?.Label ?? arm.Action} '{arm.Target.NameInFull}'{arm.Parameters?.After}", tool => tool.Says);

    /// <summary>The operation whole and losslessly, as a card shows it.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Lines => Match(arm => arm.Body.Length == 0
        ? (IReadOnlyList<string>)[$"{arm.Method} {arm.Path}?api-version={arm.ApiVersion}"]
        : [$"{arm.Method} {arm.Path}?api-version={arm.ApiVersion}", arm.Body], tool => [tool.Tool == CommandTool.Kubectl ? "kubectl" : "az", .. tool.Arguments]);

    [JsonIgnore]
    public IReadOnlyList<Precondition> Preconditions => Match(arm => arm.DependsOn ?? [], tool => tool.DependsOn ?? []);

    /// <summary>
    /// A request to Azure Resource Manager on one resource. The URL is built from these parts, never taken from text, and a stored one that
    /// lacks a part is not read: what is missing was removed.
    /// </summary>
    internal sealed record ArmCall(
        [property: JsonRequired] AzureContext Context,
        [property: JsonRequired] ResourceId Target,
        [property: JsonRequired] string Action,
        [property: JsonRequired] string Method,
        [property: JsonRequired] string Verb,
        [property: JsonRequired] string ApiVersion,
        [property: JsonRequired] string Body) : Operation
    {
        /// <summary>What has to be so when it is sent; null (an operation of an earlier version, or one that depends on nothing) is not written.</summary>
        public IReadOnlyList<Precondition>? DependsOn { get; init; }

        /// <summary>What <see cref="Body"/> was written from; null: the body is the action's own.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public OperationParameters? Parameters { get; init; }

        [JsonIgnore]
        public ArmAction? Known => ArmAction.Find(Action);

        /// <summary>What is changed, as against what the request names: where another operation must not happen at the same time.</summary>
        [JsonIgnore]
        public ResourceId Changed => Known is { ChangesParent: true } ? Target.Parent ?? Target : Target;

        [JsonIgnore]
        public string Path => $"{Target.Value}{Suffix}";

        /// <summary>Of the URL, after the resource.</summary>
        [JsonIgnore]
        public string Suffix => Verb.Length == 0 ? "" : $"/{Verb}";

        public static ArmCall Of(ArmAction action, ResourceId target, AzureContext context, OperationParameters? parameters = null)
        {
            if (!target.IsOfType(action.ResourceType))
            {
                throw new ArgumentException($"{action.Action} acts on {action.ResourceType}, not on {target.ResourceType}.", nameof(target));
            }

            return action.BodyOf(parameters) is { } body
                ? new ArmCall(context, target, action.Action, action.Method, action.Verb, action.ApiVersion, body) { Parameters = parameters }
                : throw new ArgumentException($"{action.Action} is not built from these parameters.", nameof(parameters));
        }

        public override T Match<T>(Func<ArmCall, T> arm, Func<ToolCall, T> tool) => arm(this);

        /// <summary>Equal is what is equal in every byte that affects execution.</summary>
        public bool Equals(ArmCall? other) => other is not null && Fingerprint.Of(this) == Fingerprint.Of(other);

        public override int GetHashCode() => Target.GetHashCode();
    }
}

/// <summary>Reading goes through the grammar again: a row that was altered in the store does not come back as a target.</summary>
internal sealed class ResourceIdJson : JsonConverter<ResourceId>
{
    public override ResourceId Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
        ResourceId.TryParse(reader.GetString(), out var id, out var why) ? id : throw new System.Text.Json.JsonException(why);

    public override void Write(System.Text.Json.Utf8JsonWriter writer, ResourceId value, System.Text.Json.JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
