using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>An independent judge (Microsoft's validator) says which minted tokens are good, so that a refusal by the bot means something.</summary>
public sealed class ConnectorTokensTests
{
    // What a token library by itself cannot know: these are well-formed and well-signed, and wrong for other reasons.
    private static readonly BadToken[] WellSigned = [BadToken.NoServiceUrl, BadToken.OtherServiceUrl, BadToken.KeyWithoutEndorsement];

    public static TheoryData<string> Kinds => [.. Enum.GetNames<BadToken>()];

    [Fact]
    public async Task A_good_token_is_valid_at_the_moment_the_clock_shows()
    {
        using var clock = new ManualClock();
        await using var cloud = await FakeCloud.Start(clock, TestContext.Current.CancellationToken);
        Assert.True((await Validate(cloud, cloud.Login.TokensFor().Good())).IsValid);
        var early = cloud.Login.TokensFor().Good();
        clock.Advance(TimeSpan.FromHours(2));
        Assert.False((await Validate(cloud, early)).IsValid);
        Assert.True((await Validate(cloud, cloud.Login.TokensFor().Good())).IsValid);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bad_token_is_bad_in_the_way_its_name_says(string name)
    {
        using var clock = new ManualClock();
        await using var cloud = await FakeCloud.Start(clock, TestContext.Current.CancellationToken);
        var kind = Enum.Parse<BadToken>(name);
        var token = cloud.Login.TokensFor().Bad(kind);
        var result = await Validate(cloud, token);
        Assert.Equal(WellSigned.Contains(kind), result.IsValid);
        if (kind == BadToken.KeyWithoutEndorsement) Assert.Equal("unendorsed-1", new JsonWebToken(token).Kid);
        if (kind == BadToken.NoServiceUrl) Assert.False(new JsonWebToken(token).TryGetPayloadValue<string>("serviceurl", out _));
        if (kind == BadToken.OtherServiceUrl) Assert.NotEqual(Known.ServiceUrl, new JsonWebToken(token).GetPayloadValue<string>("serviceurl"));
    }

    [Fact]
    public async Task After_a_rotation_old_tokens_fail_and_new_ones_pass()
    {
        using var clock = new ManualClock();
        await using var cloud = await FakeCloud.Start(clock, TestContext.Current.CancellationToken);
        var old = cloud.Login.TokensFor().Good();
        cloud.Login.RotateKeys();
        Assert.False((await Validate(cloud, old)).IsValid);
        Assert.True((await Validate(cloud, cloud.Login.TokensFor().Good())).IsValid);
    }

    private static async Task<TokenValidationResult> Validate(FakeCloud cloud, string token)
    {
        using var client = new HttpClient(cloud.CreateHandler());
        var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
            "https://login.botframework.com/v1/.well-known/openidconfiguration", new HttpDocumentRetriever(client), TestContext.Current.CancellationToken);
        var now = cloud.Clock.GetUtcNow().UtcDateTime;
        return await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = ConnectorTokens.Issuer,
            ValidAudience = Known.AppId,
            IssuerSigningKeys = configuration.SigningKeys,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = ["RS256"],
            LifetimeValidator = (from, to, _, _) => to is { } until && until > now.AddMinutes(-5) && (from is not { } since || since < now.AddMinutes(5)),
        });
    }
}
