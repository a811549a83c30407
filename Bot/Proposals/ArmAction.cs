namespace RunModes.Bot.Proposals;

/// <summary>What is known of an operation's effect. Unknown is treated as Mutating and always asks; SecretRead is always refused.</summary>
internal enum Effect { Unknown = 0, Mutating, ReadOnly, SecretRead }

/// <summary>Where every parameter of an operation came from. Text of an alert, a log or a model is Untrusted.</summary>
internal enum Provenance { Untrusted = 0, Runbook, AdministratorText }

/// <summary>
/// One ARM action the bot knows how to run, explain and undo. What a person reads comes from here, from the classified action,
/// never from the text that suggested it.
/// </summary>
/// <param name="Action">The RBAC action the agent needs.</param>
/// <param name="Verb">Path segment after the resource.</param>
/// <param name="Did">Completes "I've …", for the report.</param>
internal sealed record ArmAction(
    string Action,
    string ResourceType,
    string Method,
    string Verb,
    string ApiVersion,
    Effect Effect,
    string Label,
    string Did,
    string Impact,
    string Rollback,
    string LeastRole)
{
    public static ArmAction RestartWebApp { get; } = new(
        Action: "Microsoft.Web/sites/restart/Action",
        ResourceType: "Microsoft.Web/sites",
        Method: "POST",
        Verb: "restart",
        ApiVersion: "2023-12-01",
        Effect: Effect.Mutating,
        Label: "Restart App Service",
        Did: "restarted",
        Impact: "This may cause brief downtime (30-60 seconds).",
        Rollback: "A restart cannot be undone; requests in flight are lost, content and settings stay as they are.",
        LeastRole: "Website Contributor");

    /// <summary>The closed set: an action that is not here has Effect Unknown and cannot be built.</summary>
    public static IReadOnlyList<ArmAction> All { get; } = [RestartWebApp];

    public static ArmAction? Find(string action) => All.FirstOrDefault(a => a.Action.Equals(action, StringComparison.OrdinalIgnoreCase));
}
