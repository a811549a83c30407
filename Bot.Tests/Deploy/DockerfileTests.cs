using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Deploy;

/// <summary>The image, as far as it can be had without an engine: judged as text, and its build taken step by step in a folder.</summary>
public sealed class DockerfileTests
{
    private const string Judge = "Bot.Tests/Judges/dockerfile/judge.mjs";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("runs as root", "USER $APP_UID", "USER root")]
    [InlineData("reads like a secret", "ENV ASPNETCORE_URLS", "ENV AUDIT_SECRET=1 ASPNETCORE_URLS")]
    [InlineData("names no version", "aspnet:10.0", "aspnet:latest")]
    [InlineData("there is no Bots/", "COPY Bot/ Bot/", "COPY Bots/ Bot/")]
    [InlineData("a shell stands between", "ENTRYPOINT [\"dotnet\", \"/app/RunModes.Bot.dll\"]", "ENTRYPOINT dotnet /app/RunModes.Bot.dll")]
    [InlineData("a pipe whose failure goes unnoticed", "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]", "")]
    [InlineData("leaves its lists", "&& rm -rf /var/lib/apt/lists/*", "&& true")]
    [InlineData("there is no stage builder", "--from=build", "--from=builder")]
    [InlineData("ADD fetches", "COPY manifest/ manifest/", "ADD manifest/ manifest/")]
    public async Task The_judge_sees(string told, string stands, string wrong)
    {
        var text = await File.ReadAllTextAsync(Repository.Path("Dockerfile"), Cancellation);
        Assert.Contains(stands, text, StringComparison.Ordinal);
        // Beside what it copies, or the judge would miss all of it.
        var file = Repository.Path($"Dockerfile.{Guid.NewGuid():n}");
        try
        {
            await File.WriteAllTextAsync(file, text.Replace(stands, wrong, StringComparison.Ordinal), Cancellation);
            var ruling = await NodeJudge.Run(Judge, [file], Cancellation);
            Assert.True(ruling.ExitCode == 1 && ruling.Output.Contains(told, StringComparison.Ordinal), $"{ruling.ExitCode}: {ruling.Output}{ruling.Errors}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Its_build_taken_step_by_step_leaves_a_program_that_runs_and_a_zip_to_upload()
    {
        var folder = Directory.CreateTempSubdirectory("image-").FullName;
        try
        {
            var plan = Path.Combine(folder, "plan.json");
            (await NodeJudge.Run(Judge, [Repository.Path("Dockerfile"), plan], Cancellation)).MustBeGood();
            var stages = JsonNode.Parse(await File.ReadAllTextAsync(plan, Cancellation))!.AsArray();
            var build = stages.Single(s => $"{s!["name"]}" == "build")!;
            var (source, app) = (Directory.CreateDirectory(Path.Combine(folder, "source")).FullName, Path.Combine(folder, "app"));
            foreach (var copy in build["copies"]!.AsArray())
            {
                var paths = copy!["paths"]!.AsArray().Select(p => $"{p}").ToList();
                await Copy(paths[..^1], Path.Combine(source, paths[^1]));
            }

            // Nothing of the build stays when the step is over, as in an engine.
            var alone = new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" };
            foreach (var step in build["runs"]!.AsArray().Select(r => $"{r}"))
            {
                var zip = step.Contains("publish", StringComparison.Ordinal) ? $" -p:ZipTo={Path.Combine(folder, "bot.zip")}" : "";
                var run = await Programs.Run("sh", ["-c", step.Replace("/app", app, StringComparison.Ordinal) + zip], Cancellation, alone, source);
                Assert.True(run.Exit == 0, $"{step}\n{run.All}");
            }

            using (var image = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(Path.Combine(app, "RunModes.Bot.dll"))))
            {
                // Compiled ahead, where the builder is what it runs on.
                Assert.Equal(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0);
            }

            Assert.All(stages.Where(s => $"{s!["name"]}" != "build"), s => Assert.Equal(["dotnet", "/app/RunModes.Bot.dll"], s!["entrypoint"]!.AsArray().Select(e => $"{e}")));
            var package = Path.Combine(folder, "package.zip");
            var started = await Programs.Run("dotnet",
                [Path.Combine(app, "RunModes.Bot.dll"), "package", "--app-id", "3f5c0c5e-8d1b-4d0a-9d65-2f1f8a4c7b10", "--tenant", "9b1e6f34-0a52-4c57-8a66-5a0c7d3e2f41", "--out", package], Cancellation, folder: folder);
            Assert.True(started.Exit == 0 && File.Exists(package), started.All);

            var refused = await Programs.Run("dotnet", [Path.Combine(app, "RunModes.Bot.dll"), "--settings", Path.Combine(folder, "nowhere.json")], Cancellation, folder: folder);
            Assert.Equal(2, refused.Exit);
            Assert.StartsWith("--settings: there is no file", refused.Errors, StringComparison.Ordinal);

            using var uploaded = await System.IO.Compression.ZipFile.OpenReadAsync(Path.Combine(folder, "bot.zip"), Cancellation);
            Assert.Contains(uploaded.Entries, e => e.FullName == "RunModes.Bot.dll");
            var published = Directory.EnumerateFiles(app, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(app, f)).ToList();
            Assert.DoesNotContain(published, f => f.EndsWith(".db", StringComparison.Ordinal) || f.Contains("key", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".cs", StringComparison.Ordinal));
        }
        finally
        {
            await Scratch.Delete(folder);
        }
    }

    /// <summary>As COPY does from a context that .dockerignore has cleaned: nothing that was built here before.</summary>
    private static async Task Copy(IEnumerable<string> from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in from.Select(Repository.Path))
        {
            var run = Directory.Exists(path)
                ? await Programs.Run("sh", ["-c", "tar -C \"$1\" --exclude=bin --exclude=obj -cf - . | tar -C \"$2\" -xf -", "sh", path, to], Cancellation)
                : await Programs.Run("cp", [path, to], Cancellation);
            Assert.True(run.Exit == 0, run.All);
        }
    }
}
