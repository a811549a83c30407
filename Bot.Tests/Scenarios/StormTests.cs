using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>2,000 alerts of 200 targets within about twenty seconds: nothing is lost, nothing is asked twice, and Teams is not asked too much.</summary>
public class StormTests
{
    private const int MostMegabytes = 600;

    [Fact]
    public async Task A_storm_is_taken_in_whole_merged_and_asked_about_in_the_order_of_urgency() => Holds(await Figures());

    /// <summary>For a table of figures, too.</summary>
    /// <param name="whole">Until the last card is out.</param>
    internal static async Task<StormFigures> Figures(bool whole = false)
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        StormFigures figures;
        if (StoreOfTest.IsPostgreSql)
        {
            await using var bots = await Replicas.Start(3, cloud, Storm.Settings(home));
            figures = await new Storm(cloud, home).Run(bots, bots.All, whole);
        }
        else
        {
            await using var bot = await BotProcess.Start(cloud, Storm.Settings(home));
            figures = await new Storm(cloud, home).Run(bot, [bot], whole);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString());
        return figures;
    }

    private static void Holds(StormFigures figures)
    {
        Assert.Equal(
            (Alerts: 2000, Incidents: 200, Merged: 1800, Proposals: 200, Violations: 0),
            (figures.Alerts, figures.Incidents, figures.Merged, figures.Proposals, figures.Violations));
        Assert.InRange(figures.PeakMegabytes, 1, MostMegabytes);
    }
}

/// <summary>Three processes behind a balancer.</summary>
public sealed class StormTestsOnPostgreSql : StormTests;
