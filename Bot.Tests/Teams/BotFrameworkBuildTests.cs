using System.Globalization;
using System.Text.RegularExpressions;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Teams;

/// <summary>
/// The adapter over the Bot Framework SDK, which no default build compiles: it stays thin, and the tests of the channel's two ports pass on it as on the own
/// endpoint, with what stands in for the SDK's classes. <c>-p:BotFrameworkSource=FOLDER</c> runs them over the SDK's own source.
/// </summary>
public sealed partial class BotFrameworkBuildTests
{
    private const int MostLines = 300;

    /// <summary>So that a filter that lets nothing pass is seen.</summary>
    private const int FewestTests = 200;

    private static readonly Dictionary<string, string?> Surroundings = new() { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" };

    [Fact]
    public async Task The_contract_of_the_ports_holds_for_the_adapter_and_it_stays_thin()
    {
        Assert.InRange(Directory.GetFiles(Repository.Path("Bot/Teams/BotFramework"), "*.cs").Sum(f => File.ReadLines(f).Count()), 1, MostLines);
        var built = await Programs.Run("dotnet",
            ["build", "Bot.Tests", "--nologo", "-v", "q", "-p:BotFrameworkSdk=true", "-p:BotFrameworkStandIn=true", "-p:RunAnalyzersDuringBuild=false", "-p:UseSharedCompilation=false"],
            TestContext.Current.CancellationToken, Surroundings, Repository.Root);
        Assert.True(built.Exit == 0, built.All);

        var ran = await Programs.Run("dotnet", [Repository.Path("Bot.Tests/bin/sdk/Bot.Tests/Debug/net10.0/RunModes.Bot.Tests.dll")], TestContext.Current.CancellationToken, Surroundings, Repository.Root);

        var totals = Totals().Match(ran.All);
        Assert.True(ran.Exit == 0 && totals.Success, ran.All);
        Assert.InRange(int.Parse(totals.Groups["all"].Value, CultureInfo.InvariantCulture), FewestTests, int.MaxValue);
        Assert.Equal(("0", "0"), (totals.Groups["failed"].Value, totals.Groups["skipped"].Value));
    }

    [GeneratedRegex(@"Total: (?<all>\d+), Errors: 0, Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)")]
    private static partial Regex Totals();
}
