using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace RunModes.Bot.Teams;

/// <summary>The connector sends the same token for hours: what passed once need not be verified again until it expires. Holds hashes, never tokens.</summary>
internal sealed class PassedTokens
{
    private const int Capacity = 512;

    private readonly ConcurrentDictionary<string, Caller> _passed = new(StringComparer.Ordinal);

    public Caller? Find(string token, DateTimeOffset now) => _passed.TryGetValue(Hash(token), out var caller) && now < caller.Until ? caller : null;

    public void Add(string token, Caller caller)
    {
        if (_passed.Count >= Capacity)
            _passed.Clear();
        _passed[Hash(token)] = caller;
    }

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
