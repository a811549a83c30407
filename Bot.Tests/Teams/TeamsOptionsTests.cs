using Microsoft.Extensions.Configuration;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Teams;

public sealed class TeamsOptionsTests
{
    [Theory]
    [InlineData("SingleTenant", "secret")]
    [InlineData("userassignedmsi", null)]
    public void Complete_settings_have_no_problems(string type, string? password) => Assert.Empty(Options(type, password).Problems());

    [Theory]
    [InlineData(null, null, "MicrosoftAppType")]
    [InlineData("MultiTenant", "secret", "MicrosoftAppType")]
    [InlineData("SingelTenant", "secret", "MicrosoftAppType")]
    [InlineData("SingleTenant", null, "MicrosoftAppPassword")]
    [InlineData("SingleTenant", " ", "MicrosoftAppPassword")]
    [InlineData("UserAssignedMSI", "secret", "MicrosoftAppPassword")]
    [InlineData("UserAssignedMSI", null, "MicrosoftAppId", "MicrosoftAppId", "bot")]
    [InlineData("UserAssignedMSI", null, "MicrosoftAppId", "MicrosoftAppId", "")]
    [InlineData("UserAssignedMSI", null, "MicrosoftAppTenantId", "MicrosoftAppTenantId", "contoso.com")]
    [InlineData("UserAssignedMSI", null, "MicrosoftAppOpenIdMetadata", "MicrosoftAppOpenIdMetadata", "https://evil.example/openidconfiguration")]
    [InlineData("UserAssignedMSI", null, "MicrosoftAppOpenIdMetadata", "MicrosoftAppOpenIdMetadata", "http://login.botframework.com/v1/.well-known/openidconfiguration")]
    [InlineData("UserAssignedMSI", null, "MicrosoftAppLoginUrl", "MicrosoftAppLoginUrl", "https://login.microsoftonline.com.evil.example/")]
    public void Each_problem_is_one_line_with_its_key_and_no_value_of_a_secret(string? type, string? password, string problem, string? key = null, string? value = null)
    {
        var line = Assert.Single(Options(type, password, key is null ? [] : [(key, value)]).Problems());

        Assert.StartsWith($"{problem}: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        if (password is "secret" && problem is "MicrosoftAppPassword")
            Assert.DoesNotContain("secret,", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MicrosoftAppOpenIdMetadata", "https://login.botframework.azure.us/v1/.well-known/openidconfiguration")]
    [InlineData("MicrosoftAppLoginUrl", "https://login.microsoftonline.us")]
    public void One_address_chooses_the_whole_cloud(string key, string value)
    {
        var options = Options("UserAssignedMSI", null, (key, value));

        Assert.Empty(options.Problems());
        Assert.Equal(("https://api.botframework.us", "https://login.microsoftonline.us/", "https://api.botframework.us/.default"),
            (options.Cloud.Issuer, options.Cloud.Login.AbsoluteUri, options.Cloud.Scope));
    }

    [Fact]
    public void Addresses_of_two_clouds_do_not_go_together() =>
        Assert.StartsWith("MicrosoftAppLoginUrl: ", Assert.Single(Options("UserAssignedMSI", null,
            ("MicrosoftAppOpenIdMetadata", "https://login.botframework.azure.us/v1/.well-known/openidconfiguration"),
            ("MicrosoftAppLoginUrl", "https://login.microsoftonline.com/")).Problems()), StringComparison.Ordinal);

    private static TeamsOptions Options(string? type, string? password, params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["MicrosoftAppType"] = type, ["MicrosoftAppId"] = Known.App, ["MicrosoftAppTenantId"] = Known.Tenant, ["MicrosoftAppPassword"] = password,
        };
        foreach (var (key, value) in more)
            settings[key] = value;
        return TeamsOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), sandbox: false);
    }
}
