namespace RunModes.Bot.Proposals;

/// <summary>
/// SHA-256 over every byte that affects execution. Each field carries its length, so that no two operations read alike by moving
/// bytes from one field to the next. What was approved is what runs: the executor computes it again.
/// </summary>
internal readonly record struct Fingerprint(string Hex)
{
    public static Fingerprint Of(Operation operation) => operation.Match(arm => new Fingerprint(Digest.Of(
    [
        "arm", arm.Context.TenantId, arm.Context.Cloud, "", arm.Context.AgentIdentity, arm.Target.Value, arm.Action, arm.ApiVersion, arm.Method, arm.Verb, arm.Body,
        .. arm.Parameters is { } parameters ? ["with", parameters.After] : (string[])[],
        .. Conditions(operation),
    ])), tool => new Fingerprint(Digest.Of(
    [
        "tool", tool.Context.TenantId, tool.Context.Cloud, tool.Scope.Value, tool.Context.AgentIdentity, tool.Tool.ToString(), tool.Command, tool.Action, tool.Object, .. tool.Arguments,
        .. Conditions(operation),
    ])));

    private static IEnumerable<string> Conditions(Operation operation) =>
        operation.Preconditions.SelectMany(p => (string[])["if", p.Label, p.Resource.Value, p.ApiVersion, p.Member, p.Value, .. p.View is { } view ? ["view", view] : (string[])[]]);

    /// <summary>Action and normalised target alone: deny, attempts, merging, contest and budget follow it, so that an added flag does not escape them.</summary>
    public static string IntentKey(Operation operation) => operation.Match(arm =>
        Digest.Of("intent", arm.Action.ToLowerInvariant(), arm.Target.Key), tool => Digest.Of("intent", $"{tool.Tool} {tool.Command}".ToLowerInvariant(), tool.Key));

    public static string IntentKey(ArmAction action, ResourceId target) => Digest.Of("intent", action.Action.ToLowerInvariant(), target.Key);

    /// <summary>Short form for people to compare.</summary>
    public string Short => Hex.Length > 12 ? Hex[..12] : Hex;

    public override string ToString() => Hex;
}
