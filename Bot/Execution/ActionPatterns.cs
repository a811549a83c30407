using System.Text.Json;

namespace RunModes.Bot.Execution;

/// <summary>{"actions","notActions"} as role and deny assignments write them.</summary>
internal static class ActionPatterns
{
    /// <summary>Some action pattern matches and no notAction does; null when the entry cannot be understood.</summary>
    public static bool? Cover(JsonElement entry, string action)
    {
        if (entry.Items("actions") is not { } actions
            || (entry.Member("notActions") is { ValueKind: not JsonValueKind.Array })
            || Any(actions, action) is not { } covered
            || Any(entry.Items("notActions") ?? [], action) is not { } taken)
        {
            return null;
        }

        // A condition looks at attributes this forecast cannot know.
        return covered && !taken ? (entry.Text("condition") is { Length: > 0 } ? null : true) : false;
    }

    /// <summary>Azure's wildcard: * stands for any characters, slashes included; case does not count.</summary>
    public static bool Matches(string pattern, string action)
    {
        int p = 0, a = 0, star = -1, resume = 0;
        while (a < action.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, a);
            }
            else if (p < pattern.Length && char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(action[a]))
            {
                (p, a) = (p + 1, a + 1);
            }
            else if (star >= 0)
            {
                (p, a) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }

    private static bool? Any(IReadOnlyList<JsonElement> patterns, string action)
    {
        var any = false;
        foreach (var pattern in patterns)
        {
            if (pattern.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            any |= Matches(pattern.GetString()!, action);
        }

        return any;
    }
}
