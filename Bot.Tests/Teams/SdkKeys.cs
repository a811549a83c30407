using System.Reflection;

namespace RunModes.Bot.Tests.Teams;

/// <summary>Where the build over the SDK is tested: it asks for the signing keys by a static client of its own, which no setting reaches.</summary>
internal static class SdkKeys
{
    private static readonly Lock One = new();

    /// <summary>The first world's keys serve all, as its clock does: the SDK keeps both for the process. Nothing to do where there is no SDK.</summary>
    public static void From(FakeMicrosoft microsoft)
    {
        lock (One)
        {
            var owner = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType("Microsoft.Bot.Connector.Authentication.BuiltinBotFrameworkAuthentication")).FirstOrDefault(t => t is not null);
            if (owner?.GetField("_authHttpClient", BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null) is HttpClient client)
            {
                typeof(HttpMessageInvoker).GetField("_handler", BindingFlags.NonPublic | BindingFlags.Instance)!.SetValue(client, microsoft);
            }
        }
    }
}
