using RunModes.Bot.Proposals;
using RunModes.Bot.Storage;
using static RunModes.Bot.Tests.Proposals.Restart;

namespace RunModes.Bot.Tests.Proposals;

public sealed class PreconditionTests
{
    private static readonly Precondition Size = new("plan size", ResourceId.Parse(AppId), "2023-12-01", "sku.name", "P1v3");
    private static readonly Operation.ArmCall Depending = Call with { DependsOn = [Size] };

    [Fact]
    public void Every_part_of_a_precondition_is_inside_the_fingerprint()
    {
        Operation.ArmCall[] others =
        [
            Call, Call with { DependsOn = [Size, Size] }, Of(Size with { Label = "size" }), Of(Size with { Resource = ResourceId.Parse(AppId + "2") }), Of(Size with { ApiVersion = "2022-03-01" }),
            Of(Size with { Member = "sku.tier" }), Of(Size with { Value = "P2v3" }),
        ];
        Assert.Equal(others.Length + 1, others.Append(Depending).Select(o => Fingerprint.Of(o)).Distinct().Count());
        Assert.Single(others.Append(Depending).Select(o => Fingerprint.IntentKey(o)).Distinct());

        static Operation.ArmCall Of(Precondition precondition) => Call with { DependsOn = [precondition] };
    }

    [Fact]
    public void An_operation_without_any_keeps_the_fingerprint_and_the_stored_form_of_earlier_versions()
    {
        Assert.Equal(
            Digest.Of("arm", "tenant", "AzureCloud", "", "agent", AppId, Call.Action, Call.ApiVersion, "POST", "restart", ""), Fingerprint.Of(Call).Hex);
        Assert.DoesNotContain("DependsOn", Sql.Write<Operation>(Call), StringComparison.Ordinal);
        Assert.Empty(Call.Preconditions);
    }

    [Fact]
    public void What_is_stored_is_what_is_read() => Assert.Equal(Depending, Sql.Read<Operation>(Sql.Write<Operation>(Depending)));

    [Theory]
    [InlineData("\"Value\":\"P1v3\"", "\"Value\":null")]
    [InlineData("\"Member\":\"sku.name\",", "")]
    [InlineData("\"ApiVersion\":\"2023-12-01\",\"Member\"", "\"Member\"")]
    public void A_stored_precondition_that_lacks_a_part_is_not_read(string part, string without)
    {
        var stored = Sql.Write<Operation>(Depending);
        Assert.Contains(part, stored, StringComparison.Ordinal);
        Assert.Throws<System.Text.Json.JsonException>(() => Sql.Read<Operation>(stored.Replace(part, without, StringComparison.Ordinal)));
    }
}
