using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Measuring
{
    private static readonly DateTimeOffset Now = AzureWorld.Now;

    [Fact]
    public async Task Samples_carry_the_start_of_their_minute_and_minutes_without_a_value_are_left_out()
    {
        var world = new AzureWorld().Memory(ago => ago is > 3 and < 4 ? null : 50 + Math.Floor(ago));

        var samples = Assert.IsType<MetricReading.Samples>(await Read(world, Now.AddMinutes(-5))).Points;

        Assert.Equal([new Sample(At(3, 6), 54), new Sample(At(3, 8), 52), new Sample(At(3, 9), 51)], samples);
    }

    [Fact]
    public async Task A_minute_that_began_before_the_span_does_not_count()
    {
        var samples = Assert.IsType<MetricReading.Samples>(await Read(new AzureWorld(), At(3, 8).AddSeconds(1))).Points;

        Assert.Equal(At(3, 9), Assert.Single(samples).Start);
    }

    [Fact]
    public async Task A_span_that_is_still_empty_cannot_be_told()
    {
        var reading = Assert.IsType<MetricReading.CouldNotTell>(await Read(new AzureWorld(), Now));

        Assert.Equal("Azure has no value of MemoryPercentage between 03:10 and 03:10", reading.Why);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":[null,1,{}]}""")]
    [InlineData("""{"value":[{"name":{"value":"CpuPercentage"},"timeseries":[{"data":[{"timeStamp":"2026-03-04T03:09:00Z","average":94}]}]}]}""")]
    [InlineData("""{"value":[{"name":{"value":"MemoryPercentage"},"errorCode":"InvalidSamplingType","timeseries":[{"data":[{"timeStamp":"2026-03-04T03:09:00Z","average":94}]}]}]}""")]
    [InlineData("""{"value":[{"name":{"value":"MemoryPercentage"},"timeseries":[{"data":[{"timeStamp":"2026-03-04T03:09:00Z","average":"94"},{"timeStamp":"soon","average":94},{"average":94},{"timeStamp":"2026-03-04T03:09:00Z","total":94}]}]}]}""")]
    [InlineData("<html>")]
    public async Task An_answer_that_holds_no_such_values_is_never_a_measurement(string body)
    {
        var reading = await Read(new AzureWorld().Fails("metricnames", HttpStatusCode.OK, "", body), Now.AddHours(-1));

        Assert.IsType<MetricReading.CouldNotTell>(reading);
    }

    [Fact]
    public void A_sparkline_rises_with_its_values_and_leaves_gaps_where_nothing_was_measured()
    {
        var from = At(3, 0);
        List<Sample> samples = [new(At(3, 0), 0), new(At(3, 1), 25), new(At(3, 2), 50), new(At(3, 4), 75), new(At(3, 5), 100), new(At(3, 6), 100)];

        Assert.Equal("▁▃▅ ▇██ ", Sparkline.Draw(samples, from, At(3, 8), width: 8));
    }

    [Fact]
    public void A_sparkline_shows_the_highest_value_of_each_span() =>
        Assert.Equal("█▁", Sparkline.Draw([new(At(3, 0), 1), new(At(3, 1), 99), new(At(3, 2), 1), new(At(3, 3), 2)], At(3, 0), At(3, 4), width: 2));

    [Fact]
    public void A_sparkline_is_scaled_between_the_lowest_and_the_highest_value() =>
        Assert.Equal("▁▅█", Sparkline.Draw([new(At(3, 0), 80), new(At(3, 1), 85), new(At(3, 2), 90)], At(3, 0), At(3, 3), width: 3));

    [Theory]
    [InlineData(100, 96, "")]
    [InlineData(100, 94, "█▁")]
    [InlineData(0, 0, "")]
    public void A_flat_series_has_no_sparkline(double first, double last, string line) =>
        Assert.Equal(line, Sparkline.Draw([new(At(3, 0), first), new(At(3, 1), last)], At(3, 0), At(3, 2), width: 2));

    [Theory]
    [InlineData(84.9, PercentState.Normal)]
    [InlineData(85, PercentState.High)]
    [InlineData(79.9, PercentState.Normal)]
    public void Eighty_five_is_high(double value, object state) =>
        Assert.Equal(state, new PercentHistory([.. Enumerable.Range(0, 10).Select(minute => new Sample(At(3, minute), value))], At(3, 10)).State);

    [Fact]
    public void Too_few_values_tell_nothing() =>
        Assert.Equal(PercentState.CouldNotTell, new PercentHistory([new(At(3, 8), 94), new(At(3, 9), 94)], At(3, 10)).State);

    private static async Task<MetricReading> Read(AzureWorld world, DateTimeOffset from)
    {
        await using var services = world.Services();
        return await services.GetRequiredService<MetricReader>().Samples(
            ResourceId.Parse(world.PlanId), AppServiceSlowRunbook.MemoryMetric, "Average", from, Now, TestContext.Current.CancellationToken);
    }

    private static DateTimeOffset At(int hour, int minute) => new(2026, 3, 4, hour, minute, 0, TimeSpan.Zero);
}
