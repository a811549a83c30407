using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

/// <summary>What goes wrong between the real Azure CLI and Azure, and what the card will say of it.</summary>
[Collection(RealAz.Name)]
public sealed class RealAzTests
{
    private const string Start = "aks start -n aks1 -g web";
    private const string Scale = "aks nodepool scale --cluster-name aks1 -n pool1 -g web --node-count 5";
    private const string Show = "group show -n web";

    [Theory]
    [InlineData("403", "Failed AuthorizationFailed", 1, "does not have authorization")]
    [InlineData("404", "Failed ResourceNotFound", 1, "was not found")]
    [InlineData("429 first", "Succeeded Accepted", 3, "by its own log az sent the change 3 times.")]
    [InlineData("ends failed", "Failed OverconstrainedAllocationRequest", 1, "Allocation failed.")]
    [InlineData("500", "Unknown InternalServerError", 4, "by its own log az sent the change 4 times.")]
    [InlineData("garbage", "Unknown Exit1", 1, "It may or may not have been done")]
    [InlineData("dropped", "Unknown Exit1", 4, "It may or may not have been done")]
    public async Task What_Azure_answers_to_a_change_is_what_the_card_will_say(string answer, string expected, int changes, string told)
    {
        await using var world = await AzWorld.New();
        var faults = world.Arm.Faults;
        switch (answer)
        {
            case "403": faults.Always(Fault.Error(403, "AuthorizationFailed", "The client does not have authorization."), IsChange); break;
            case "404": faults.Always(Fault.Error(404, "ResourceNotFound", "The Resource was not found."), IsChange); break;
            case "429 first": faults.Next(Fault.Throttled("1"), IsChange, times: 2); break;
            case "500": faults.Always(Fault.Error(500, "InternalServerError", "Something went wrong."), IsChange); break;
            case "garbage": faults.Always(Fault.Garbage, IsChange); break;
            case "dropped": faults.Always(Fault.AcceptThenDrop, IsChange); break;
            default: world.Arm.End = """{"name":"op","status":"Failed","error":{"code":"OverconstrainedAllocationRequest","message":"Allocation failed."}}"""; break;
        }

        var result = await world.Execute(answer is "garbage" or "dropped" ? Scale : Start);
        Assert.Equal(expected, $"{result.Outcome} {result.Code}");
        Assert.Equal(changes, world.Arm.Changes.Count);
        Assert.Contains(told, result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Known.AgentSecret, result.Message, StringComparison.Ordinal);
        world.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task What_Azure_answers_to_a_read_is_told_in_a_line()
    {
        await using var world = await AzWorld.New();
        var faults = world.Arm.Faults;
        faults.Next(Fault.Throttled("1"), IsRead);
        Assert.Contains("\"westeurope\"", (await world.Read(Show)).Text, StringComparison.Ordinal);
        Assert.Equal(2, world.Arm.Asked.Count);
        foreach (var (fault, told) in (IEnumerable<(Fault, string)>)[(Fault.Error(403, "AuthorizationFailed", "The client does not have authorization."), "az ended with 1: ERROR: (AuthorizationFailed) The client"),
            (Fault.Error(404, "ResourceGroupNotFound", "It could not be found."), "az ended with 3: ERROR: (ResourceGroupNotFound)"), (Fault.Garbage, "az ended with 1: ")])
        {
            faults.Clear();
            faults.Always(fault, IsRead);
            var read = await world.Read(Show);
            Assert.StartsWith(told, read.Failed, StringComparison.Ordinal);
            Assert.Equal("", read.Text);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_in_the_middle_of_its_wait_it_has_sent_once_and_nobody_knows(bool timeOut)
    {
        await using var world = await AzWorld.New();
        world.Arm.Faults.Always(Fault.Hang, AzArm.IsPoll);
        using var stopping = new CancellationTokenSource();
        var execution = world.Execute(Start, stopping.Token);
        for (var beginning = TimeProvider.System.GetTimestamp(); !world.Arm.Requests.Any(AzArm.IsPoll);)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(90), "az never asked after it.");
            Assert.False(execution.IsCompleted, execution.IsCompleted ? (await execution).ToString() : "");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        if (timeOut)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(15));
        }
        else
        {
            await stopping.CancelAsync();
        }

        var result = await execution;
        Assert.Equal((Outcome.Unknown, "TimedOut", true), (result.Outcome, result.Code, result.Sent));
        Assert.Contains(timeOut ? "az did not end in its time" : "the bot stopped", result.Message, StringComparison.Ordinal);
        Assert.Single(world.Arm.Changes);
    }

    [Fact]
    public async Task Four_at_once_do_not_meet()
    {
        await using var world = await AzWorld.New();
        foreach (var n in Enumerable.Range(2, 3))
        {
            world.Arm.Add(AzResources.Id("Microsoft.ContainerService/managedClusters", $"aks{n}"), "Microsoft.ContainerService/managedClusters", []);
        }

        var results = await Task.WhenAll(Enumerable.Range(1, 4).Select(n => world.Execute($"aks start -n aks{n} -g web")));
        Assert.All(results, r => Assert.Equal((Outcome.Succeeded, "az ended well"), (r.Outcome, r.Message)));
        Assert.Equal(["aks1", "aks2", "aks3", "aks4"], world.Arm.Changes.Select(m => m.Segments[^2]).Order(StringComparer.Ordinal));
        world.Cloud.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("a wrong secret", "az could not sign in as the agent: ERROR: AADSTS7000215")]
    [InlineData("no way out", "az could not sign in as the agent: ERROR: ")]
    public async Task Where_az_cannot_sign_in_nothing_runs(string how, string told)
    {
        await using var world = await AzWorld.New(network: n => how == "no way out" ? n.ToDictionary(p => p.Key, p => p.Key.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase) && p.Value.StartsWith("http", StringComparison.Ordinal) ? "http://127.0.0.1:9" : p.Value) : n);
        world.Cloud.Entra.Client(Known.AgentClientId, "another");
        var refused = await world.Execute(Start);
        Assert.Equal((Outcome.Failed, "NotSent", false), (refused.Outcome, refused.Code, refused.Sent));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Contains(told, (await world.Read(Show)).Failed, StringComparison.Ordinal);
        Assert.Empty(world.Arm.Requests);
    }

    [Fact]
    public async Task A_hundred_megabytes_of_answer_are_read_and_not_kept()
    {
        await using var world = await AzWorld.New();
        world.Arm.Faults.Always(Fault.Status(200, $$"""{"id":"{{AzArm.Group}}","name":"web","location":"westeurope","tags":{"big":"{{new string('x', 100_000_000)}}" } }"""), IsRead);
        var read = await world.Read(Show);
        Assert.Null(read.Failed);
        Assert.Equal(Subprocess.MostKept, read.Text.Length);
    }

    private static bool IsChange(WireRequest request) => !request.IsRead;

    private static bool IsRead(WireRequest request) => request.IsRead && request.Path.EndsWith("/resourcegroups/web", StringComparison.OrdinalIgnoreCase);
}
