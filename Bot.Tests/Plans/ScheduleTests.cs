using System.Globalization;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Plans;

public sealed class ScheduleTests
{
    /// <summary>Schedule, zone, after (UTC), the next three (UTC). 2026-03-04 is a Wednesday.</summary>
    [Theory]
    [InlineData("0 8 * * *", "UTC", "2026-03-04 07:59", "2026-03-04 08:00|2026-03-05 08:00|2026-03-06 08:00")]
    [InlineData("0 8 * * *", "UTC", "2026-03-04 08:00", "2026-03-05 08:00|2026-03-06 08:00|2026-03-07 08:00")]
    [InlineData("*/15 * * * *", "UTC", "2026-03-04 07:50", "2026-03-04 08:00|2026-03-04 08:15|2026-03-04 08:30")]
    [InlineData("5-20/5 3 * * *", "UTC", "2026-03-04 03:10", "2026-03-04 03:15|2026-03-04 03:20|2026-03-05 03:05")]
    [InlineData("0 9,17 * * *", "UTC", "2026-03-04 10:00", "2026-03-04 17:00|2026-03-05 09:00|2026-03-05 17:00")]
    [InlineData("0 8 * * 0", "UTC", "2026-03-04 00:00", "2026-03-08 08:00|2026-03-15 08:00|2026-03-22 08:00")]
    [InlineData("0 8 * * 7", "UTC", "2026-03-04 00:00", "2026-03-08 08:00|2026-03-15 08:00|2026-03-22 08:00")]
    [InlineData("0 8 * * SUN", "UTC", "2026-03-04 00:00", "2026-03-08 08:00|2026-03-15 08:00|2026-03-22 08:00")]
    [InlineData("0 8 * * 1", "UTC", "2026-03-04 00:00", "2026-03-09 08:00|2026-03-16 08:00|2026-03-23 08:00")]
    [InlineData("0 8 * * 6", "UTC", "2026-03-04 00:00", "2026-03-07 08:00|2026-03-14 08:00|2026-03-21 08:00")]
    [InlineData("0 8 * * 1-5", "UTC", "2026-03-06 09:00", "2026-03-09 08:00|2026-03-10 08:00|2026-03-11 08:00")]
    [InlineData("0 8 * * fri-sun", "UTC", "2026-03-04 09:00", "2026-03-06 08:00|2026-03-07 08:00|2026-03-08 08:00")]
    [InlineData("0 8 * * 5-7", "UTC", "2026-03-04 09:00", "2026-03-06 08:00|2026-03-07 08:00|2026-03-08 08:00")]
    [InlineData("0 8 * * */2", "UTC", "2026-03-04 09:00", "2026-03-05 08:00|2026-03-07 08:00|2026-03-08 08:00")]
    [InlineData("0 7 1 * *", "UTC", "2026-03-04 00:00", "2026-04-01 07:00|2026-05-01 07:00|2026-06-01 07:00")]
    [InlineData("0 7 31 * *", "UTC", "2026-03-04 00:00", "2026-03-31 07:00|2026-05-31 07:00|2026-07-31 07:00")]
    [InlineData("0 7 29 2 *", "UTC", "2026-03-04 00:00", "2028-02-29 07:00|2032-02-29 07:00|2036-02-29 07:00")]
    [InlineData("0 7 1 jan,JUL *", "UTC", "2026-03-04 00:00", "2026-07-01 07:00|2027-01-01 07:00|2027-07-01 07:00")]
    [InlineData("0 7 1 */6 *", "UTC", "2026-03-04 00:00", "2026-07-01 07:00|2027-01-01 07:00|2027-07-01 07:00")]
    [InlineData("  0   8 * * *  ", "UTC", "2026-03-04 09:00", "2026-03-05 08:00|2026-03-06 08:00|2026-03-07 08:00")]
    [InlineData("every day at 8", "UTC", "2026-03-04 09:00", "2026-03-05 08:00|2026-03-06 08:00|2026-03-07 08:00")]
    [InlineData("Every Day At 8pm", "UTC", "2026-03-04 09:00", "2026-03-04 20:00|2026-03-05 20:00|2026-03-06 20:00")]
    [InlineData("daily at midnight", "UTC", "2026-03-04 09:00", "2026-03-05 00:00|2026-03-06 00:00|2026-03-07 00:00")]
    [InlineData("every weekday at 8:30", "UTC", "2026-03-06 09:00", "2026-03-09 08:30|2026-03-10 08:30|2026-03-11 08:30")]
    [InlineData("every monday at 9", "UTC", "2026-03-04 09:00", "2026-03-09 09:00|2026-03-16 09:00|2026-03-23 09:00")]
    [InlineData("every sunday at 12 am", "UTC", "2026-03-04 09:00", "2026-03-08 00:00|2026-03-15 00:00|2026-03-22 00:00")]
    [InlineData("every monday, wednesday and friday at noon", "UTC", "2026-03-04 13:00", "2026-03-06 12:00|2026-03-09 12:00|2026-03-11 12:00")]
    [InlineData("every hour", "UTC", "2026-03-04 09:10", "2026-03-04 10:00|2026-03-04 11:00|2026-03-04 12:00")]
    [InlineData("every 6 hours", "UTC", "2026-03-04 09:10", "2026-03-04 12:00|2026-03-04 18:00|2026-03-05 00:00")]
    [InlineData("every 15 minutes", "UTC", "2026-03-04 09:10", "2026-03-04 09:15|2026-03-04 09:30|2026-03-04 09:45")]
    [InlineData("first day of the month at 7", "UTC", "2026-03-04 09:10", "2026-04-01 07:00|2026-05-01 07:00|2026-06-01 07:00")]
    [InlineData("on the first day of every month at 17.05", "UTC", "2026-03-04 09:10", "2026-04-01 17:05|2026-05-01 17:05|2026-06-01 17:05")]
    // Daylight saving begins on 29 March and ends on 25 October.
    [InlineData("0 8 * * *", "Europe/Berlin", "2026-03-27 12:00", "2026-03-28 07:00|2026-03-29 06:00|2026-03-30 06:00")]
    [InlineData("0 8 * * *", "Europe/Berlin", "2026-10-23 12:00", "2026-10-24 06:00|2026-10-25 07:00|2026-10-26 07:00")]
    [InlineData("0 * * * *", "Europe/Berlin", "2026-03-29 00:00", "2026-03-29 01:00|2026-03-29 02:00|2026-03-29 03:00")]
    [InlineData("0 * * * *", "Europe/Berlin", "2026-10-24 23:30", "2026-10-25 00:00|2026-10-25 01:00|2026-10-25 02:00")]
    // 2:30 does not exist on that day: it comes when the clock has gone on to 3:00, once. In October 2:30 comes twice, and counts once.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28 00:00", "2026-03-28 01:30|2026-03-29 01:00|2026-03-30 00:30")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24 12:00", "2026-10-25 00:30|2026-10-26 01:30|2026-10-27 01:30")]
    [InlineData("every weekday at 8", "Europe/Berlin", "2026-03-27 12:00", "2026-03-30 06:00|2026-03-31 06:00|2026-04-01 06:00")]
    public void The_next_times_are_those_of_the_zone(string text, string zone, string after, string next)
    {
        var (schedule, problem) = Schedule.Read(text, TimeZoneInfo.FindSystemTimeZoneById(zone));

        Assert.Equal("", problem);
        Assert.Equal(next, string.Join('|', schedule!.Next(DateTimeOffset.Parse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), 3)
            .Select(t => t.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("", "is missing; write five cron fields")]
    [InlineData("0 8 * *", "is no schedule; write five cron fields")]
    [InlineData("0 0 8 * * *", "is no schedule; write five cron fields")]
    [InlineData("0 0 8 * * ? 2027", "is no schedule")]
    [InlineData("@daily", "is no schedule")]
    [InlineData("0 8 1 * 1", "cannot both be restricted")]
    [InlineData("0 8 */2 * mon", "cannot both be restricted")]
    [InlineData("60 8 * * *", "'60' is no minute; use 0 to 59")]
    [InlineData("0 24 * * *", "'24' is no hour; use 0 to 23")]
    [InlineData("0 8 0 * *", "'0' is no day of the month; use 1 to 31")]
    [InlineData("0 8 * 13 *", "'13' is no month; use 1 to 12 or jan, feb")]
    [InlineData("0 8 * * 8", "'8' is no weekday; use 0 to 7 or sun, mon")]
    [InlineData("0 8 * * monday", "'monday' is no weekday")]
    [InlineData("0 8 L * *", "'l' is no day of the month")]
    [InlineData("0 8 ? * 1", "cannot both be restricted")]
    [InlineData("0 8 * * 5#3", "'5#3' is no weekday")]
    [InlineData("-1 8 * * *", "'-1' is no minute")]
    [InlineData("1, 8 * * *", "'' is no minute")]
    [InlineData("1-2-3 8 * * *", "'1-2-3' is no minute")]
    [InlineData("*/0 8 * * *", "the step of '*/0' is not a number from 1 to 59")]
    [InlineData("*/90 8 * * *", "the step of '*/90' is not a number from 1 to 59")]
    [InlineData("5/15 8 * * *", "a step needs a range or *")]
    [InlineData("30-10 8 * * *", "the range 30-10 goes backwards")]
    [InlineData("0 8 30 2 *", "that day never comes")]
    [InlineData("0 8 31 4,6 *", "that day never comes")]
    [InlineData("every day", "at what time?")]
    [InlineData("every day at 25", "'25' is no time of day")]
    [InlineData("every day at 8:75", "'8:75' is no time of day")]
    [InlineData("every day at 13pm", "'13pm' is no time of day")]
    [InlineData("every 7 minutes", "does not divide the hour evenly")]
    [InlineData("every 0 hours", "does not divide the day evenly")]
    [InlineData("every mnoday at 9", "is no schedule")]
    [InlineData("every other day at 9", "is no schedule")]
    [InlineData("whenever you like", "is no schedule")]
    public void What_cannot_be_read_is_refused_with_one_line(string text, string line)
    {
        var (schedule, problem) = Schedule.Read(text, TimeZoneInfo.Utc);

        Assert.Null(schedule);
        Assert.Contains(line, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
    }

    [Fact]
    public void A_very_long_text_is_refused_unread() => Assert.Contains("is longer than 200", Schedule.Read(new string('1', 100_000), TimeZoneInfo.Utc).Problem, StringComparison.Ordinal);
}
