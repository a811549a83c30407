using RunModes.Bot.Proposals;
using static RunModes.Bot.Tests.Proposals.Restart;

namespace RunModes.Bot.Tests.Proposals;

public sealed class FingerprintTests
{
    private static readonly IReadOnlyDictionary<string, Operation.ArmCall> OneFieldChanged = new Dictionary<string, Operation.ArmCall>
    {
        ["Cloud"] = Call with { Context = Call.Context with { Cloud = "AzureUSGovernment" } },
        ["TenantId"] = Call with { Context = Call.Context with { TenantId = "other" } },
        ["AgentIdentity"] = Call with { Context = Call.Context with { AgentIdentity = "other" } },
        ["Target"] = Call with { Target = ResourceId.Parse(AppId + "-2") },
        ["Action"] = Call with { Action = "Microsoft.Web/sites/stop/Action" },
        ["Method"] = Call with { Method = "PUT" },
        ["Verb"] = Call with { Verb = "stop" },
        ["ApiVersion"] = Call with { ApiVersion = "2024-04-01" },
        ["Body"] = Call with { Body = "{}" },
    };

    [Fact]
    public void Every_field_changes_it()
    {
        var all = OneFieldChanged.Values.Append(Call).Select(o => Fingerprint.Of(o).Hex).ToHashSet();

        Assert.Equal(OneFieldChanged.Count + 1, all.Count);
        var fields = typeof(Operation.ArmCall).GetConstructors().Single(c => c.GetParameters().Length > 1).GetParameters().Select(p => p.Name!)
            .Where(name => name != nameof(Operation.ArmCall.Context))
            .Concat(typeof(AzureContext).GetConstructors().Single(c => c.GetParameters().Length > 1).GetParameters().Select(p => p.Name!));
        Assert.Equal(fields.Order(StringComparer.Ordinal), OneFieldChanged.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_letters_of_the_target_as_they_are_sent_count_byte_by_byte() =>
        Assert.NotEqual(Fingerprint.Of(Call), Fingerprint.Of(Call with { Target = ResourceId.Parse(AppId.ToUpperInvariant()) }));

    [Fact]
    public void Moving_bytes_from_one_field_to_the_next_changes_it()
    {
        string[] seen =
        [
            Fingerprint.Of(Call with { Verb = "restart", Body = "x" }).Hex,
            Fingerprint.Of(Call with { Verb = "restartx", Body = "" }).Hex,
            Fingerprint.Of(Call with { Method = "POSTr", Verb = "estart", Body = "x" }).Hex,
            Fingerprint.Of(Call with { ApiVersion = "2023-12-0", Method = "1POST", Verb = "restart", Body = "x" }).Hex,
            Fingerprint.Of(Call with { Verb = "restart\0x", Body = "" }).Hex,
        ];

        Assert.Equal(seen.Length, seen.Distinct().Count());
    }

    [Fact]
    public void It_is_the_same_in_every_process_and_every_version()
    {
        // Computed apart from this program, from the description alone.
        Assert.Equal("28f87c469478a72f5dd95bee07a78ccdaf2cc1b3920985cdcdbb34fd18d9e34c", Fingerprint.Of(Call).Hex);
        Assert.Equal(Fingerprint.Of(Call), Fingerprint.Of(Call with { }));
        Assert.Equal(Fingerprint.Of(Call).Hex[..12], Fingerprint.Of(Call).Short);
    }

    [Fact]
    public void The_intent_is_action_and_target_whatever_the_letters_and_the_rest()
    {
        var intent = Fingerprint.IntentKey(Call);

        Assert.Equal(intent, Fingerprint.IntentKey(Call with { Action = Call.Action.ToUpperInvariant(), Target = ResourceId.Parse(AppId.ToUpperInvariant()) }));
        Assert.All(OneFieldChanged, changed => Assert.Equal(changed.Key is not ("Action" or "Target"), Fingerprint.IntentKey(changed.Value) == intent));
        Assert.NotEqual(intent, Fingerprint.Of(Call).Hex);
    }
}

/// <summary>The operation these tests are about.</summary>
internal static class Restart
{
    public const string AppId = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Web/sites/app-service-prod";

    public static Operation.ArmCall Call { get; } = Operation.ArmCall.Of(ArmAction.RestartWebApp, ResourceId.Parse(AppId), new("AzureCloud", "tenant", "agent"));
}
