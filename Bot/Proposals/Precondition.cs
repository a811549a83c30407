using System.Text.Json.Serialization;

namespace RunModes.Bot.Proposals;

/// <summary>
/// One thing that was so when the operation was proposed and has to be so when it is sent. Part of what is approved: it is inside the
/// fingerprint, and read again just before the call.
/// </summary>
/// <param name="Label">"plan size", as people read it.</param>
/// <param name="Member">Where it stands in Azure's answer about <paramref name="Resource"/>: "sku.name".</param>
/// <param name="Value">As Azure wrote it.</param>
internal sealed record Precondition(
    [property: JsonRequired] string Label,
    [property: JsonRequired] ResourceId Resource,
    [property: JsonRequired] string ApiVersion,
    [property: JsonRequired] string Member,
    [property: JsonRequired] string Value)
{
    /// <summary>The value of what is not there, where that is what the operation depends on.</summary>
    public const string None = "none";

    /// <summary>Where Azure keeps a state apart from the resource: "instanceView". Null: the resource itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? View { get; init; }
}
