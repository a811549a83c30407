using System.Security.Cryptography;
using System.Text;

namespace RunModes.Bot.Incidents;

/// <summary>Comparisons that take the same time whatever is wrong. Hashing first hides the lengths too.</summary>
internal static class Secret
{
    public static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    /// <summary>PagerDuty's <c>v1=hex[,v1=hex]</c> over the raw bytes. During a rotation there are several on both sides; one match is enough.</summary>
    public static bool Signed(ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, IEnumerable<string> signatures)
    {
        List<string> given = [.. signatures.SelectMany(s => s.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Take(16)];
        var matched = false;
        foreach (var secret in secrets)
        {
            var expected = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
            foreach (var signature in given)
            {
                matched |= Same(expected, signature);
            }
        }

        return matched;
    }
}
