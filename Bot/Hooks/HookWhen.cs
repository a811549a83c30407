using System.Globalization;
using System.IO.Enumeration;

namespace RunModes.Bot.Hooks;

/// <summary>Local hours of a day; over midnight when the first is the later one. The days are those on which the hours begin.</summary>
internal sealed record Hours(TimeOnly From, TimeOnly Until)
{
    public bool Hold(DateTime local, IReadOnlyCollection<DayOfWeek> days)
    {
        var time = TimeOnly.FromDateTime(local);
        bool On(DateTime day) => days.Count == 0 || days.Contains(day.DayOfWeek);
        return From < Until ? time >= From && time < Until && On(local) : (time >= From && On(local)) || (time < Until && On(local.AddDays(-1)));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH:mm} to {Until:HH:mm}");
}

/// <summary>A freeze, in the hook's time zone.</summary>
internal sealed record Closed(string Name, DateTime From, DateTime Until);

/// <summary>What a rule looks for in a call. Everything that is named must be so; what could not be established counts as being so, because it is there to hold back.</summary>
internal sealed record HookWhen
{
    public IReadOnlyList<string> Actions { get; init; } = [];
    public IReadOnlyList<string> Targets { get; init; } = [];
    public IReadOnlyList<Tag> Tags { get; init; } = [];
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];
    public Hours? Hours { get; init; }
    public IReadOnlyList<Closed> Closed { get; init; } = [];
    public IReadOnlyList<string> RecipientsOutside { get; init; } = [];
    public IReadOnlyList<string> Hosts { get; init; } = [];
    public bool Unmeasured { get; init; }
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public bool LooksAtTags => Tags.Count > 0;

    /// <returns>What was found, for people; null: not everything is so.</returns>
    public string? Holds(ToolCall call, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Zone).DateTime;
        List<string> found = [];
        foreach (var condition in new[] { OfAction(call), OfTarget(call), OfTags(call), OfTime(local), OfCalendar(local), OfRecipients(call), OfHost(call), OfEvidence(call) })
        {
            switch (condition)
            {
                case null:
                    return null;
                case { Length: > 0 } words:
                    found.Add(words);
                    break;
            }
        }

        return string.Join(" ", found);
    }

    // Null: it is not so. Empty: it is so, or not asked for, and there is nothing to tell.

    private string? OfAction(ToolCall call) => Actions.Count == 0 || Fits(Actions, call.Action) || (call.Command.Length > 0 && Fits(Actions, call.Command)) ? "" : null;

    private string? OfTarget(ToolCall call) => Targets.Count == 0 || Fits(Targets, call.Target) || Fits(Targets, call.Target[(call.Target.LastIndexOf('/') + 1)..]) ? "" : null;

    private string? OfTags(ToolCall call)
    {
        if (Tags.Count == 0)
        {
            return "";
        }

        var hit = call.Tags.Known.FirstOrDefault(t => Tags.Any(wanted => Matches(wanted.Name, t.Name) && Matches(wanted.Value, t.Value)));
        return hit is not null ? $"It is tagged {hit.Name}: {hit.Value}."
            : call.Tags.Complete ? null : "Not all of its tags could be read, so that it may be tagged so.";
    }

    private string? OfTime(DateTime local) => Hours is null && Days.Count == 0 ? ""
        : (Hours?.Hold(local, Days) ?? Days.Contains(local.DayOfWeek))
            ? string.Create(CultureInfo.InvariantCulture, $"It is {local:dddd HH:mm} ({Zone.Id}){(Hours is null ? "" : $", within {Hours}")}.")
            : null;

    private string? OfCalendar(DateTime local) => Closed.Count == 0 ? ""
        : Closed.FirstOrDefault(c => local >= c.From && local < c.Until) is { } freeze
            ? string.Create(CultureInfo.InvariantCulture, $"'{freeze.Name}' is closed until {freeze.Until:yyyy-MM-dd HH:mm} ({Zone.Id}).")
            : null;

    private string? OfRecipients(ToolCall call)
    {
        if (RecipientsOutside.Count == 0)
        {
            return "";
        }

        var outside = call.Recipients.Where(r => !RecipientsOutside.Any(d => d.Equals(r[(r.LastIndexOf('@') + 1)..], StringComparison.OrdinalIgnoreCase))).ToList();
        return call.Recipients.Count == 0 ? "Its recipients are not known." : outside.Count == 0 ? null : $"{string.Join(", ", outside)} is outside {string.Join(", ", RecipientsOutside)}.";
    }

    private string? OfHost(ToolCall call) => Hosts.Count == 0 || Fits(Hosts, call.Host) ? "" : null;

    private string? OfEvidence(ToolCall call) => !Unmeasured ? "" : call.Measured ? null : "I have not measured the symptom myself since the alert, or not everything could be read.";

    private static bool Fits(IReadOnlyList<string> patterns, string value) => patterns.Any(p => Matches(p, value));

    /// <summary>"*" spans any characters, case is ignored.</summary>
    private static bool Matches(string pattern, string value) => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: true);
}
