using System.Security.Cryptography;
using System.Text;

namespace RunModes.Bot.Audit;

/// <summary>
/// What the store must keep and nobody who reads the store may know: AES-256-GCM under a key of its own, derived from the audit key for one purpose,
/// and bound to the row it belongs to. Base64 of nonce, tag and cipher text.
/// </summary>
internal sealed partial class AuditKey
{
    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    /// <param name="row">Names the row: sealed text that was moved to another one does not open.</param>
    public string SealText(AuditPurpose purpose, string text, params ReadOnlySpan<string?> row)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceLength + TagLength + plain.Length];
        var nonce = whole.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(KeyFor(purpose), TagLength);
        cipher.Encrypt(nonce, plain, whole.AsSpan(NonceLength + TagLength), whole.AsSpan(NonceLength, TagLength), CanonicalFields.Of(row));
        return Convert.ToBase64String(whole);
    }

    /// <returns>Null when it was sealed with another key, for another purpose or another row, or was altered.</returns>
    public string? OpenText(AuditPurpose purpose, string sealedText, params ReadOnlySpan<string?> row)
    {
        var whole = new byte[sealedText.Length];
        if (!Convert.TryFromBase64String(sealedText, whole, out var length) || length < NonceLength + TagLength)
        {
            return null;
        }

        var plain = new byte[length - NonceLength - TagLength];
        using var cipher = new AesGcm(KeyFor(purpose), TagLength);
        try
        {
            cipher.Decrypt(whole.AsSpan(0, NonceLength), whole.AsSpan(NonceLength + TagLength, plain.Length), whole.AsSpan(NonceLength, TagLength), plain, CanonicalFields.Of(row));
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private byte[] KeyFor(AuditPurpose purpose)
    {
        if (purpose == AuditPurpose.Unknown || !Enum.IsDefined(purpose)) throw new ArgumentOutOfRangeException(nameof(purpose));
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, info: CanonicalFields.Of("runmodes-bot", "sealed text", purpose.ToString()));
    }
}
