using System.Text.RegularExpressions;

namespace RunModes.Bot.Plans;

/// <summary>One address as it is typed: nothing quoted, no name beside it, no second one, and only letters that look like what they are.</summary>
internal static partial class MailAddress
{
    private const int Longest = 254;

    public static bool IsOne(string text) => text.Length <= Longest && One().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal)
        // A name in another alphabet travels as this, and reads like anything.
        && !text.Contains("@xn--", StringComparison.OrdinalIgnoreCase) && !text.Contains(".xn--", StringComparison.OrdinalIgnoreCase);

    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    // Both cases written out: without regard to case, the sign of Kelvin is a k.
    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex One();
}
