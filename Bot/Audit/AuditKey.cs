using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace RunModes.Bot.Audit;

/// <summary>What a signature is for; one made for one purpose never verifies for another.</summary>
internal enum AuditPurpose { Unknown = 0, Row, Chain, Anchor, Decision, Cleared, Polling }

/// <summary>
/// The secret that makes audit and decisions tamper-evident: HMAC-SHA256, as 64 lower-case hex digits. It lives in a file outside the store,
/// so that whoever can write the store cannot sign what they wrote.
/// </summary>
internal sealed partial class AuditKey
{
    public const int Length = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly byte[] secret;

    public AuditKey(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length) throw new ArgumentException($"An audit key is {Length} bytes.", nameof(secret));
        this.secret = secret.ToArray();
    }

    public string Mac(AuditPurpose purpose, params ReadOnlySpan<string?> fields) => Mac(purpose, CanonicalFields.Of(fields));

    public string Mac(AuditPurpose purpose, byte[] payload)
    {
        if (purpose == AuditPurpose.Unknown || !Enum.IsDefined(purpose)) throw new ArgumentOutOfRangeException(nameof(purpose));
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(CanonicalFields.Of("runmodes-bot", purpose.ToString()));
        hmac.AppendData(payload);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }

    /// <summary>In constant time. Null, empty or malformed is simply false.</summary>
    public bool Verify(AuditPurpose purpose, string? mac, params ReadOnlySpan<string?> fields) => Verify(purpose, mac, CanonicalFields.Of(fields));

    public bool Verify(AuditPurpose purpose, string? mac, byte[] payload) =>
        mac is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac(purpose, payload)), Encoding.UTF8.GetBytes(mac));

    /// <summary>A key handed over as text, from a vault by way of the environment; null when none is. <paramref name="problem"/> never holds what was given.</summary>
    public static bool TryRead(string? text, out AuditKey? key, [NotNullWhen(false)] out string? problem)
    {
        (key, problem) = (null, null);
        if (string.IsNullOrWhiteSpace(text)) return true;
        var secret = new byte[Length];
        if (text.Length == 2 * Length && Convert.FromHexString(text, secret, out _, out var written) == System.Buffers.OperationStatus.Done && written == Length)
        {
            key = new AuditKey(secret);
            return true;
        }

        problem = text.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase)
            ? "Audit:Key: App Service could not read it from the vault; give the bot's identity 'Key Vault Secrets User' on the vault, name that identity as keyVaultReferenceIdentity, and restart."
            : $"Audit:Key: not {2 * Length} hexadecimal digits; make one with 'openssl rand -hex {Length}', or remove it and use Audit:KeyFile.";
        return false;
    }

    /// <summary>For the running bot: a key that does not exist yet is generated.</summary>
    public static bool TryLoadOrGenerate(string path, [NotNullWhen(true)] out AuditKey? key, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            if (!File.Exists(path)) Generate(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            (key, problem) = (null, $"Audit:KeyFile: '{path}' could not be written: {failure.Message}");
            return false;
        }

        return TryLoad(path, out key, out problem);
    }

    /// <summary>For everything that only reads. <paramref name="problem"/> is one line naming key and fix.</summary>
    public static bool TryLoad(string path, [NotNullWhen(true)] out AuditKey? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        try
        {
            using var file = File.OpenHandle(path);
            problem = Objection(path, file);
            if (problem is not null) return false;
            var secret = new byte[Length + 1];
            if (RandomAccess.Read(file, secret, 0) != Length)
            {
                problem = $"Audit:KeyFile: '{path}' is not {Length} bytes long; restore it from its backup, or make a new one with 'openssl rand -out FILE {Length}'.";
                return false;
            }

            key = new AuditKey(secret.AsSpan(0, Length));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = $"Audit:KeyFile: '{path}' could not be read: {failure.Message}";
            return false;
        }
    }

    /// <summary>Asked of the opened file, not of its name, so that it cannot be exchanged in between.</summary>
    private static string? Objection(string path, Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows()) return null;
        return (File.GetUnixFileMode(file) & Others) == 0 ? null
            : $"Audit:KeyFile: '{path}' can be used by others than its owner; run 'chmod 600 {path}', and replace the key if others may have read it.";
    }

    /// <summary>Whole under its final name or not at all; where two starts race, the first one's key stays.</summary>
    private static void Generate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        var fresh = $"{path}.{Guid.NewGuid():N}.new";
        using (var file = new FileStream(fresh, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Length));
            file.Flush(flushToDisk: true);
        }

        try
        {
            // On Unix File.Move looks first and renames then, so that of two starts the second could replace the key which the first already uses.
            if (OperatingSystem.IsWindows() || Link(fresh, path) != 0)
            {
                File.Move(fresh, path, overwrite: false);
                return;
            }
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another start was first.
        }

        File.Delete(fresh);
    }

    [DllImport("libc", EntryPoint = "link", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);
}
