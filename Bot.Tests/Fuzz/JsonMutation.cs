using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>Takes something real and breaks it where it has structure: one to four members deleted, doubled, retyped, renamed, grown, nested or poisoned; then, now and then, the bytes.</summary>
internal static class JsonMutation
{
    private const string Value = "@@v", Name = "@@n", End = "@@";

    public static byte[] Of(JsonObject real, Dice dice)
    {
        var root = (JsonObject)real.DeepClone();
        for (var left = 1 + dice.Below(4); left > 0; left--)
        {
            Mutate(root, dice);
        }

        var bytes = Bytes(root.ToJsonString());
        return dice.OneIn(8) ? Bytewise(bytes, dice) : bytes;
    }

    /// <summary>A value that <see cref="Bytes"/> writes raw.</summary>
    public static JsonNode Raw(int index) => JsonValue.Create($"{Value}{index}{End}");

    /// <summary>As it goes on the wire, raw values and names in their places.</summary>
    public static byte[] Bytes(string json)
    {
        for (var i = 0; i < Hostile.RawValues.Length && json.Contains(Value, StringComparison.Ordinal); i++)
        {
            json = json.Replace($"\"{Value}{i}{End}\"", Hostile.RawValues[i], StringComparison.Ordinal);
        }

        for (var i = 0; i < Hostile.RawNames.Length && json.Contains(Name, StringComparison.Ordinal); i++)
        {
            json = json.Replace($"{Name}{i}{End}", Hostile.RawNames[i], StringComparison.Ordinal);
        }

        using var bytes = new MemoryStream();
        foreach (var part in json.AsSpan().EnumerateRunes())
        {
            bytes.Write(part.Value switch
            {
                Hostile.LoneByte => [0xFF],
                Hostile.BrokenPair => [0xC3, 0x28],
                Hostile.EncodedSurrogate => [0xED, 0xA0, 0x80],
                _ => Encoding.UTF8.GetBytes(part.ToString()),
            });
        }

        return bytes.ToArray();
    }

    /// <summary>Cut off, a bit turned, something inserted, a piece repeated, nothing left, or no JSON at all.</summary>
    public static byte[] Bytewise(byte[] bytes, Dice dice)
    {
        var at = dice.Below(Math.Max(1, bytes.Length));
        switch (dice.Below(7))
        {
            case 0:
                return bytes[..at];
            case 1:
                var turned = (byte[])bytes.Clone();
                turned[at] ^= (byte)(1 << dice.Below(8));
                return turned;
            case 2:
                return [.. bytes[..at], .. dice.Bytes(1 + dice.Below(8)), .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. bytes[(at / 2)..]];
            case 4:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            case 5:
                return dice.Bytes(dice.Below(200));
            default:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes));
        }
    }

    private static void Mutate(JsonObject root, Dice dice)
    {
        var slots = Slots(root).ToList();
        if (slots.Count == 0)
        {
            return;
        }

        var (parent, name, index) = dice.Pick(slots);
        var now = name is null ? ((JsonArray)parent)[index] : parent[name];
        switch (dice.Below(10))
        {
            case 0 when name is not null:
                ((JsonObject)parent).Remove(name);
                return;
            case 1 when name is not null:
                // Twice, in a case that some readers take for the same.
                ((JsonObject)parent)[dice.OneIn(2) ? name.ToUpperInvariant() + " " : name.ToUpperInvariant()] = now?.DeepClone();
                return;
            case 2 when name is not null:
                ((JsonObject)parent)[$"{Name}{dice.Below(Hostile.RawNames.Length)}{End}"] = now?.DeepClone();
                return;
            case 3:
                Put(parent, name, index, Raw(dice.Below(Hostile.RawValues.Length)));
                return;
            case 4:
                Put(parent, name, index, Retyped(now, dice));
                return;
            case 5:
                Put(parent, name, index, Nested(now, 1 + dice.Below(120), dice.OneIn(2)));
                return;
            case 6 when dice.OneIn(4):
                Put(parent, name, index, new string((char)('A' + dice.Below(26)), 1 << (8 + dice.Below(12))));
                return;
            case 7:
                Put(parent, name, index, dice.Pick(Hostile.Addresses));
                return;
            default:
                Put(parent, name, index, now is JsonValue && dice.OneIn(3) ? now + dice.Pick(Hostile.Texts) : dice.Pick(Hostile.Texts));
                return;
        }
    }

    private static JsonNode? Retyped(JsonNode? now, Dice dice) => dice.Below(8) switch
    {
        0 => null,
        1 => new JsonArray(now?.DeepClone()),
        2 => new JsonObject { ["value"] = now?.DeepClone() },
        3 => dice.OneIn(2),
        4 => dice.Below(int.MaxValue) - (int.MaxValue / 2),
        5 => new JsonArray(),
        6 => new JsonObject(),
        _ => now?.ToJsonString() ?? "",
    };

    private static JsonNode? Nested(JsonNode? now, int depth, bool arrays)
    {
        var inner = now?.DeepClone();
        for (; depth > 0; depth--)
        {
            inner = arrays ? new JsonArray(inner) : new JsonObject { ["a"] = inner };
        }

        return inner;
    }

    private static void Put(JsonNode parent, string? name, int index, JsonNode? value)
    {
        if (name is null)
        {
            ((JsonArray)parent)[index] = value;
        }
        else
        {
            parent[name] = value;
        }
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Slots(JsonNode node) => node switch
    {
        JsonObject holder => holder.ToList().SelectMany(m => (IEnumerable<(JsonNode, string?, int)>)[(holder, m.Key, 0), .. m.Value is null ? [] : Slots(m.Value)]),
        JsonArray list => list.ToList().SelectMany((item, i) => (IEnumerable<(JsonNode, string?, int)>)[(list, null, i), .. item is null ? [] : Slots(item)]),
        _ => [],
    };
}
