using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>An alert of Azure Monitor by its typed parts: nothing else of the id that came with it gets into a URL.</summary>
internal sealed partial record MonitorAlert(ResourceId Subscription, Guid Id)
{
    /// <returns>Null when it is no id of an alert.</returns>
    public static MonitorAlert? Of(string alertId) =>
        Alert().Match(alertId) is { Success: true } match ? new(ResourceId.Parse($"/subscriptions/{match.Groups["subscription"].Value}"), Guid.Parse(match.Groups["id"].Value)) : null;

    /// <summary>Below the subscription, or below the resource that it is about.</summary>
    [GeneratedRegex(@"^/subscriptions/(?<subscription>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(/[A-Za-z0-9_.()/-]{1,800})?/providers/Microsoft\.AlertsManagement/alerts/(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Alert();
}

/// <summary>What people see beside an alert. It changes nothing of what the alert is about.</summary>
internal enum AlertState { New = 0, Acknowledged, Closed }

/// <summary>Reads alerts of Azure Monitor and acknowledges or closes them: bookkeeping, on a way of its own that leads nowhere else.</summary>
internal sealed partial class AlertStates(ArmPipeline pipeline, ArmReader reader, TimeProvider clock)
{
    public const string Right = "Microsoft.AlertsManagement/alerts/changestate/action";
    private const string ApiVersion = "2018-05-05";

    public Task<ArmAnswer> Read(MonitorAlert alert, CancellationToken cancellation) => reader.Get(alert.Subscription, Suffix(alert), ApiVersion, [], cancellation);

    /// <summary>Sent once: whether it arrived is found out by reading.</summary>
    public Task<ArmAnswer> Set(MonitorAlert alert, AlertState state, CancellationToken cancellation) => ArmReader.WithinLimit(
        async token =>
        {
            using var message = pipeline.AlertChanges.CreateMessage();
            message.Request.Method = RequestMethod.Post;
            message.Request.Uri.Reset(pipeline.Endpoint.Url(alert.Subscription, $"{Suffix(alert)}/changestate", ApiVersion, [("newState", state.ToString())]));
            message.Request.Headers.Add("Accept", "application/json");
            // Always content, be it empty: without, the HTTP stack sends again by itself when a connection dies before the answer.
            message.Request.Content = RequestContent.Create(Array.Empty<byte>());
            await pipeline.AlertChanges.SendAsync(message, token);
            return ArmReader.Answer(message.Response);
        },
        clock,
        cancellation);

    private static string Suffix(MonitorAlert alert) => $"/providers/Microsoft.AlertsManagement/alerts/{alert.Id:D}";

    /// <summary>The last step before the transport: acknowledging or closing one alert, or nothing.</summary>
    public sealed partial class Guard : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            var url = message.Request.Uri.ToUri();
            if (message.Request.Method != RequestMethod.Post || !Change().IsMatch(url.PathAndQuery))
            {
                throw new InvalidOperationException("This way leads to the state of an alert and nowhere else.");
            }
        }

        [GeneratedRegex(@"^/subscriptions/[0-9a-f-]{36}/providers/Microsoft\.AlertsManagement/alerts/[0-9a-f-]{36}/changestate\?api-version=2018-05-05&newState=(Acknowledged|Closed)\z",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
        private static partial Regex Change();
    }
}
