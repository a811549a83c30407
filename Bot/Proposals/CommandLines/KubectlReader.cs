using System.Text.RegularExpressions;

namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>A cluster that commands may run in, as the settings name it.</summary>
/// <param name="Name">What a person says with --context.</param>
/// <param name="Id">What Azure calls it: part of what is approved.</param>
/// <param name="Context">Of its kubeconfig.</param>
/// <param name="Namespaces">No other is touched; the first is meant when none is named.</param>
internal sealed record KnownCluster(string Name, ResourceId Id, string Context, IReadOnlyList<string> Namespaces);

/// <summary>Reads what followed "kubectl", as <see cref="AzReader"/> does: pure, and the argument list is written anew.</summary>
internal sealed partial record KubectlReader(IReadOnlyList<KnownCluster> Clusters)
{
    /// <summary>kubectl's own patience with the API server, for one request.</summary>
    private static readonly string[] Patience = ["--request-timeout", "20s"];

    public CommandReading Read(string typed)
    {
        var (words, problem) = TypedWords.Of(typed);
        return problem is null ? Read(words) : Refuse(problem);
    }

    private CommandReading Read(IReadOnlyList<string> words)
    {
        if (words[0][0] == '-')
        {
            return Refuse("it begins with an option; the command comes first");
        }

        if (words[0] == "delete")
        {
            return Refuse("Deletions are refused");
        }

        var name = words[0] is "rollout" or "set" && words.Count > 1 ? $"{words[0]} {words[1]}" : words[0];
        if (KubectlCatalogue.Find(name) is not { } command)
        {
            return Refuse($"'kubectl {name}' is not in the catalogue of commands that were reviewed; these are: {string.Join(", ", KubectlCatalogue.All.Select(c => c.Words))}");
        }

        if (words.Skip(1).Any(KubectlCatalogue.IsSecret))
        {
            return new CommandReading.Refused(Effect.SecretRead, "secrets and config maps are not shown");
        }

        if (OptionWords.File(words) is { } file)
        {
            return Refuse(file);
        }

        var (values, others, problem) = OptionWords.Read([.. words.Skip(name.Split(' ').Length)], command, [KubectlCatalogue.Namespace, KubectlCatalogue.Context]);
        return problem is null ? Object(command, values, others) : Refuse(problem);
    }

    private CommandReading Object(CatalogueCommand command, IReadOnlyDictionary<string, string> values, IReadOnlyList<string> others)
    {
        List<string> rest = [.. others];
        string? image = null;
        if (command.Words == "set image" && rest.Count > 0)
        {
            var images = rest.Where(r => r.Contains('=', StringComparison.Ordinal)).ToList();
            rest.RemoveAll(images.Contains);
            if (images is not [var one])
            {
                return Refuse("it names one container and its image: NAME=IMAGE@sha256:DIGEST");
            }

            if (!Digest().IsMatch(one))
            {
                return Refuse($"'{one}' names no image by its digest (NAME=IMAGE@sha256:DIGEST); a tag may mean another image tomorrow");
            }

            image = one;
        }

        if (command.Words == "logs" && rest is [var pod] && !pod.Contains('/', StringComparison.Ordinal))
        {
            rest.Insert(0, "pods");
        }

        if (rest is [var both] && both.Split('/', 2) is [var left, var right])
        {
            rest = [left, right];
        }

        return rest switch
        {
            [] => Refuse(command.Words == "logs" ? "the name of a pod is missing" : "the kind of object is missing"),
            [_, var second] when rest.Exists(r => r.Contains('/', StringComparison.Ordinal)) && others.Count > 1 => Refuse($"'{second}': it is about one object, KIND NAME or KIND/NAME"),
            [_, _, _, ..] => Refuse($"'{rest[2]}': it is about one object, KIND NAME or KIND/NAME"),
            _ when KubectlCatalogue.KindOf(rest[0]) is not { } => Refuse($"'{rest[0]}' is no kind of object that was reviewed; these are: {string.Join(", ", KubectlCatalogue.Kinds.Select(k => k.Called[0]))}"),
            [_, var name] when new CommandValue.ObjectName().Objection(name) is { } objection => Refuse($"'{name}' {objection}; it is about one object, KIND NAME or KIND/NAME"),
            [_] when command.Words is not ("get" or "top") => Refuse("the name of the object is missing"),
            _ => Where(new(command, KubectlCatalogue.KindOf(rest[0])!, rest.ElementAtOrDefault(1), image), values),
        };
    }

