namespace RunModes.Bot.Proposals.CommandLines;

internal enum CommandTool { Unknown = 0, Az, Kubectl }

/// <param name="Name">As the bot writes it: "--resource-group".</param>
/// <param name="Short">"-g"; null: there is none, or it is not accepted.</param>
/// <param name="Value">Null: a switch, which takes none.</param>
internal sealed record CommandOption(string Name, string? Short, CommandValue? Value)
{
    public bool IsNeeded { get; init; }

    public bool IsCalled(string word) => word == Name || word == Short;
}

/// <summary>One command that was reviewed: what it does, what right it needs, which option names its target, and which others it may have.</summary>
/// <param name="Words">"webapp deployment slot list".</param>
/// <param name="Action">The right it needs: of Azure, or the verb of a Kubernetes role.</param>
/// <param name="Names">Name the target, in the order of its id; all are needed.</param>
/// <param name="More">Accepted besides.</param>
internal sealed record CatalogueCommand(CommandTool Tool, string Words, Effect Effect, string Action, IReadOnlyList<CommandOption> Names, IReadOnlyList<CommandOption> More)
{
    /// <summary>Of Azure's targets: "Microsoft.Web/sites"; null: the group, or what an id names.</summary>
    public string? Type { get; init; }

    /// <summary>The type when the last of <see cref="Names"/> is given, and without it: a slot, or its site.</summary>
    public CommandOption? Child { get; init; }

    /// <summary>The bot sends the request itself, once, and no process runs.</summary>
    public ArmAction? Equivalent { get; init; }

    /// <summary>
    /// Not null: az is told to show the target by its id, as this version of its API has it. The command itself asks for more than it is read for:
    /// `webapp show` fetches the app's publish profiles, which hold passwords.
    /// </summary>
    public string? ShownAt { get; init; }

    /// <summary>What an option that is not accepted here is answered, where more than "not accepted" helps.</summary>
    public IReadOnlyDictionary<string, string> Hints { get; init; } = new Dictionary<string, string>();

    /// <summary>"Deallocate virtual machine": before the name of the target. Empty for reads.</summary>
    public string Label { get; init; } = "";

    public string Short { get; init; } = "";

    /// <summary>Completes "I've …".</summary>
    public string Did { get; init; } = "";

    public string Impact { get; init; } = "";

    public string Rollback { get; init; } = "";

    public string LeastRole { get; init; } = "Reader";

    /// <summary>How long the program may run.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Whoever confirms or approves a command of az has to know that it may be sent more than once.</summary>
    public const string MaySendAgain = "az may send the request again by itself; sent twice it does the same.";

    /// <summary>What is so once it was done, where Azure tells it; null: nothing there tells.</summary>
    public TargetState? LeadsTo { get; init; }

    public string Program => Tool == CommandTool.Kubectl ? "kubectl" : "az";

    public IEnumerable<CommandOption> Options => [.. Names, .. Child is { } child ? [child] : (CommandOption[])[], .. More];
}

/// <summary>Where Azure keeps a state of a resource, and what it is once the command was done.</summary>
/// <param name="Value">As Azure writes it; or the option whose value it is: "--new-capacity".</param>
internal sealed record TargetState(string Label, string ApiVersion, string Member, string Value)
{
    /// <summary>Kept apart from the resource: "instanceView".</summary>
    public string? View { get; init; }
}
