using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Manifest;

public sealed class AppManifestTests
{
    private const string Judge = "Bot.Tests/Judges/manifest/judge.mjs";

    [Fact]
    public async Task The_manifest_and_its_icons_are_fit_to_upload()
    {
        var ruling = await NodeJudge.Run(Judge, [Repository.Path("manifest")], TestContext.Current.CancellationToken);

        ruling.MustBeGood();
        Assert.Matches(@"^manifest: [1-9]\d* checks, 0 problems$", ruling.Summary);
    }

    [Fact]
    public async Task The_judge_sees_a_bad_colour_a_foreign_name_and_a_wrong_icon()
    {
        var folder = Directory.CreateTempSubdirectory("manifest-").FullName;
        try
        {
            var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Repository.Path("manifest/manifest.json"), TestContext.Current.CancellationToken))!;
            manifest["accentColor"] = "violet";
            manifest["name"]!["short"] = "RunModes for Teams";
            await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.ToJsonString(), TestContext.Current.CancellationToken);
            File.Copy(Repository.Path("manifest/color.png"), Path.Combine(folder, "color.png"));
            File.Copy(Repository.Path("manifest/color.png"), Path.Combine(folder, "outline.png"));

            var ruling = await NodeJudge.Run(Judge, [folder], TestContext.Current.CancellationToken);

            Assert.Equal(1, ruling.ExitCode);
            Assert.Contains("accentColor", ruling.Output, StringComparison.Ordinal);
            Assert.Contains("RunModes for Teams", ruling.Output, StringComparison.Ordinal);
            Assert.Contains("outline icon is 192×192", ruling.Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
