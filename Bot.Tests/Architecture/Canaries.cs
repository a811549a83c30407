using System.Diagnostics;
using RunModes.Bot.Proposals;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Architecture;

/// <summary>One violation of each rule, never called: proof that the rule can fail, in lambdas and asynchronous methods too.</summary>
internal static class Canaries
{
    internal sealed class UsesStorage
    {
        public static Func<object> Hidden() => () => new PlanTable();
    }

    internal sealed class UsesDapper
    {
        public static async Task Hidden(SqliteStore store)
        {
            await Task.Yield();
            await store.Open(readOnly: true).DisposeAsync();
        }
    }

    internal sealed class ReadsFiles
    {
        public static string Hidden() => File.ReadAllText("x");
    }

    internal sealed class OwnsClock
    {
        public static TimeProvider Hidden() => TimeProvider.System;
    }

    internal sealed class StartsProcess
    {
        public static void Hidden() => Process.Start("x");
    }

    internal sealed class RunsTools
    {
        public static async Task Hidden(Bot.Execution.ToolRunner runner, Operation.ToolCall call) =>
            await runner.Run(call.Tool, call.Scope, call.Arguments, TimeSpan.Zero, default);
    }

    internal sealed class PreparesTools
    {
        public static async Task Hidden(Bot.Execution.ToolRunner runner) => (await runner.Prepare(Bot.Proposals.CommandLines.CommandTool.Az, default)).Dispose();
    }

    internal sealed class ReadsWallClock
    {
        public static DateTime Hidden() => DateTime.UtcNow;
    }

    internal sealed class Sleeps
    {
        public static void Hidden() => Thread.Sleep(1);
    }

    internal sealed class Delays
    {
        public static async Task Hidden() => await Task.Delay(1);
    }

    internal sealed class TimesOut
    {
        public static CancellationTokenSource Hidden() => new(TimeSpan.FromSeconds(1));
    }

    internal sealed class DelaysByProvider
    {
        public static Task Hidden(TimeProvider clock) => Task.Delay(TimeSpan.FromSeconds(1), clock);
    }

    internal sealed class Posts
    {
        public static async Task Hidden(HttpClient client)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "https://x.example");
            (await client.SendAsync(request)).Dispose();
        }
    }

    internal sealed class PostsByClient
    {
        public static Task Hidden(HttpClient client) => client.PostAsync(new Uri("https://x.example"), null);
    }

    internal sealed class WinsPermits
    {
        public static Task<Claim> Hidden(IClaims claims, Proposal proposal) => ExecutionPermit.Win(claims, proposal, _ => true, TimeProvider.System, default);
    }

    internal sealed class RawExecutor
    {
        public static void Execute(Operation operation) => ArgumentNullException.ThrowIfNull(operation);
    }

    internal sealed class RunManager;
}
