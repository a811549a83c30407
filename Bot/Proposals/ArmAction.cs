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
/// <param name="Short">"restart": before the name of the target, in notifications.</param>
/// <param name="Did">Completes "I've …", for the report.</param>
internal sealed record ArmAction(
    string Action,
    string ResourceType,
    string Method,
    string Verb,
    string ApiVersion,
    Effect Effect,
    string Label,
    string Short,
    string Did,
    string Impact,
    string Rollback,
    string LeastRole)
{
    /// <summary>The reviewed request body, byte by byte; it is part of the fingerprint and the executor sends no other.</summary>
    public string Body { get; init; } = "";

    /// <summary>The kind of parameters its body is written from; null: the body is fixed.</summary>
    public Type? Takes { get; init; }

    /// <summary>What changes is the parent as well: a swapped slot takes the place of its site's production.</summary>
    public bool ChangesParent { get; init; }

    /// <summary>It is about what was seen and nothing else: when that has changed it is withdrawn, and not asked about as it stands now.</summary>
    public bool OnlyAsSeen { get; init; }

    /// <summary>No runbook proposes it: it only ever takes back something that was done, and a person asked for that.</summary>
    public bool OnlyUndoes { get; init; }

    /// <summary>How long Azure may work on it before the bot says that nobody knows.</summary>
    public required TimeSpan Limit { get; init; }

    public static ArmAction RestartWebApp { get; } = new(
        Action: "Microsoft.Web/sites/restart/Action",
        ResourceType: "Microsoft.Web/sites",
        Method: "POST",
        Verb: "restart",
        ApiVersion: "2023-12-01",
        Effect: Effect.Mutating,
        Label: "Restart App Service",
        Short: "restart",
        Did: "restarted",
        Impact: "This may cause brief downtime (30-60 seconds).",
        Rollback: "A restart cannot be undone; requests in flight are lost, content and settings stay as they are.",
        LeastRole: "Website Contributor")
    {
        Limit = TimeSpan.FromMinutes(10),
    };

    /// <summary>The slot is the source and production the target, never the other way round: the source is what Azure restarts and warms up.</summary>
    public static ArmAction SwapSlotIntoProduction { get; } = new(
        Action: "Microsoft.Web/sites/slots/slotsswap/Action",
        ResourceType: "Microsoft.Web/sites/slots",
        Method: "POST",
        Verb: "slotsswap",
        ApiVersion: "2023-12-01",
        Effect: Effect.Mutating,
        Label: "Swap into production the slot",
        Short: "swap into production",
        Did: "swapped into production",
        Impact: "Production serves what the slot holds now, and the slot what production holds. The slot is restarted and warmed up first, which takes minutes; production stays online.",
        Rollback: "Swapping the same slot with production once more, as long as nothing was deployed to either of them in between.",
        LeastRole: "Website Contributor")
    {
        Body = """{"targetSlot":"production","preserveVnet":true}""",
        ChangesParent = true,
        OnlyAsSeen = true,
        Limit = TimeSpan.FromMinutes(30),
    };

    public static ArmAction RestartVirtualMachine { get; } = new(
        Action: "Microsoft.Compute/virtualMachines/restart/action",
        ResourceType: "Microsoft.Compute/virtualMachines",
        Method: "POST",
        Verb: "restart",
        ApiVersion: "2024-03-01",
        Effect: Effect.Mutating,
        Label: "Restart virtual machine",
        Short: "restart",
        Did: "restarted",
        Impact: "Everything on the machine is down for 1 to 5 minutes, longer when the guest shuts down slowly.",
        Rollback: "A restart cannot be undone; what was only in memory is lost, disks and settings stay as they are.",
        LeastRole: "Virtual Machine Contributor")
    {
        OnlyAsSeen = true,
        Limit = TimeSpan.FromMinutes(20),
    };

    public static ArmAction StartWebApp { get; } = new(
        Action: "Microsoft.Web/sites/start/Action",
        ResourceType: "Microsoft.Web/sites",
        Method: "POST",
        Verb: "start",
        ApiVersion: "2023-12-01",
        Effect: Effect.Mutating,
        Label: "Start App Service",
        Short: "start",
        Did: "started",
        Impact: "The app answers requests again within a minute or two; its plan is paid for in any case.",
        Rollback: "Stopping the app again.",
        LeastRole: "Website Contributor")
    {
        OnlyAsSeen = true,
        Limit = TimeSpan.FromMinutes(10),
    };

    public static ArmAction StopWebApp { get; } = StartWebApp with
    {
        Action = "Microsoft.Web/sites/stop/Action",
        Verb = "stop",
        Label = "Stop App Service",
        Short = "stop",
        Did = "stopped",
        Impact = "The app answers nothing from then on: every request gets 403 until it is started again.",
        Rollback = "Starting the app again.",
        OnlyUndoes = true,
    };

    /// <summary>The whole plan is put, because Azure's definition of a partial update knows no number of instances.</summary>
    public static ArmAction ScaleAppServicePlan { get; } = new(
        Action: "Microsoft.Web/serverfarms/write",
        ResourceType: "Microsoft.Web/serverfarms",
        Method: "PUT",
        Verb: "",
        ApiVersion: "2023-12-01",
        Effect: Effect.Mutating,
        Label: "Scale App Service plan",
        Short: "scale",
        Did: "scaled",
        Impact: "The plan costs one more instance for as long as it stays; its apps stay online.",
        Rollback: "Scaling back to the number of instances it had.",
        LeastRole: "Web Plan Contributor")
    {
        Takes = typeof(OperationParameters.Scale),
        OnlyAsSeen = true,
        Limit = TimeSpan.FromMinutes(20),
    };

    public static ArmAction SendTraffic { get; } = new(
        Action: "Microsoft.App/containerApps/write",
        ResourceType: "Microsoft.App/containerApps",
        Method: "PATCH",
        Verb: "",
        ApiVersion: "2024-03-01",
        Effect: Effect.Mutating,
        Label: "Send the traffic of container app",
        Short: "send the traffic of",
        Did: "sent the traffic of",
        Impact: "New requests go to another revision at once.",
        Rollback: "Sending the traffic where it went before.",
        LeastRole: "Container Apps Contributor")
    {
        Takes = typeof(OperationParameters.Traffic),
        OnlyAsSeen = true,
        Limit = TimeSpan.FromMinutes(15),
    };

    /// <summary>The closed set: an action that is not here has Effect Unknown and cannot be built.</summary>
    public static IReadOnlyList<ArmAction> All { get; } = [RestartWebApp, SwapSlotIntoProduction, RestartVirtualMachine, StartWebApp, StopWebApp, ScaleAppServicePlan, SendTraffic];

    /// <returns>Null: these are not what the action is built from.</returns>
    public string? BodyOf(OperationParameters? parameters) => Takes is null ? (parameters is null ? Body : null) : parameters?.GetType() == Takes ? parameters.Body : null;

    public static ArmAction? Find(string action) => All.FirstOrDefault(a => a.Action.Equals(action, StringComparison.OrdinalIgnoreCase));
}
