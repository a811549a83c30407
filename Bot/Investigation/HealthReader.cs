using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <param name="IsPlatformProblem">Of an app: unavailable, and not by its users' doing.</param>
internal sealed record PlatformHealth(string State, string Summary, bool IsPlatformProblem)
{
    /// <summary>Azure names itself as what is wrong.</summary>
    public bool NamesPlatform { get; init; }
}

/// <summary>Azure's own opinion of a resource.</summary>
internal sealed class HealthReader(ArmReader arm)
{
    private const string HealthVersion = "2024-02-01";
    private const int LongestText = 160;

    public async Task<Reading<PlatformHealth>> Of(ResourceId resource, CancellationToken cancellation)
    {
        var answer = await arm.Get(resource, "/providers/Microsoft.ResourceHealth/availabilityStatuses/current", HealthVersion, [], cancellation);
        return answer.Match<Reading<PlatformHealth>>(
            body => body.Text("properties", "availabilityState") is { } state
                ? new Reading<PlatformHealth>.Told(new PlatformHealth(
                    state.Plain(20), body.Text("properties", "summary")?.Plain(LongestText) ?? "", IsPlatformProblem(state, body.Child("properties")))
                {
                    NamesPlatform = !Is(state, "Available") && Names(body.Child("properties"), "Platform"),
                })
                : new Reading<PlatformHealth>.NotRead("Azure did not say the resource health"),
            (_, _) => new Reading<PlatformHealth>.NotRead("Azure keeps no resource health for it"),
            (_, _) => new Reading<PlatformHealth>.NotRead("the agent may not read resource health; grant it Reader there"),
            reason => new Reading<PlatformHealth>.NotRead($"resource health could not be read: {reason.TrimEnd('.')}"));
    }

    /// <summary>The cause stands in several members and spellings ("Platform Initiated", "PlatformInitiated"); unavailable without a cause is not the app's doing either.</summary>
    private static bool IsPlatformProblem(string state, JsonElement properties)
    {
        bool Named(string who) => Names(properties, who);
        return (Is(state, "Unavailable") && !Named("User") && !Named("Customer")) || (Is(state, "Degraded") && Named("Platform"));
    }

    public static bool Names(JsonElement properties, string who) =>
        $"{properties.Text("context")} {properties.Text("healthEventCause")} {properties.Text("reasonType")}".Contains(who, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}
