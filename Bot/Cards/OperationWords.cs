using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Cards;

/// <summary>What people read about an operation. It comes from the classified action, never from the text that suggested it.</summary>
internal static class OperationWords
{
    /// <summary>"restart app-service-prod": for notifications.</summary>
    public static string Short(Operation operation) => operation.Match(arm => $"{arm.Known?.Short ?? arm.Verb} {arm.Target.NameInFull}{arm.Parameters?.After}", tool => $"{tool.Known?.Short ?? tool.Command} {tool.Name}{tool.After}");

    /// <summary>"restarted": completes "I've …" and "could not be …".</summary>
    public static string Did(Operation operation) => operation.Match(arm => arm.Known?.Did ?? "changed", tool => tool.Known?.Did ?? "changed");

    /// <summary>" from 2 to 3 instances": completes the name of the target.</summary>
    public static string After(Operation operation) => operation.Match(arm => arm.Parameters?.After ?? "", tool => tool.After);

    public static string Impact(Operation operation) => operation.Match(arm => arm.Parameters?.Impact ?? arm.Known?.Impact ?? "Its impact is not known.", tool => Impact(tool));

    public static string Rollback(Operation operation) => operation.Match(arm => arm.Parameters?.Rollback ?? arm.Known?.Rollback ?? "How to undo it is not known.", tool => tool.Known?.Rollback ?? "How to undo it is not known.");

    /// <summary>Where and as whom: part of what is approved, and in no line of the request itself.</summary>
    public static string Context(Operation operation) => operation.Match(arm => Context(arm.Context), tool => tool.Object.Length == 0 ? Context(tool.Context) : $"cluster {tool.Scope.Value}, by its kubeconfig");

    /// <summary>"Azure", "The cluster": who says how it went, at the beginning of a sentence.</summary>
    public static string Answerer(Operation operation) => operation.Match(_ => "Azure", tool => tool.Tool == CommandTool.Kubectl ? "The cluster" : "Azure");

    private static string Context(AzureContext context) => $"{Cloud(context.Cloud)}, tenant {context.TenantId}, as identity {context.AgentIdentity}";

    /// <summary>Whoever approves a command of az has to know that it may be sent more than once.</summary>
    private static string Impact(Operation.ToolCall tool) =>
        $"{tool.Known?.Impact ?? "Its impact is not known."}{(tool.Tool == CommandTool.Az ? $" {CatalogueCommand.MaySendAgain}" : "")}";

    private static string Cloud(string cloud) => cloud switch
    {
        "AzureCloud" => "Azure public cloud",
        "AzureUSGovernment" => "Azure US Government cloud",
        "AzureChinaCloud" => "Azure China cloud",
        _ => $"{cloud} cloud",
    };

    /// <summary>"94 % → 41 %", with a question mark for what could not be measured.</summary>
    public static string BeforeAfter(Verification verification) => $"{verification.Signal.Say(verification.Before)} → {verification.Signal.Say(verification.After)}";
}
