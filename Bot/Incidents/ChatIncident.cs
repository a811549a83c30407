using System.Security.Cryptography;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Incidents;

/// <summary>What a person may ask for in chat. The first only looks.</summary>
internal enum ChatVerb { Investigate = 0, Restart, Command }

/// <summary>A command of az or kubectl as it was typed after the program's name. Text: it is read anew whenever something depends on it.</summary>
/// <param name="Provenance">An Administrator's text, or nobody's who vouches for it.</param>
internal sealed record RequestedCommand(CommandTool Tool, string Typed, Provenance Provenance);

/// <summary>The incident that a request in chat opens: one of its own, of no plan, which no alert joins.</summary>
internal static class ChatIncident
{
    public const string InvestigateRule = "investigate";
    public const string RestartRule = "propose restart";

    public static Incident Open(ChatVerb verb, ResourceId target, Who by, DateTimeOffset now)
    {
        var rule = verb == ChatVerb.Restart ? RestartRule : InvestigateRule;
        return new()
        {
            Id = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))),
            Platform = Platform.Chat,
            Rule = rule,
            Title = verb == ChatVerb.Restart ? $"{by.Name} asked for a restart of {target.NameInFull}" : $"{by.Name} asked to investigate {target.NameInFull}",
            Severity = "",
            SignalType = "",
            Target = target,
            PlanWhy = "A person asked for it in chat: no plan, so the agent's default mode is what is shown, and it asks first in every mode.",
            FirstFiredAt = now,
            LastFiredAt = now,
            MergeUntil = now,
            Firings = 1,
            Attempts = 1,
            Version = 1,
        };
    }

    /// <param name="target">The resource, or the cluster, that it concerns.</param>
    /// <param name="about">"scale web/shop", of the catalogue and checked values.</param>
    public static Incident Open(RequestedCommand command, ResourceId target, string about, Who by, DateTimeOffset now)
    {
        var program = command.Tool == CommandTool.Kubectl ? "kubectl" : "az";
        return Open(ChatVerb.Command, target, by, now) with { Rule = $"propose {program}", Title = $"{by.Name} asked for '{program} {about}'", Command = command };
    }

    public static bool WantsRestart(Incident incident) => incident is { Platform: Platform.Chat, Rule: RestartRule };
}
