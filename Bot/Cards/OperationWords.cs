using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <summary>What people read about an operation. It comes from the classified action, never from the text that suggested it.</summary>
internal static class OperationWords
{
    /// <summary>"restart app-service-prod": for notifications.</summary>
    public static string Short(Operation operation) => operation.Match(arm => $"{arm.Known?.Short ?? arm.Verb} {arm.Target.NameInFull}{arm.Parameters?.After}");

    /// <summary>"restarted": completes "I've …" and "could not be …".</summary>
    public static string Did(Operation operation) => operation.Match(arm => arm.Known?.Did ?? "changed");

    /// <summary>" from 2 to 3 instances": completes the name of the target.</summary>
    public static string After(Operation operation) => operation.Match(arm => arm.Parameters?.After ?? "");

    public static string Impact(Operation operation) => operation.Match(arm => arm.Parameters?.Impact ?? arm.Known?.Impact ?? "Its impact is not known.");

    public static string Rollback(Operation operation) => operation.Match(arm => arm.Parameters?.Rollback ?? arm.Known?.Rollback ?? "How to undo it is not known.");

    /// <summary>Where and as whom: part of what is approved, and in no line of the request itself.</summary>
    public static string Context(Operation operation) => operation.Match(arm =>
        $"{Cloud(arm.Context.Cloud)}, tenant {arm.Context.TenantId}, as identity {arm.Context.AgentIdentity}");

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
