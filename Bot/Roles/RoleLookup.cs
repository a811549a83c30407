using System.Net;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Roles;

/// <summary>
/// Asks Microsoft Graph, at the click and again before execution, what a person may do. Nothing is remembered between two looks.
/// Only a well-formed yes to membership and account makes an Administrator; what could not be told is never a yes.
/// </summary>
internal sealed partial class RoleLookup(RoleOptions options, GraphDirectory directory, TimeProvider time, ILogger<RoleLookup> log)
{
    /// <summary>The client is shown an error when a click is not answered soon; all questions together get this.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(2.5);

    private readonly Guid[] administrators = Known(options.AdministratorGroups);
    private readonly Guid[] standardUsers = Known(options.StandardUserGroups);

    public async Task<RoleAnswer> Look(Person person, CancellationToken cancellation)
    {
        if (!RoleOptions.IsObjectId(options.TenantId, out var ours) || !RoleOptions.IsObjectId(person.TenantId, out var theirs) || ours != theirs)
            return RoleAnswer.Told(Role.None, "You are signed in to another organisation than this bot serves.");
        if (!RoleOptions.IsObjectId(person.ObjectId, out var id))
            return RoleAnswer.Told(Role.None, "Teams did not say who you are, so you have no role here.");
        if (IsApp(id)) return RoleAnswer.Told(Role.None, "Applications, this bot included, never have a role.");

        using var spent = new CancellationTokenSource(Budget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(spent.Token, cancellation);
        var began = time.GetTimestamp();
        var answer = await Look(id, new Asking(began, spent.Token, either.Token));
        Measures.RoleCheck(answer.CouldTell ? answer.Role.ToString() : "unknown", time.GetElapsedTime(began));
        cancellation.ThrowIfCancellationRequested();
        await either.CancelAsync();
        return answer;
    }

    private async Task<RoleAnswer> Look(Guid person, Asking look)
    {
        var asked = Ask(look, no: null, ask => directory.Account(person, ask)!);
        var administrates = Any([
            .. administrators.Chunk(GraphDirectory.MostGroupsAsked).Select(groups => Ask(look, no: false, ask => directory.IsInAny(person, groups, ask))),
            .. AppRole(person, look)]);
        var account = await asked;
        if (account.Unknown is { } silent) return CouldNotTell(silent);
        if (Refusal(account.Value) is { } refused) return refused;

        var administrator = await administrates;
        if (administrator is { Unknown: null, Value: true }) return Told(Role.Administrator);
        if (administrator.Unknown is { } untold) return CouldNotTell(untold);

        // Asked only now: for an Administrator nobody would wait for it, and giving up a question closes its connection, which the next click had to open again.
        var standard = await Any([
            .. standardUsers.Chunk(GraphDirectory.MostGroupsAsked).Select(groups => Ask(look, no: false, ask => directory.IsInAny(person, groups, ask)))]);
        if (standard.Unknown is { } unsaid) return CouldNotTell(unsaid);
        return Told(standard.Value ? Role.StandardUser : Role.Reader);
    }

    private IEnumerable<Task<Heard<bool>>> AppRole(Guid person, Asking look) =>
        options.AdministratorAppRole is not { } value ? []
        : RoleOptions.IsObjectId(options.AppId, out var app) ? [Ask(look, no: false, ask => directory.HoldsAppRole(person, app, value, ask))]
        : [Task.FromResult(new Heard<bool>(false, "the application of the approvers' app role is not configured"))];

    private RoleAnswer? Refusal(Account? account) => account switch
    {
        null => RoleAnswer.Told(Role.None, "Microsoft Graph does not know you as a user of this organisation."),
        { Enabled: false } => RoleAnswer.Told(Role.None, "Microsoft Graph says your account is disabled."),
        { Enabled: null } or not { UserType: "Member" or "Guest" } => CouldNotTell("Microsoft Graph did not say what kind of account you have"),
        { UserType: "Member", ExternalState: null } => null,
        _ => options.AllowGuests ? null : RoleAnswer.Told(Role.None, "Microsoft Graph says you are a guest of this organisation, and guests have no role here."),
    };

    private static RoleAnswer Told(Role role) => RoleAnswer.Told(role, role switch
    {
        Role.Administrator => "Microsoft Graph says you are an Administrator.",
        Role.StandardUser => "Microsoft Graph says you are a Standard User.",
        _ => "Microsoft Graph says you are a Reader.",
    });

    private static RoleAnswer CouldNotTell(string why) => RoleAnswer.Unknown($"I could not find out what you are: {why}. Nothing was changed; please try again in a moment.");

    private bool IsApp(Guid id) =>
        (RoleOptions.IsObjectId(options.AppId, out var bot) && bot == id) || (RoleOptions.IsObjectId(options.AgentAppId, out var agent) && agent == id);

    /// <summary>A yes stands whatever the other questions came to; a no needs them all.</summary>
    private static async Task<Heard<bool>> Any(IReadOnlyList<Task<Heard<bool>>> questions)
    {
        var heard = await Task.WhenAll(questions);
        return heard.FirstOrDefault(one => one is { Unknown: null, Value: true })
            ?? heard.FirstOrDefault(one => one.Unknown is not null)
            ?? new Heard<bool>(false, null);
    }

    private async Task<Heard<T>> Ask<T>(Asking look, T no, Func<CancellationToken, Task<T>> question)
    {
        for (var first = true; ; first = false)
        {
            TimeSpan pause;
            try
            {
                // WaitAsync: the deadline holds even where a credential or transport does not listen to its token.
                return new Heard<T>(await question(look.Ends).WaitAsync(look.Ends), null);
            }
            catch (GraphRefused refused) when (refused.Status == HttpStatusCode.NotFound)
            {
                return new Heard<T>(no, null);
            }
            catch (GraphRefused busy) when (first && busy.RetryAfter(time.GetUtcNow()) is { } wait && wait < Budget - time.GetElapsedTime(look.Began))
            {
                pause = wait;
            }
            catch (Exception failure)
            {
                return NotHeard(no, failure, look);
            }

            await Task.Delay(pause, time, look.Ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whatever went wrong here is an answer too: it could not be told.</summary>
    private Heard<T> NotHeard<T>(T no, Exception failure, Asking look)
    {
        var late = look.Spent.IsCancellationRequested;
        if (look.Ends.IsCancellationRequested && !late) return new Heard<T>(no, "the question was no longer needed");

        var why = failure switch
        {
            _ when late => "Microsoft Graph did not answer in time",
            GraphRefused { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => $"{failure.Message}; the bot needs its consented Graph permissions",
            GraphRefused or GraphUnreadable => failure.Message,
            AuthenticationFailedException => "the bot could not sign in to Microsoft Graph",
            HttpRequestException or IOException => "Microsoft Graph could not be reached",
            _ => "asking Microsoft Graph failed",
        };
        NotTold(log, why, failure.GetType().Name);
        return new Heard<T>(no, why);
    }

    private static Guid[] Known(IReadOnlyList<string?> groups) =>
        [.. groups.Select(group => RoleOptions.IsObjectId(group, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct()];

    [LoggerMessage(Level = LogLevel.Warning, Message = "A role could not be told: {Why} ({Failure})")]
    private static partial void NotTold(ILogger logger, string why, string failure);

    /// <param name="Spent">The budget is used up.</param>
    /// <param name="Ends">That, or nobody waits for the answer any more.</param>
    private readonly record struct Asking(long Began, CancellationToken Spent, CancellationToken Ends);

    /// <param name="Unknown">Null when <paramref name="Value"/> was told; else why it was not.</param>
    private sealed record Heard<T>(T Value, string? Unknown);
}
