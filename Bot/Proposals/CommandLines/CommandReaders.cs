namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>Reads commands of either program, by where the settings let commands run. Nowhere: every command is refused.</summary>
internal sealed record CommandReaders(IReadOnlyList<string> Subscriptions, IReadOnlyList<KnownCluster> Clusters)
{
    public static CommandReaders Nowhere { get; } = new([], []);

    public CommandReading Read(CommandTool tool, string typed) => tool switch
    {
        CommandTool.Az => new AzReader(Subscriptions).Read(typed),
        CommandTool.Kubectl => new KubectlReader(Clusters).Read(typed),
        _ => new CommandReading.Refused(Effect.Unknown, "it is for no program that is known"),
    };

    /// <summary>With what was meant by being the only one written out: what is stored must not mean another place when the settings get a second one.</summary>
    public string Completed(string typed, CommandReading.Understood read)
    {
        var target = read.Target;
        bool Lacks(CommandOption option) => !read.Values.ContainsKey(option.Name);
        return read.Command.Tool == CommandTool.Az
            ? Lacks(AzCatalogue.Subscription) ? $"{typed} {AzCatalogue.Subscription.Name} {Subscriptions.First(s => s.Equals(target.SubscriptionId, StringComparison.OrdinalIgnoreCase))}" : typed
            : typed
                + (Lacks(KubectlCatalogue.Context) && Clusters.FirstOrDefault(c => c.Id.Equals(target)) is { } cluster ? $" {KubectlCatalogue.Context.Name} {cluster.Name}" : "")
                + (Lacks(KubectlCatalogue.Namespace) && read.Object.Split('/')[0] is var space and not CommandReading.Understood.None ? $" {KubectlCatalogue.Namespace.Name} {space}" : "");
    }
}
