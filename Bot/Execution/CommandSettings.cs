using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <param name="KubeConfig">Readable by the process user alone; it says how the bot signs in there.</param>
internal sealed record ConfiguredCluster(KnownCluster Known, string KubeConfig)
{
    /// <summary>Of whoever looks, with the same context in it; null: the same.</summary>
    public string? ReaderKubeConfig { get; init; }

    public string ConfigOf(ToolIdentity who) => who == ToolIdentity.Actor ? KubeConfig : ReaderKubeConfig ?? KubeConfig;
}

/// <summary>In which subscriptions and clusters commands may run, and by which programs. Empty: none runs.</summary>
internal sealed record CommandSettings(string Az, string Kubectl, IReadOnlyList<string> Subscriptions, IReadOnlyList<ConfiguredCluster> Clusters)
{
    private const string Section = "Commands";
    private static readonly string[] Programs = ["Az", "Kubectl"];
    private static readonly string[] KubeConfigs = ["KubeConfig", "ReaderKubeConfig"];

    public CommandReaders Readers => new(Subscriptions, [.. Clusters.Select(c => c.Known)]);

    public CommandReading Read(CommandTool tool, string typed) => Readers.Read(tool, typed);

    /// <summary>What is wrong is left out here, and named by <see cref="Problems"/>, which stops the start.</summary>
    public static CommandSettings From(IConfiguration settings)
    {
        var section = settings.GetSection(Section);
        return new(
            section["Az"] is { Length: > 0 } az ? az : "/usr/bin/az",
            section["Kubectl"] is { Length: > 0 } kubectl ? kubectl : "/usr/bin/kubectl",
            [.. section.GetSection("Subscriptions").GetChildren().Select(c => c.Value).OfType<string>()],
            [.. section.GetSection("Clusters").GetChildren().Select(Cluster).OfType<ConfiguredCluster>()]);
    }

    /// <summary>One line a problem, naming key and fix.</summary>
    public static IEnumerable<string> Problems(IConfiguration settings)
    {
        var section = settings.GetSection(Section);
        foreach (var program in Programs.Where(p => section[p] is { Length: > 0 } path && !Path.IsPathFullyQualified(path)))
        {
            yield return $"{Section}:{program}: '{section[program]}' is not a full path; write where the program is, as in /usr/bin/{program.ToLowerInvariant()}.";
        }

        foreach (var subscription in section.GetSection("Subscriptions").GetChildren().Where(c => !Guid.TryParseExact(c.Value, "D", out _)))
        {
            yield return $"{subscription.Path}: not the id of a subscription; use its GUID.";
        }

        foreach (var cluster in section.GetSection("Clusters").GetChildren())
        {
            if (Cluster(cluster) is null)
            {
                yield return $"{cluster.Path}: needs Name, ResourceId (of the cluster in Azure), KubeConfig (a full path), Context, and at least one of Namespaces, each a name; complete it or remove it.";
            }

            foreach (var file in KubeConfigs.Where(f => cluster[f] is { } path && KubeConfigFile.IsOpenToOthers(path)))
            {
                yield return $"{cluster.Path}:{file}: others than its owner can read it; chmod 600 it.";
            }
        }
    }

    private static ConfiguredCluster? Cluster(IConfigurationSection at)
    {
        var spaces = at.GetSection("Namespaces").GetChildren().Select(c => c.Value).OfType<string>().ToList();
        var (name, space) = (new CommandValue.Name(), new CommandValue.ObjectName());
        return at["Name"] is { Length: > 0 } called && name.Objection(called) is null && at["Context"] is { Length: > 0 } context && context.All(c => char.IsAsciiLetterOrDigit(c) || "-_.@:/".Contains(c, StringComparison.Ordinal)) && context[0] != '-'
            && at["KubeConfig"] is { } file && Path.IsPathFullyQualified(file) && at["ReaderKubeConfig"] is var reader && (string.IsNullOrEmpty(reader) || Path.IsPathFullyQualified(reader)) && ResourceId.TryParse(at["ResourceId"], out var id, out _) && id.IsResource
            && spaces.Count > 0 && spaces.TrueForAll(s => s.Length > 0 && space.Objection(s) is null)
                ? new(new(called, id, context, spaces), file) { ReaderKubeConfig = string.IsNullOrEmpty(reader) ? null : reader }
                : null;
    }
}
