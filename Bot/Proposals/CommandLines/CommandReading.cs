using System.Diagnostics.CodeAnalysis;

namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>What a typed command is. There is no third case: what was not reviewed is refused.</summary>
internal abstract record CommandReading
{
    private CommandReading() { }

    /// <param name="Effect">SecretRead where it would show secrets; else Unknown.</param>
    /// <param name="Why">Completes a sentence, and says what to do where there is something to do.</param>
    public sealed record Refused(Effect Effect, string Why) : CommandReading;

    /// <param name="Target">What Azure calls it; of a kubectl command the cluster.</param>
    /// <param name="Object">In the cluster: namespace/kind/name; empty for az.</param>
    /// <param name="Arguments">Rebuilt from the catalogue: nothing in it is a copy of what was typed but checked values.</param>
    /// <param name="Values">By the full name of their option.</param>
    public sealed record Understood(
        CatalogueCommand Command, ResourceId Target, string Object, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Values) : CommandReading
    {
        /// <summary>The right it needs where it acts: a slot has its own.</summary>
        public string Action => Right ?? (Command.Child is { } child && Values.ContainsKey(child.Name) ? Command.Action.Replace("/sites/", "/sites/slots/", StringComparison.Ordinal) : Command.Action);

        /// <summary>"scale deployments.apps/web in shop": of the catalogue and checked values, to be said.</summary>
        public string About => Object.Split('/') is [var space, var kind, var name]
            ? $"{Command.Words} {kind}{(name == None ? "" : $"/{name}")}{(space == None ? "" : $" in {space}")}"
            : $"{Command.Words} {Target.NameInFull}";

        /// <summary>What is so of the target once it was done; null: nothing that Azure tells.</summary>
        public Precondition? LeadsTo => Command.LeadsTo is not { } state ? null
            : new Precondition(state.Label, Target, state.ApiVersion, state.Member, Values.GetValueOrDefault(state.Value, state.Value)) { View = state.View };

        /// <summary>In an object's place in the cluster: it has no namespace, or it is all of its kind.</summary>
        public const string None = "-";

        /// <summary>Of kubectl it depends on the kind of object.</summary>
        public string? Right { get; init; }
    }

    public bool IsUnderstood([NotNullWhen(true)] out Understood? understood) => (understood = this as Understood) is not null;
}
