using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Support;
using static RunModes.Bot.Tests.Roles.ScriptedGraph;

namespace RunModes.Bot.Tests.Roles;

public sealed class RoleDeadlineTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly Answer Yes = Json($$"""{"value":["{{Approvers}}"]}""");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Question.Account)]
    [InlineData(Question.Groups)]
    [FailureMode(21)]
    public async Task A_silent_Graph_is_could_not_tell_after_two_and_a_half_seconds(Question silent)
    {
        await using var world = new World();
        world.Graph.Script[silent] = async (_, ct) => { await Task.Delay(Timeout.Infinite, ct); throw new InvalidOperationException(); };
        var look = world.Look();
        await world.Graph.Arrived(silent);

        world.Clock.Advance(TimeSpan.FromSeconds(2.5));
        var answer = await look;

        Assert.False(answer.CouldTell);
        Assert.Contains("did not answer in time", answer.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_deadline_holds_against_a_transport_and_a_credential_that_do_not_listen()
    {
        await using var world = new World();
        world.Graph.Script[Question.Groups] = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        var look = world.Look();
        await world.Graph.Arrived(Question.Groups);
        world.Clock.Advance(RoleLookup.Budget);
        Assert.False((await look).CouldTell);

        await using var mute = new World();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mute.Graph.Credential.Issue = (_, _) => { asked.TrySetResult(); return new(new TaskCompletionSource<Azure.Core.AccessToken>().Task); };
        look = mute.Look();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        mute.Clock.Advance(RoleLookup.Budget);
        Assert.False((await look).CouldTell);
        Assert.Empty(mute.Graph.Asked);
    }

    [Fact]
    public async Task An_answer_just_within_the_budget_counts()
    {
        await using var world = new World();
        var late = new TaskCompletionSource<HttpResponseMessage>();
        world.Graph.Script[Question.Groups] = (_, _) => late.Task;
        var look = world.Look();
        await world.Graph.Arrived(Question.Groups);

        world.Clock.Advance(TimeSpan.FromSeconds(2.499));
        late.SetResult(await Yes(null!, Ct));

        Assert.True((await look).IsAdministrator);
    }

    [Fact]
    public async Task Account_and_membership_are_asked_side_by_side()
    {
        await using var world = new World();
        var account = new TaskCompletionSource<HttpResponseMessage>();
        world.Graph.Script[Question.Account] = (_, _) => account.Task;
        var look = world.Look();

        await Task.WhenAll(world.Graph.Arrived(Question.Account), world.Graph.Arrived(Question.Groups));
        account.SetResult(await Json(Member)(null!, Ct));

        Assert.True((await look).IsAdministrator);
    }

    [Theory]
    [InlineData(429, "2.128", 2.128)]
    [InlineData(429, "1", 1)]
    [InlineData(503, "0.5", 0.5)]
    [InlineData(429, "Mon, 02 Mar 2026 08:00:02 GMT", 2)]
    public async Task One_retry_is_made_when_the_pause_asked_for_fits(int status, string retryAfter, double seconds)
    {
        await using var world = new World();
        world.Graph.Script[Question.Groups] = InTurn(Status(status, retryAfter), Yes);
        var look = world.Look();
        await world.Clock.Armed(TimeSpan.FromSeconds(seconds));
        Assert.Equal(1, world.Graph.Times(Question.Groups));

        world.Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.True((await look).IsAdministrator);
        Assert.Equal(2, world.Graph.Times(Question.Groups));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Mon, 02 Mar 2026 07:59:00 GMT")]
    public async Task A_pause_of_nothing_is_retried_at_once(string retryAfter)
    {
        await using var world = new World();
        world.Graph.Script[Question.Account] = InTurn(Status(429, retryAfter), Json(Member));

        Assert.True((await world.Look()).IsAdministrator);
    }

    [Theory]
    [InlineData(429, "2.5")]
    [InlineData(429, "3")]
    [InlineData(429, "120")]
    [InlineData(429, "99999999999999999999999")]
    [InlineData(429, "Mon, 02 Mar 2026 08:00:03 GMT")]
    [InlineData(429, "-1")]
    [InlineData(429, "1,5")]
    [InlineData(429, "NaN")]
    [InlineData(429, "Infinity")]
    [InlineData(429, "soon")]
    [InlineData(429, "")]
    [InlineData(429, null)]
    [InlineData(403, "1")]
    [InlineData(401, "0")]
    public async Task No_retry_is_made_when_it_does_not_fit_is_not_understood_or_would_not_help(int status, string? retryAfter)
    {
        await using var world = new World();
        world.Graph.Script[Question.Groups] = InTurn(Status(status, retryAfter), Yes);

        var answer = await world.Look();

        Assert.False(answer.CouldTell);
        Assert.Contains($"Microsoft Graph answered {status}", answer.Why, StringComparison.Ordinal);
        Assert.Equal(1, world.Graph.Times(Question.Groups));
    }

    [Fact]
    public async Task A_pause_fits_only_into_what_is_left_of_the_budget()
    {
        await using var world = new World();
        var slow = new TaskCompletionSource<HttpResponseMessage>();
        world.Graph.Script[Question.Groups] = InTurn((_, _) => slow.Task, Yes);
        var look = world.Look();
        await world.Graph.Arrived(Question.Groups);

        world.Clock.Advance(TimeSpan.FromSeconds(1.5));
        slow.SetResult(await Status(429, "1")(null!, Ct));

        Assert.False((await look).CouldTell);
        Assert.Equal(1, world.Graph.Times(Question.Groups));
    }

    [Fact]
    public async Task A_second_refusal_is_final()
    {
        await using var world = new World();
        world.Graph.Script[Question.Groups] = InTurn(Status(429, "0"), Status(429, "0"), Yes);

        Assert.False((await world.Look()).CouldTell);
        Assert.Equal(2, world.Graph.Times(Question.Groups));
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_no_answer_at_all()
    {
        await using var world = new World();
        world.Graph.Script[Question.Groups] = (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        using var gone = new CancellationTokenSource();
        var look = world.Look(gone.Token);
        await world.Graph.Arrived(Question.Groups);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => look);
    }

    private sealed class World : IAsyncDisposable
    {
        private readonly ServiceProvider services;

        public World() => services = Graph.Wire(Clock);

        public SteppedClock Clock { get; } = new(Start);

        public ScriptedGraph Graph { get; } = new();

        public Task<RoleAnswer> Look(CancellationToken? cancellation = null) =>
            services.GetRequiredService<RoleLookup>().Look(new Person(Tenant, Ada, "Ada"), cancellation ?? Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct);

        public ValueTask DisposeAsync() => services.DisposeAsync();
    }
}
