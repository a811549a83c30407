using Microsoft.Bot.Builder;
using Sdk = Microsoft.Bot.Schema;

namespace RunModes.Bot.Teams.BotFramework;

/// <summary>
/// The same door as the tested build's, then a turn of the SDK. The SDK authenticates once more by its own rules, which let more callers in than Teams:
/// whoever is refused at our door never reaches it.
/// </summary>
internal sealed class SdkEndpoint(TeamsEndpoint door, ActivityDispatch dispatch, SdkChannel sdk)
{
    public async Task Handle(HttpContext context)
    {
        context.Request.EnableBuffering(TeamsEndpoint.BodyLimit, TeamsEndpoint.BodyLimit);
        if (await door.Admit(context) is not { } activity)
            return;
        context.Request.Body.Position = 0;
        await sdk.Adapter.ProcessAsync(context.Request, context.Response, new Turn(activity, dispatch), context.RequestAborted);
    }

    /// <param name="admitted">The activity as our own strict reader understood it; of the SDK's reading nothing is used.</param>
    private sealed class Turn(Activity admitted, ActivityDispatch dispatch) : IBot
    {
        public async Task OnTurnAsync(ITurnContext turnContext, CancellationToken cancellationToken = default)
        {
            // Wherever the answer of a click should go by the activity's word, it goes into the answer.
            turnContext.Activity.DeliveryMode = null;
            if (admitted.Type == "invoke")
            {
                var answer = await dispatch.Invoke(admitted);
                var body = SdkJson.Of(answer.ToJson());
                await turnContext.SendActivityAsync(
                    new Sdk.Activity { Type = Sdk.ActivityTypesEx.InvokeResponse, Value = new InvokeResponse { Status = StatusCodes.Status200OK, Body = body } }, cancellationToken);
                return;
            }

            // The service may then deliver it again. The failure itself is in the log already.
            if (!await dispatch.Handle(admitted))
                throw new InvalidOperationException("The activity could not be handled.");
        }
    }
}
