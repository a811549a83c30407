using System.Net;

namespace RunModes.Bot.Teams;

/// <summary>What must hold of the body before a word of it is believed: right channel, our tenant everywhere, the connector the token speaks for.</summary>
internal static class ActivityGate
{
    public const string Teams = "msteams";

    /// <param name="caller">Null in the sandbox alone.</param>
    public static Refusal? Check(Activity activity, Caller? caller, TeamsOptions options)
    {
        if (activity.ChannelId != Teams)
            return Refuse("the channel is not Microsoft Teams");

        if (!Uri.TryCreate(activity.ServiceUrl, UriKind.Absolute, out var serviceUrl) || !ServiceHosts.Allowed(serviceUrl, options.Sandbox))
            return Refuse("the service URL is not the Bot Connector's");
        if (!options.Sandbox)
        {
            if (caller is null || !caller.EndorsedForTeams)
                return Refuse("the signing key is not endorsed for Microsoft Teams");
            if (!string.Equals(caller.ServiceUrl, activity.ServiceUrl, StringComparison.OrdinalIgnoreCase))
                return Refuse("the service URL is not the one in the token");
        }

        var tenants = activity.Tenants().ToList();
        if (tenants is not [var first, ..])
            return Refuse("no tenant is named");
        // The practice world has no tenant of its own: there the activity's must only be one.
        var ours = options is { Sandbox: true, TenantId: "" } ? first : options.TenantId;
        if (tenants.Any(tenant => !tenant.Equals(ours, StringComparison.OrdinalIgnoreCase)))
            return Refuse("another tenant is named");

        if (activity.ChannelData?.Channel?.Type is { } type && !type.Equals("standard", StringComparison.OrdinalIgnoreCase))
            return Refuse("the channel is not a standard one");
        return null;
    }

    private static Refusal Refuse(string why) => new(HttpStatusCode.Forbidden, why);
}
