using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>One known situation. <see cref="Investigate"/> sees the target alone: nothing an alert says can reach it.</summary>
/// <param name="Name">As a plan's <c>Runbooks</c> lists it.</param>
internal sealed record Runbook(string Name, Func<Incident, ResourceId, bool> Fits, Func<ResourceId, CancellationToken, Task<Investigated>> Investigate);
