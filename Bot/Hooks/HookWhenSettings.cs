using System.Globalization;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Hooks;

/// <summary>Reads what a rule looks for.</summary>
internal static class HookWhenSettings
{
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static HookWhen Of(SettingsReader hook, IConfigurationSection when, TimeZoneInfo zone)
    {
        SettingsReader settings = hook.At("When");
        if (settings.Text("TimeZone") is { } id)
        {
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found))
            {
                settings.Problem("TimeZone", $"'{id}' is not a time zone of this machine; use UTC or an IANA name such as Europe/Berlin.");
            }

            zone = found ?? zone;
        }

        return new()
        {
            Actions = settings.List("Actions"),
            Targets = settings.List("Targets"),
            Tags = [.. when.GetSection("Tags").GetChildren().Select(t => new Tag(t.Key, t.Value is { Length: > 0 } value ? value : "*"))],
            Days = settings.Text("Days") is { } days ? DaysOf(days, settings) : [],
            Hours = settings.Text("Hours") is { } hours ? HoursOf(hours, settings) : null,
            Closed = [.. settings.Entries("Closed").Select(ClosedOf).OfType<Closed>()],
            RecipientsOutside = settings.List("RecipientsOutside"),
            Hosts = settings.List("Hosts"),
            Unmeasured = settings.Flag("Unmeasured") ?? false,
            Zone = zone,
        };
    }

    /// <summary>"mon-fri", "sat,sun", "mon-thu,sat".</summary>
    private static IReadOnlyList<DayOfWeek> DaysOf(string text, SettingsReader settings)
    {
        SortedSet<DayOfWeek> days = [];
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries).Select(d => Array.FindIndex(DayNames, n => n.Equals(d, StringComparison.OrdinalIgnoreCase))).ToList();
            if (ends.Count > 2 || ends.Contains(-1))
            {
                settings.Problem("Days", $"'{text}' is not a list of days; write mon-fri, or sat,sun.");
                return [];
            }

            for (var day = ends[0]; ; day = (day + 1) % 7)
            {
                days.Add((DayOfWeek)day);
                if (day == ends[^1])
                {
                    break;
                }
            }
        }

        return [.. days];
    }

    private static Hours? HoursOf(string text, SettingsReader settings)
    {
        var ends = text.Split('-', StringSplitOptions.TrimEntries);
        if (ends.Length == 2 && TimeOf(ends[0]) is { } from && TimeOf(ends[1]) is { } until && from != until)
        {
            return new(from, until);
        }

        settings.Problem("Hours", $"'{text}' is not a span of hours; write 09:00-17:00, or 22:00-06:00 for a night.");
        return null;
    }

    private static TimeOnly? TimeOf(string text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static Closed? ClosedOf(SettingsReader settings)
    {
        var name = settings.Text("Name") ?? "";
        if (name.Length is 0 or > 100)
        {
            settings.Problem("Name", "is missing or longer than 100 characters; name the freeze as people know it.");
        }

        var (from, until) = (MomentOf("From", settings), MomentOf("Until", settings));
        if (until <= from)
        {
            settings.Problem("Until", "is not after From; a window that never closes anything is a mistake.");
        }

        return from is null || until is null ? null : new(name, from.Value, until.Value);
    }

    private static DateTime? MomentOf(string key, SettingsReader settings)
    {
        var text = settings.Text(key) ?? "";
        if (DateTime.TryParseExact(text, ["yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            return moment;
        }

        settings.Problem(key, $"'{text}' is not a moment; write 2026-12-20 18:00, in the hook's time zone.");
        return null;
    }
}
