using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RunModes.Bot.Proposals;

/// <summary>SHA-256 over length-prefixed fields, so that no text can move a boundary and pass for other fields.</summary>
internal static class Digest
{
    public static string Of(params ReadOnlySpan<string> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            var bytes = Encoding.UTF8.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
