using System.Text.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Proposals;

/// <summary>Commands as operations: what was approved is what is stored, and every byte of it is in the fingerprint.</summary>
public sealed class ToolCallTests
{
    private const string Subscription = "11111111-2222-4333-8444-555555555555";
    private static readonly AzureContext Context = new("AzureCloud", "tenant", "agent");
    private static readonly ResourceId Cluster = ResourceId.Parse($"/subscriptions/{Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1");

    private static Operation.ToolCall Az(string typed) => Operation.ToolCall.Of(Assert.IsType<CommandReading.Understood>(new AzReader([Subscription]).Read(typed)), Context);

    private static Operation.ToolCall Kubectl(string typed) => Operation.ToolCall.Of(Assert.IsType<CommandReading.Understood>(new KubectlReader([new("prod", Cluster, "admin", ["web", "api"])]).Read(typed)), Context);

    private static Operation.ToolCall Scale => Kubectl("scale deployment/web --replicas 3");

    [Fact]
    public void What_is_stored_is_what_is_read_byte_by_byte()
    {
        foreach (var operation in (Operation[])[Scale, Az("vm deallocate -n vm1 -g web"), Az("sql db update -s sql1 -n db1 -g web --service-objective S2")])
        {
            var read = Sql.Read<Operation>(Sql.Write(operation));
            Assert.Equal(operation, read);
            Assert.Equal(Fingerprint.Of(operation), Fingerprint.Of(read));
            Assert.Equal((operation.Title, operation.TargetKey, operation.Limit), (read.Title, read.TargetKey, read.Limit));
        }
    }

    [Theory]
    [InlineData("Context")]
    [InlineData("Tool")]
    [InlineData("Command")]
    [InlineData("Action")]
    [InlineData("Scope")]
    [InlineData("Object")]
    [InlineData("Arguments")]
    public void A_stored_one_that_lacks_a_part_does_not_come_back(string part)
    {
        var json = JsonNode.Parse(Sql.Write<Operation>(Scale))!.AsObject();
        Assert.True(json.Remove(part));
        var refused = Record.Exception(() => Sql.Read<Operation>(json.ToJsonString()));
        Assert.True(refused is JsonException or InvalidDataException, $"{refused}");
    }

    [Fact]
    public void Every_part_is_in_the_fingerprint_and_an_added_option_does_not_escape_the_intent()
    {
        var call = Scale;
        Operation.ToolCall[] others =
        [
            call with { Context = Context with { AgentIdentity = "other" } }, call with { Context = Context with { Cloud = "AzureChinaCloud" } }, call with { Context = Context with { TenantId = "other" } },
            call with { Tool = CommandTool.Az }, call with { Command = "set image" }, call with { Action = "patch deployments.apps" },
            call with { Scope = ResourceId.Parse($"{Cluster}2") }, call with { Object = "api/deployments.apps/web" }, call with { Arguments = [.. call.Arguments, "--all"] },
            call with { Arguments = [.. call.Arguments.Take(2), $"{call.Arguments[2]} {call.Arguments[3]}", .. call.Arguments.Skip(4)] },
        ];
        Assert.Equal(others.Length + 1, others.Append(call).Select(o => Fingerprint.Of(o).Hex).Distinct().Count());
        Assert.Equal(Fingerprint.IntentKey(call), Fingerprint.IntentKey(Kubectl("scale deploy web --replicas 9")));
        Assert.NotEqual(Fingerprint.IntentKey(call), Fingerprint.IntentKey(Kubectl("scale deployment/web --replicas 3 -n api")));
        Assert.NotEqual(Fingerprint.IntentKey(call), Fingerprint.IntentKey(Kubectl("rollout restart deployment/web")));
    }

    [Fact]
    public void An_object_lies_below_its_cluster_so_that_what_concerns_one_concerns_the_other()
    {
        Assert.Equal($"{Cluster.Key}/kubernetes/web/deployments.apps/web", Scale.TargetKey);
        Assert.StartsWith(Az("aks start -n aks1 -g web").TargetKey + "/", Scale.TargetKey, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_program_changes_is_no_such_operation()
    {
        Assert.Throws<ArgumentException>(() => Az("webapp restart -n shop -g web"));
        Assert.Throws<ArgumentException>(() => Az("webapp show -n shop -g web"));
        Assert.Throws<ArgumentException>(() => Kubectl("get pods"));
        Assert.Equal(Effect.Unknown, (Scale with { Command = "delete" }).Effect);
        Assert.Equal(Effect.Unknown, (Scale with { Tool = CommandTool.Unknown }).Effect);
        Assert.Equal(Effect.Unknown, (Scale with { Command = "get" }).Effect);
    }

    [Fact]
    public void The_guardrails_hold_for_commands_as_for_requests()
    {
        Assert.Empty(Guardrails.Check(Scale, []));
        Assert.Empty(Guardrails.Check(Az("vm start -n vm1 -g web"), []));
        foreach (var own in (ResourceId[])[Cluster, Cluster.Group!, Cluster.Subscription, ResourceId.Parse($"{Cluster}/agentPools/system")])
        {
            Assert.Contains("The target is part of the bot itself.", Guardrails.Check(Scale, [own]));
        }

        Assert.Contains("The command is not in the catalogue of this version.", Guardrails.Check(Scale with { Command = "exec" }, []));
        Assert.Contains("The target is not one resource.", Guardrails.Check(Az("vm start -n vm1 -g web") with { Scope = Cluster.Group! }, []));
        Assert.Contains("Deletions are refused.", Guardrails.Check(Az("vm start -n vm1 -g web") with { Action = "Microsoft.Compute/virtualMachines/delete" }, []));
        Assert.Contains("It changes who may do what.", Guardrails.Of(CommandTool.Az, "Microsoft.Authorization/roleAssignments/read", Cluster, []));
    }

    /// <summary>The reviewed catalogue against the guardrails: no entry is one that these refuse.</summary>
    [Fact]
    public void No_command_of_the_catalogue_needs_what_a_guardrail_refuses() =>
        Assert.DoesNotContain(AzCatalogue.All, c => Guardrails.Refused.Any(r => Guardrails.Matches(r.Pattern, c.Action)));
}
