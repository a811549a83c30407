using System.Globalization;

namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>What an option accepts. A closed union: each case is a grammar, and what it does not know is refused, never escaped.</summary>
internal abstract record CommandValue
{
    private CommandValue() { }

    /// <returns>Null when it is one; else what would be.</returns>
    public abstract string? Objection(string value);

    /// <summary>A name as Azure gives them: never a path, never something that ends or begins another word.</summary>
    public sealed record Name : CommandValue
    {
        public override string? Objection(string value) => value.Length <= 90 && char.IsAsciiLetterOrDigit(value[0]) && value[^1] != '.' && !value.Contains("..", StringComparison.Ordinal)
            && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '(' or ')') ? null : "is no name of an Azure resource";
    }

    /// <summary>A slot that is swapped into production.</summary>
    public sealed record OtherSlot : CommandValue
    {
        public override string? Objection(string value) => value.Equals("production", StringComparison.OrdinalIgnoreCase)
            ? "is where it is swapped to; name the slot that is swapped into production"
            : new Name().Objection(value);
    }

    public sealed record Number(int Least, int Most) : CommandValue
    {
        public override string? Objection(string value) => value.Length <= 9 && value.All(char.IsAsciiDigit) && (value.Length == 1 || value[0] != '0')
            && int.Parse(value, CultureInfo.InvariantCulture) is var number && number >= Least && number <= Most
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"is not a whole number from {Least} to {Most}");
    }

    public sealed record OneOf(params string[] Words) : CommandValue
    {
        public override string? Objection(string value) => Words.Contains(value, StringComparer.Ordinal) ? null : Words.Length == 1 ? $"is not {Words[0]}" : $"is none of {string.Join(", ", Words)}";
    }

    /// <summary>One resource, by the one grammar of ids.</summary>
    public sealed record Id : CommandValue
    {
        public override string? Objection(string value) => !ResourceId.TryParse(value, out var id, out _) ? "is no resource id" : id.IsResource ? null : "is not one resource";
    }

    /// <summary>A subscription by its id: a name may be another one's tomorrow.</summary>
    public sealed record Subscription : CommandValue
    {
        public override string? Objection(string value) => Guid.TryParseExact(value, "D", out _) ? null : "is not the id of a subscription (a GUID)";
    }

    /// <summary>Words of letters and digits: the name of a metric, a sku.</summary>
    public sealed record Label : CommandValue
    {
        public override string? Objection(string value) => value.Length <= 100 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_')
            ? null : "is no word of letters, digits, spaces and hyphens";
    }

    /// <summary>"Microsoft.Web/sites".</summary>
    public sealed record ResourceType : CommandValue
    {
        public override string? Objection(string value) => value.Length <= 100 && value.StartsWith("Microsoft.", StringComparison.Ordinal) && value.Split('/') is { Length: 2 or 3 } parts
            && parts.All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterOrDigit(c) || c == '.') && !p.Contains("..", StringComparison.Ordinal)) ? null : "is no resource type";
    }

    /// <summary>"6h", "30m", "2d".</summary>
    public sealed record Span(string Units) : CommandValue
    {
        public override string? Objection(string value) => value.Length is >= 2 and <= 5 && Units.Contains(value[^1], StringComparison.Ordinal) && value[0] != '0' && value[..^1].All(char.IsAsciiDigit)
            ? null : $"is no time such as 2{Units[0]}";
    }

    /// <summary>A name as Kubernetes gives them.</summary>
    public sealed record ObjectName : CommandValue
    {
        public override string? Objection(string value) => value.Length <= 253 && IsEdge(value[0]) && IsEdge(value[^1]) && value.All(c => IsEdge(c) || c is '-' or '.') && !value.Contains("..", StringComparison.Ordinal)
            ? null : "is no name of a Kubernetes object";

        private static bool IsEdge(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
    }
}
