using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using RunModes.Bot.Execution;

namespace RunModes.Bot.Sandbox;

/// <summary>login.microsoftonline.com of the practice tenant. Its tokens are signed by nobody and mean nothing anywhere else.</summary>
internal static class PracticeLogin
{
    private const int LifeSeconds = 3599;

    /// <summary>Shaped like a real one, because the agent reads its own object id from it.</summary>
    private static readonly string Token = string.Join('.',
        Part("""{"alg":"none","typ":"JWT"}"""), Part($$"""{"oid":"{{AgentIdentity.PracticeClient}}","tid":"{{AgentIdentity.PracticeTenant}}"}"""), "practice");

    public static PracticeAnswer Answer(HttpMethod method, string path) => method == HttpMethod.Post && path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal)
        ? PracticeAnswer.Ok(new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = LifeSeconds, ["ext_expires_in"] = LifeSeconds, ["access_token"] = Token })
        : new(404, new JsonObject { ["error"] = "invalid_request", ["error_description"] = "The practice login hands out tokens and nothing else." });

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>The bot's own identity towards the practice directory.</summary>
    public sealed class Credential(TimeProvider clock) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(Token, clock.GetUtcNow().AddSeconds(LifeSeconds));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
