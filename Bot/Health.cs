using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot;

/// <summary>Alive, and ready. Troubles of others (Azure, Graph, Teams) are told in the body and do not take a bot out of rotation.</summary>
internal static class Health
{
    private const int MostTroubles = 20;

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        // Both take the request as it is: binding by parameters is code that is made at every start, while somebody waits for the first answer.
        routes.MapGet("/healthz", static context => Results.Text("alive").ExecuteAsync(context));
        routes.MapGet("/readyz", static async context => await (await Ready(context.RequestServices, context.RequestAborted)).ExecuteAsync(context));
    }

    private static async Task<IResult> Ready(IServiceProvider services, CancellationToken cancellation)
    {
        var (ledger, plans, outbox, skew) = (services.GetRequiredService<ILedger>(), services.GetRequiredService<IPlans>(), services.GetRequiredService<IOutbox>(), services.GetRequiredService<ClockSkew>());
        try
        {
            // A write, because a full disk still reads, and still commits what changed nothing; and a lock, because a server that only follows
            // another one lets nobody take it.
            var (control, troubled) = await ledger.Write(DurableStep.HealthProbed,
                async t =>
                {
                    await plans.Touch(t);
                    return (await plans.ShareControl(t), await outbox.Troubled(t, MostTroubles));
                },
                cancellation);
            return Results.Json(new
            {
                status = "ready",
                stopped = control.Stopped,
                clock = skew.IsTooGreat ? $"{skew.Measured.TotalSeconds:0.0} s from the store's: no work is taken" : "agrees",
                undeliverable = troubled.Count(r => r.State == OutboxState.Undeliverable),
                waiting = troubled.Where(r => r.State != OutboxState.Undeliverable).Select(r => r.Problem).Distinct(),
            });
        }
        catch (StoreUnavailableException)
        {
            return Results.Json(new { status = "the store cannot be written" }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
