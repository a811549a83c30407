using Microsoft.Extensions.Configuration;
using RunModes.Bot.Sandbox;

namespace RunModes.Bot.Tests.Sandbox;

public sealed class SandboxRuleTests
{
    [Theory]
    [InlineData("Development", "")]
    [InlineData("development", "")]
    [InlineData("Development", "Agent:Name=Night shift", "Verification:Settle=00:00:05", "Logging:LogLevel:Default=Debug", "AzureCloud=AzureCloud", "WEBSITES_PORT=80")]
    [InlineData("Development", "MicrosoftAppId=", "Store:ConnectionString= ", "Roles:Administrator:AppRole=")]
    public void A_clean_developers_machine_is_the_sandbox(string environment, params string[] set)
    {
        Assert.IsType<StartKind.Sandbox>(Check(environment, set, askedFor: false));
        Assert.IsType<StartKind.Sandbox>(Check(environment, set, askedFor: true));
    }

    [Theory]
    [InlineData("Production", "", "the environment is Production")]
    [InlineData("Staging", "", "the environment is Staging")]
    [InlineData("", "", "the environment is ")]
    [InlineData("Development", "MicrosoftAppId=x", "MicrosoftAppId is set")]
    [InlineData("Development", "MicrosoftAppTenantId=x", "MicrosoftAppTenantId is set")]
    [InlineData("Development", "microsoftapppassword=x", "microsoftapppassword is set")]
    [InlineData("Development", "MicrosoftAppAnything=x", "MicrosoftAppAnything is set")]
    [InlineData("Development", "AZURE_CLIENT_ID=x", "AZURE_CLIENT_ID is set")]
    [InlineData("Development", "AZURE_CONFIG_DIR=x", "AZURE_CONFIG_DIR is set")]
    [InlineData("Development", "Roles:Administrator:Groups:0=x", "Roles is set")]
    [InlineData("Development", "Roles:AllowGuests=true", "Roles is set")]
    [InlineData("Development", "Store:ConnectionString=x", "Store is set")]
    [InlineData("Development", "Incidents:AzureMonitor:Key=x", "Incidents is set")]
    [InlineData("Development", "Incidents:PagerDuty:SigningSecrets:0=x", "Incidents is set")]
    [InlineData("Development", "ResponsePlans:0:Name=x", "ResponsePlans is set")]
    [InlineData("Development", "WEBSITE_SITE_NAME=x", "WEBSITE_SITE_NAME says that this is a hosting platform")]
    [InlineData("Development", "KUBERNETES_SERVICE_HOST=10.0.0.1", "KUBERNETES_SERVICE_HOST says that this is a hosting platform")]
    [InlineData("Development", "IDENTITY_ENDPOINT=http://x", "IDENTITY_ENDPOINT says that this is a hosting platform")]
    public void One_real_setting_or_sign_of_hosting_is_enough_to_keep_it_away_and_asking_for_it_says_why(string environment, string set, string why)
    {
        Assert.IsType<StartKind.Production>(Check(environment, [set], askedFor: false));
        Assert.Contains(why, Assert.IsType<StartKind.Refused>(Check(environment, [set], askedFor: true)).Line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_refusal_is_one_line_that_names_everything_in_the_way_and_no_value()
    {
        var line = Assert.IsType<StartKind.Refused>(Check("Production", ["MicrosoftAppPassword=canary-1", "Store:ConnectionString=canary-2", "IDENTITY_ENDPOINT=canary-3"], askedFor: true)).Line;

        Assert.Contains("MicrosoftAppPassword, Store are set", line, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    private static StartKind Check(string environment, IEnumerable<string> set, bool askedFor) => SandboxRule.Check(
        environment,
        new ConfigurationBuilder().AddInMemoryCollection(set.Where(pair => pair.Length > 0).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => (string?)pair[1])).Build(),
        askedFor);
}
