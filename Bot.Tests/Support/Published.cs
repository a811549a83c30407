using System.Reflection;
using System.Runtime.InteropServices;

namespace RunModes.Bot.Tests.Support;

/// <summary>
/// The bot as it is deployed, compiled ahead of time for where it runs: most of what a process costs that lives for seconds is compiling.
/// Made from what was built, at the first use after a build; a test that starts no process does not wait for it.
/// </summary>
internal static class Published
{
    private static readonly Lazy<Task<string>> Made = new(Make);

    /// <summary>Its program, to be started with <c>dotnet</c>.</summary>
    public static Task<string> Bot => Made.Value;

    private static async Task<string> Make()
    {
        var built = Path.Combine(AppContext.BaseDirectory, "RunModes.Bot.dll");
        if (!(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64))
        {
            // Nothing is compiled ahead there: see Bot.csproj.
            return built;
        }

        var configuration = typeof(BotApplication).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var folder = Repository.Path($"Bot/obj/{configuration}/as-deployed");
        var program = Path.Combine(folder, "RunModes.Bot.dll");
        // Test programs that run beside each other make it once.
        Directory.CreateDirectory(folder);
        await using var alone = await Alone(folder + ".lock");
        if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(built))
        {
            var made = await Programs.Run(
                "dotnet",
                ["msbuild", Repository.Path("Bot/Bot.csproj"), "-target:Publish", "-nologo", "-verbosity:quiet", "-nodeReuse:false", "-property:NoBuild=true", $"-property:Configuration={configuration}",
                    "-property:RuntimeIdentifier=linux-x64", "-property:AppendRuntimeIdentifierToOutputPath=false", $"-property:PublishDir={folder}/"],
                CancellationToken.None);
            if (made.Exit != 0)
            {
                throw new InvalidOperationException($"The bot could not be compiled ahead: {made.All}");
            }

            File.SetLastWriteTimeUtc(program, DateTime.UtcNow);
        }

        return program;
    }

    private static async Task<FileStream> Alone(string file)
    {
        for (; ; )
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
        }
    }
}
