namespace RunModes.Bot.Sandbox;

/// <summary>
/// Whether this start is the sandbox. It trusts whoever is on this machine, so one real setting, or one sign of a hosting platform, is enough to
/// keep it away.
/// </summary>
internal abstract record SandboxRule
{
    private static readonly string[] Sections = ["Roles", "Store", "Incidents", "ResponsePlans"];
    private static readonly string[] Prefixes = ["MicrosoftApp", "AZURE_"];
    private static readonly string[] HostingMarkers = ["WEBSITE_SITE_NAME", "KUBERNETES_SERVICE_HOST", "IDENTITY_ENDPOINT"];

    private SandboxRule() { }

    public sealed record Production : SandboxRule;

    public sealed record Sandbox : SandboxRule;

    /// <param name="Line">For standard error; the exit code is 2.</param>
    public sealed record Refused(string Line) : SandboxRule;

    /// <param name="configuration">Files, environment and command line, before anything of the sandbox is added.</param>
    /// <param name="asked">By name: then something in the way is an error, not production.</param>
    public static SandboxRule Check(IHostEnvironment environment, IConfiguration configuration, bool asked)
    {
        var obstacles = Obstacles(environment, configuration).ToList();
        return obstacles.Count == 0 ? new Sandbox()
            : !asked ? new Production()
            : new Refused($"sandbox: it cannot be started here, because {string.Join("; ", obstacles)}. "
                + "It runs on a developer's machine, in the environment Development (ASPNETCORE_ENVIRONMENT), with no real setting in files or environment.");
    }

    private static IEnumerable<string> Obstacles(IHostEnvironment environment, IConfiguration configuration)
    {
        if (!environment.IsDevelopment())
        {
            yield return $"the environment is {environment.EnvironmentName}";
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
