using System.Text.Json.Serialization;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Proposals;

internal abstract partial record Operation
{
    /// <summary>
    /// One az or kubectl command that changes something: the argument list that the bot wrote from its catalogue, whole. Nothing of it is read again as text,
    /// and a stored one that the catalogue of this build would not write is not run.
    /// </summary>
    /// <param name="Command">As the catalogue names it: "vm deallocate".</param>
    /// <param name="Action">The right it needs.</param>
    /// <param name="Scope">The resource; of kubectl the cluster, by what Azure calls it.</param>
    /// <param name="Object">In the cluster: namespace/kind/name; empty for az.</param>
    internal sealed record ToolCall(
        [property: JsonRequired] AzureContext Context,
        [property: JsonRequired] CommandTool Tool,
        [property: JsonRequired] string Command,
        [property: JsonRequired] string Action,
        [property: JsonRequired] ResourceId Scope,
        [property: JsonRequired] string Object,
        [property: JsonRequired] IReadOnlyList<string> Arguments) : Operation
    {
        /// <summary>Null: this build knows no such command as a change that a program makes.</summary>
        [JsonIgnore]
        public CatalogueCommand? Known => (Tool switch { CommandTool.Az => AzCatalogue.Find(Command), CommandTool.Kubectl => KubectlCatalogue.Find(Command), _ => null }) is
            { Effect: Effect.Mutating, Equivalent: null } known ? known : null;

        /// <summary>Below its cluster, so that what concerns the cluster concerns it too.</summary>
        [JsonIgnore]
        public string Key => Object.Length == 0 ? Scope.Key : $"{Scope.Key}/kubernetes/{Object.ToLowerInvariant()}";

        [JsonIgnore]
        public string Name => Object.Split('/') is [var space, _, var name] ? $"{space}/{name}" : Scope.NameInFull;

        /// <summary>"Scale deployment 'web/shop' in cluster aks-prod (--replicas 3)".</summary>
        [JsonIgnore]
        public string Says => Saying(Known, Command, Scope, Object, Arguments);

        /// <summary>What the command sets: " (--replicas 3)".</summary>
        [JsonIgnore]
        public string After => Setting(Known, Arguments);

        /// <summary>The same of a command that is not proposed yet.</summary>
        public static string Saying(CommandReading.Understood read) => Saying(read.Command, read.Command.Words, read.Target, read.Object, read.Arguments);

        private static string Saying(CatalogueCommand? known, string command, ResourceId scope, string at, IReadOnlyList<string> arguments)
        {
            var (kind, name) = at.Split('/') is [var space, var of, var called] ? ($" {KubectlCatalogue.Kinds.FirstOrDefault(k => k.Canonical == of)?.Label ?? of}", $"{space}/{called}") : ("", scope.NameInFull);
            return $"{known?.Equivalent?.Label ?? known?.Label ?? command}{kind} '{name}'{(at.Length == 0 ? "" : $" in cluster {scope.Name}")}{Setting(known, arguments)}";
        }

        private static string Setting(CatalogueCommand? known, IReadOnlyList<string> arguments)
        {
            List<string> said = [.. known?.More.Where(o => arguments.Contains(o.Name)).Select(o => $"{o.Name} {arguments.SkipWhile(a => a != o.Name).ElementAtOrDefault(1)}") ?? []];
            said.AddRange(arguments.Where(a => a.Contains("@sha256:", StringComparison.Ordinal)));
            return said.Count == 0 ? "" : $" ({string.Join(", ", said)})";
        }

        /// <exception cref="ArgumentException">It is no change that a program makes.</exception>
        public static ToolCall Of(CommandReading.Understood understood, AzureContext context)
        {
            var call = new ToolCall(context, understood.Command.Tool, understood.Command.Words, understood.Action, understood.Target, understood.Object, understood.Arguments);
            return call.Known is not null ? call : throw new ArgumentException($"{understood.Command.Words} is not a change that a program makes.", nameof(understood));
        }

        public override T Match<T>(Func<ArmCall, T> arm, Func<ToolCall, T> tool) => tool(this);

        /// <summary>Equal is what is equal in every byte that affects execution.</summary>
        public bool Equals(ToolCall? other) => other is not null && Fingerprint.Of(this) == Fingerprint.Of(other);

        public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
    }
}
