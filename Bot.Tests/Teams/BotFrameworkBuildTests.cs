using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Teams;

/// <summary>The adapter over the Bot Framework SDK, which no default build compiles: against the SDK's public API as its source has it, so that it follows the ports.</summary>
public sealed class BotFrameworkBuildTests
{
    private const int MostLines = 300;

    [Fact]
    public async Task The_adapter_compiles_against_the_ports_and_stays_thin()
    {
        Assert.InRange(Directory.GetFiles(Repository.Path("Bot/Teams/BotFramework"), "*.cs").Sum(f => File.ReadLines(f).Count()), 1, MostLines);
        var folder = Directory.CreateTempSubdirectory("sdk-").FullName;
        try
        {
            // A copy, because what is built here with other constants must not lie where the tested build looks.
            var copied = await Programs.Run("sh", ["-c", "cd \"$1\" && tar --exclude=bin --exclude=obj -cf - Bot manifest global.json Directory.Build.props Directory.Packages.props .editorconfig | tar -C \"$2\" -xf -", "sh", Repository.Root, folder], TestContext.Current.CancellationToken);
            Assert.True(copied.Exit == 0, copied.All);
            var built = await Programs.Run("dotnet",
                ["build", "Bot", "--nologo", "-v", "q", "-p:BotFrameworkSdk=true", "-p:RunAnalyzersDuringBuild=false", $"-p:BotFrameworkSurface={Repository.Path("Bot.Tests/Teams/BotFrameworkSurface")}"],
                TestContext.Current.CancellationToken,
                new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" }, folder);
            Assert.True(built.Exit == 0, built.All);
        }
        finally
        {
            await Scratch.Delete(folder);
        }
    }
}
