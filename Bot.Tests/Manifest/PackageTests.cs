using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using RunModes.Bot.Cli;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Manifest;

public sealed class PackageTests : IDisposable
{
    private const string App = "3f5c0c5e-8d1b-4d0a-9d65-2f1f8a4c7b10";
    private const string Tenant = "9b1e6f34-0a52-4c57-8a66-5a0c7d3e2f41";

    private readonly string folder = Directory.CreateTempSubdirectory("package-").FullName;

    private string Zip => Path.Combine(folder, "bot.zip");

    [Fact]
    public async Task The_command_writes_a_package_that_Microsofts_schema_accepts()
    {
        var run = await Programs.Run("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "RunModes.Bot.dll"), "package", "--app-id", App, "--tenant", Tenant, "--out", Zip, "--name", "Night watch", "--version", "1.4.0", "--publisher", "Contoso SRE", "--website", "https://sre.example.com/bot"],
            TestContext.Current.CancellationToken, folder: folder);

        Assert.True(run.Exit == 0, run.All);
        Assert.Contains(App, run.Output, StringComparison.Ordinal);
        Assert.Contains(Tenant, run.Output, StringComparison.Ordinal);
        var unpacked = Path.Combine(folder, "unpacked");
        await ZipFile.ExtractToDirectoryAsync(Zip, unpacked, TestContext.Current.CancellationToken);
        Assert.Equal(["color.png", "manifest.json", "outline.png"], Directory.EnumerateFiles(unpacked).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(unpacked, "manifest.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal((App, App), ($"{manifest["id"]}", $"{manifest["bots"]![0]!["botId"]}"));
        Assert.Equal(("Night watch", "1.4.0"), ($"{manifest["name"]!["short"]}", $"{manifest["version"]}"));
        Assert.Equal(("Contoso SRE", "https://sre.example.com/bot"), ($"{manifest["developer"]!["name"]}", $"{manifest["developer"]!["websiteUrl"]}"));

        var ruling = await NodeJudge.Run("Bot.Tests/Judges/manifest/judge.mjs", [unpacked], TestContext.Current.CancellationToken);
        ruling.MustBeGood();
        Assert.Matches(@"^manifest: [1-9]\d* checks, 0 problems$", ruling.Summary);
    }

    [Fact]
    public async Task The_same_identity_gives_the_same_bytes_and_another_one_differs_only_in_its_manifest()
    {
        Assert.Equal(0, (await Package(App, Tenant)).Exit);
        var first = await File.ReadAllBytesAsync(Zip, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Package(App, Tenant)).Exit);
        Assert.Equal(first, await File.ReadAllBytesAsync(Zip, TestContext.Current.CancellationToken));

        Assert.Equal(0, (await Package("5d9c2b7e-1111-4222-8333-944455556666", Tenant)).Exit);
        var other = await File.ReadAllBytesAsync(Zip, TestContext.Current.CancellationToken);
        Assert.Equal(first.Length, other.Length);
        Assert.NotEqual(first, other);
        using var zip = new ZipArchive(new MemoryStream(other));
        Assert.All(zip.Entries, e => Assert.Equal(1980, e.LastWriteTime.Year));
    }

    [Theory]
    [InlineData("--app-id: not an id", "not-a-guid", Tenant)]
    [InlineData("not the zeros of the template", "00000000-0000-0000-0000-000000000000", Tenant)]
    [InlineData("--tenant: not an id", App, "contoso.onmicrosoft.com")]
    [InlineData("--app-id: not an id", "{3f5c0c5e-8d1b-4d0a-9d65-2f1f8a4c7b10}", Tenant)]
    [InlineData("are the same id", App, App)]
    [InlineData("--name: Microsoft refuses", App, Tenant, "--name", "RunModes for Teams")]
    [InlineData("--name: must be one line of 1 to 30", App, Tenant, "--name", "An approval bot whose name is far too long")]
    [InlineData("--version: not a version", App, Tenant, "--version", "v2")]
    [InlineData("--website: not an address", App, Tenant, "--website", "http://sre.example.com")]
    [InlineData("--privacy: not an address", App, Tenant, "--privacy", "sre.example.com/privacy")]
    [InlineData("Usage: package", App, Tenant, "--colour", "green")]
    [InlineData("Usage: package", App, Tenant, "--name")]
    [InlineData("Usage: package", App, Tenant, "--app-id", App)]
    public async Task What_cannot_be_packaged_is_told_in_one_line_and_nothing_is_written(string told, string app, string tenant, params string[] more)
    {
        var run = await Package(app, tenant, more);
        Assert.Equal(2, run.Exit);
        Assert.Contains(told, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    [Fact]
    public async Task A_package_for_another_bot_than_the_settings_name_is_refused()
    {
        var run = await Package(App, Tenant, [], ("MicrosoftAppId", "5d9c2b7e-1111-4222-8333-944455556666"), ("MicrosoftAppTenantId", Tenant));
        Assert.Equal(2, run.Exit);
        Assert.Contains("--app-id: the settings say MicrosoftAppId=5d9c2b7e-1111-4222-8333-944455556666", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told_and_an_older_package_stays_whole()
    {
        var errors = new StringWriter();
        var exit = await PackageCommand.Run(["--app-id", App, "--tenant", Tenant, "--out", Path.Combine(folder, "nowhere", "bot.zip")], new ConfigurationBuilder().Build(), TextWriter.Null, errors, TestContext.Current.CancellationToken);
        Assert.Equal(2, exit);
        Assert.StartsWith("--out: ", errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    /// <summary>As the pages write it: what is named without a folder lies where the command was typed, not in the project's folder.</summary>
    [Fact]
    public async Task With_dotnet_run_the_package_lies_where_the_command_was_typed()
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var ran = await Programs.Run("dotnet", ["run", "--no-build", "-c", configuration, "--project", Repository.Path("Bot"), "--", "package", "--app-id", App, "--tenant", Tenant], TestContext.Current.CancellationToken, folder: folder);

        Assert.True(ran.Exit == 0, ran.All);
        Assert.True(File.Exists(Path.Combine(folder, $"runmodes-{App}.zip")), ran.All);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<Ended> Package(string app, string tenant, string[]? more = null, params (string Key, string Value)[] settings)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        var exit = await PackageCommand.Run(["--app-id", app, "--tenant", tenant, "--out", Zip, .. more ?? []], configuration, output, errors, TestContext.Current.CancellationToken);
        return new Ended(exit, output.ToString(), errors.ToString());
    }
}