    private sealed record Wanted(CatalogueCommand Command, ObjectKind Kind, string? Name, string? Image);

    private CommandReading Where(Wanted wanted, IReadOnlyDictionary<string, string> values)
    {
        var (command, kind) = (wanted.Command, wanted.Kind);
        if (command.Words is not ("get" or "describe") && !kind.Commands.Contains(command.Words))
        {
            return Refuse($"'kubectl {command.Words}' is not for {kind.Canonical}");
        }

        var cluster = values.TryGetValue("--context", out var named) ? Clusters.FirstOrDefault(c => c.Name.Equals(named, StringComparison.OrdinalIgnoreCase)) : Clusters is [var only] ? only : null;
        if (cluster is null)
        {
            return Refuse(Clusters.Count == 0 ? "no cluster is configured for commands (Commands:Clusters)"
                : $"{(named is null ? "several clusters are configured" : $"'{named}' is none of the clusters that are configured")}; say --context and one of {string.Join(", ", Clusters.Select(c => c.Name))}");
        }

        var space = values.GetValueOrDefault(KubectlCatalogue.Namespace.Name);
        if (kind.Everywhere)
        {
            return space is null ? Written(wanted, cluster, null, values) : Refuse($"{kind.Canonical} belong to the cluster and have no namespace");
        }

        space ??= cluster.Namespaces[0];
        return cluster.Namespaces.Contains(space, StringComparer.Ordinal)
            ? Written(wanted, cluster, space, values)
            : Refuse($"'{space}' is none of the namespaces that commands may touch in {cluster.Name} ({string.Join(", ", cluster.Namespaces)})");
    }

    private static CommandReading.Understood Written(Wanted wanted, KnownCluster cluster, string? space, IReadOnlyDictionary<string, string> values)
    {
        var (command, kind) = (wanted.Command, wanted.Kind);
        // Of metrics, kubectl knows the two kinds by their plain names.
        var called = command.Words == "top" ? kind.Called[1] : kind.Canonical;
        IReadOnlyList<string> what = wanted.Name is null ? [called] : command.Words == "top" ? [called, wanted.Name] : [$"{called}/{wanted.Name}"];
        IReadOnlyList<string> limits = command.Words switch
        {
            "logs" when !values.ContainsKey("--tail") => ["--tail", "200", "--limit-bytes", "200000"],
            "logs" => ["--limit-bytes", "200000"],
            // It would wait for the right to look, which nobody gives it meanwhile.
            "rollout status" => ["--watch=false", "--timeout", "15s"],
            _ => [],
        };
        return new(
            command, cluster.Id, $"{space ?? CommandReading.Understood.None}/{kind.Canonical}/{wanted.Name ?? CommandReading.Understood.None}",
            [.. command.Words.Split(' '), .. what, .. wanted.Image is { } image ? [image] : (string[])[], .. OptionWords.Written(command, values), .. limits,
                "--context", cluster.Context, .. space is null ? (string[])[] : ["--namespace", space], .. Patience],
            values)
        {
            Right = Right(wanted),
        };
    }

    /// <summary>"patch deployments.apps/scale": verb and resource, as `auth can-i` takes them.</summary>
    private static string Right(Wanted wanted)
    {
        var kind = wanted.Kind.Canonical;
        return wanted.Command.Words switch
        {
            "logs" => "get pods/log",
            "top" => $"{(wanted.Name is null ? "list" : "get")} {kind}.metrics.k8s.io",
            "scale" => $"patch {kind}/scale",
            "get" when wanted.Name is null => $"list {kind}",
            _ => $"{wanted.Command.Action} {kind}",
        };
    }

    private static CommandReading.Refused Refuse(string why) => new(Effect.Unknown, why);

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?=[a-z0-9][a-z0-9.:/_-]{0,200}@sha256:[0-9a-f]{64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Digest();
}
