using System.Security.Cryptography;
using System.Text;

namespace RunModes.Bot.Proposals;

/// <summary>
/// One id for everything that comes of an incident: it stands on its cards and in its audit lines, and is the id of its trace. It follows from the
/// incident's id, so that every process knows it without asking, after a restart too, and whether or not anybody collects traces.
/// </summary>
internal static class Correlation
{
    public static string Of(IncidentId incident) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"incident/{incident}"))[..16]);
}
