namespace RunModes.Bot.Sandbox;

/// <summary>What this start is.</summary>
internal abstract record StartKind
{
    private StartKind() { }

    public sealed record Production : StartKind;

    public sealed record Sandbox : StartKind;

    /// <param name="Line">For standard error; the exit code is 2.</param>
    public sealed record Refused(string Line) : StartKind;

    public T Match<T>(Func<T> production, Func<T> sandbox, Func<string, T> refused) => this switch
    {
        Production => production(),
        Sandbox => sandbox(),
        Refused(var line) => refused(line),
        _ => throw new InvalidOperationException($"Unknown start {GetType().Name}."),
    };
}

/// <summary>The sandbox trusts whoever is on this machine, so one real setting, or one sign of a hosting platform, is enough to keep it away.</summary>
internal static class SandboxRule
{
    private static readonly string[] Sections = ["Roles", "Store", "Incidents", "ResponsePlans"];
    private static readonly string[] Prefixes = ["MicrosoftApp", "AZURE_"];
    private static readonly string[] HostingMarkers = ["WEBSITE_SITE_NAME", "KUBERNETES_SERVICE_HOST", "IDENTITY_ENDPOINT"];

    /// <param name="configuration">Files, environment and command line, before anything of the sandbox is added.</param>
    /// <param name="askedFor">By name: then standing in the way is an error, not production.</param>
    public static StartKind Check(string environment, IConfiguration configuration, bool askedFor)
    {
        var obstacles = Obstacles(environment, configuration).ToList();
        return obstacles.Count == 0 ? new StartKind.Sandbox()
            : !askedFor ? new StartKind.Production()
            : new StartKind.Refused($"sandbox: it cannot be started here, because {string.Join("; ", obstacles)}. "
                + "It runs in the environment Development (DOTNET_ENVIRONMENT), on a developer's machine, with no real setting in files or environment.");
    }

    private static IEnumerable<string> Obstacles(string environment, IConfiguration configuration)
    {
        if (!environment.Equals("Development", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"the environment is {environment}";
        }

        var set = configuration.GetChildren().Where(IsSet).Select(section => section.Key).ToList();
        var real = set.Where(key => Sections.Contains(key, StringComparer.OrdinalIgnoreCase) || Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToList();
        if (real.Count > 0)
        {
            yield return $"{string.Join(", ", real)} {(real.Count == 1 ? "is" : "are")} set";
        }

        var hosted = set.Where(key => HostingMarkers.Contains(key, StringComparer.OrdinalIgnoreCase)).ToList();
        if (hosted.Count > 0)
        {
            yield return $"{string.Join(", ", hosted)} {(hosted.Count == 1 ? "says" : "say")} that this is a hosting platform";
        }
    }

    /// <summary>A key that is there with nothing in it, as in a copy of the sample, is not set.</summary>
    private static bool IsSet(IConfigurationSection section) => !string.IsNullOrWhiteSpace(section.Value) || section.GetChildren().Any(IsSet);
}
