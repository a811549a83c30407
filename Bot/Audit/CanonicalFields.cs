using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RunModes.Bot.Audit;

/// <summary>
/// Fields as bytes that can be cut apart in one way only: for each field one byte (0 null, 1 text), then the length of its UTF-8 in four bytes, big-endian, then the UTF-8.
/// A byte moved from one field to its neighbour, or null against empty, changes the whole.
/// </summary>
internal static class CanonicalFields
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Of(params ReadOnlySpan<string?> fields)
    {
        var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var field in fields)
        {
            bytes.WriteByte(field is null ? (byte)0 : (byte)1);
            if (field is null) continue;
            var text = Strict.GetBytes(field);
            BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
            bytes.Write(length);
            bytes.Write(text);
        }

        return bytes.ToArray();
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
