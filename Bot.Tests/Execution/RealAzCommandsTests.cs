using System.Collections.Concurrent;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

/// <summary>Every command of the table through the bot's own way to the real Azure CLI: what az asks of Azure, byte for byte where it changes something, and what the bot makes of it.</summary>
[Collection(RealAz.Name)]
public sealed class RealAzCommandsTests
{
    private const int AtOnce = 3;

    [Fact]
    public async Task Each_command_asks_Azure_for_what_its_row_says_and_ends_as_it_says()
    {
        await Compare(AzRows.Reads + '\n' + AzRows.Changes, RealAz.Program);
    }

    /// <summary>Debian's package runs these in an older profile of Azure alone, which a deployer's own script in front of az chooses.</summary>
    [Fact]
    public async Task Commands_of_virtual_machines_run_by_a_script_of_the_deployer_that_chooses_a_profile()
    {
        using var wrapper = new FakeProgram("az", $"""printf '[AzureCloud]\nprofile = 2020-09-01-hybrid\n' > "$AZURE_CONFIG_DIR/clouds.config"; exec {RealAz.Program} "$@" """);
        await Compare(AzRows.Machines, wrapper.Executable);
    }

    [Fact]
    public void There_are_as_many_commands_as_there_have_to_be_and_no_read_sends_anything_but_GET()
    {
        var rows = Rows($"{AzRows.Reads}\n{AzRows.Changes}\n{AzRows.Machines}");
        Assert.True(rows.Count >= 25, $"{rows.Count}");
        Assert.Equal(rows.Count, rows.Select(r => r.Typed).Distinct().Count());
        Assert.All(rows.Where(r => !r.Said.StartsWith("Succeeded", StringComparison.Ordinal)), r => Assert.All(r.Sent.Split(" ; "), s => Assert.StartsWith("GET ", s, StringComparison.Ordinal)));
    }

    private static async Task Compare(string table, string program)
    {
        ConcurrentQueue<string> unexpected = [];
        var (found, rows) = (new ConcurrentDictionary<string, string>(), new ConcurrentQueue<(string Typed, string Said, string Sent)>(Rows(table)));
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            // A world for each of those that run at once, so that it is known who asked.
            await using var world = await AzWorld.New(program);
            while (rows.TryDequeue(out var row))
            {
                var before = world.Arm.Asked.Count;
                var said = await Said(world, row.Typed, row.Said);
                found[row.Typed] = $"{row.Typed} | {said} | {string.Join(" ; ", world.Arm.Asked.Skip(before).Select(Line))}";
            }

            foreach (var call in world.Cloud.Unexpected) unexpected.Enqueue(call);
        }));

        Assert.Empty(unexpected);
        var expected = Rows(table).Select(r => $"{r.Typed} | {r.Said} | {r.Sent}").Order(StringComparer.Ordinal);
        Assert.Equal(string.Join('\n', expected), string.Join('\n', found.Values.Order(StringComparer.Ordinal)));
    }

    /// <summary>Of a read the row's words where they are in its output, else the output; of a change how it ended.</summary>
    private static async Task<string> Said(AzWorld world, string typed, string expected)
    {
        if (world.Understood(typed).Command.Effect != Effect.ReadOnly)
        {
            var result = await world.Execute(typed);
            return $"{result.Outcome} {result.Code}{(result.Message == "az ended well" ? "" : $": {result.Message}")}";
        }

        var output = await world.Read(typed);
        return output.Failed ?? (output.Text.Contains(expected, StringComparison.Ordinal) ? expected : output.Text);
    }

    private static string Line(WireRequest request)
    {
        var path = request.Path.Replace($"{AzArm.Group}/providers", "~", StringComparison.OrdinalIgnoreCase).Replace($"/subscriptions/{Known.Subscription}", "", StringComparison.OrdinalIgnoreCase);
        return $"{request.Method} {path} {request.Query["api-version"]}{(request.Body.Length == 0 ? "" : $" {request.Body.Replace(AzArm.Group, "GROUP", StringComparison.Ordinal)}")}";
    }

    private static List<(string Typed, string Said, string Sent)> Rows(string table) => [.. table.Replace("SUB", Known.Subscription, StringComparison.Ordinal).Split('\n').Select(l => l.Trim().Split(" | ")).Select(p => (p[0], p[1], p[2]))];
}
