using System.Text;
using Microsoft.Extensions.Configuration;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Tests.Roles;

public sealed class RoleOptionsTests
{
    private const string Group = "0d0d0d0d-0000-4000-8000-000000000010";

    [Theory]
    [InlineData("""{"Administrator":{"Groups":["GROUP"],"AppRole":null},"StandardUser":{"Groups":[]},"AllowGuests":false,"AllowSelfApproval":true}""")]
    [InlineData("""{"Administrator":{"AppRole":"Approver"}}""")]
    [InlineData("""{"Administrator":{"Groups":[],"AppRole":"Approver"}}""")]
    [InlineData("""{"Administrator":{"Groups":"GROUP"}}""")]
    public void Settings_that_name_an_approver_are_good(string roles) => Assert.Empty(Read(roles).Problems());

    [Theory]
    [InlineData("{}", "Roles:Administrator: no approver configured")]
    [InlineData("""{"Administrator":{"Groups":[],"AppRole":""}}""", "Roles:Administrator: no approver configured")]
    [InlineData("""{"StandardUser":{"Groups":["GROUP"]}}""", "Roles:Administrator: no approver configured")]
    [InlineData("""{"Administrator":{"Groups":[""]}}""", "Roles:Administrator:Groups:0: is empty")]
    [InlineData("""{"Administrator":{"Groups":["GROUP",null]}}""", "Roles:Administrator:Groups:1: is empty")]
    [InlineData("""{"Administrator":{"Groups":["GROUP","  "]}}""", "Roles:Administrator:Groups:1: is empty")]
    [InlineData("""{"Administrator":{"Groups":["sre-admins"]}}""", "Roles:Administrator:Groups:0: 'sre-admins' is not an object id")]
    [InlineData("""{"Administrator":{"Groups":"sre-admins"}}""", "Roles:Administrator:Groups:0: 'sre-admins' is not an object id")]
    [InlineData("""{"Administrator":{"Groups":["00000000-0000-0000-0000-000000000000"]}}""", "Roles:Administrator:Groups:0:")]
    [InlineData("""{"Administrator":{"Groups":["GROUP"]},"StandardUser":{"Groups":["x"]}}""", "Roles:StandardUser:Groups:0: 'x' is not an object id")]
    [InlineData("""{"Administrator":{"Groups":["GROUP"]},"AllowGuests":"perhaps"}""", "Roles:AllowGuests: 'perhaps' is neither true nor false")]
    public void Each_wrong_setting_is_one_line_that_names_its_key(string roles, string line) =>
        Assert.StartsWith(line, Assert.Single(Read(roles).Problems()), StringComparison.Ordinal);

    [Fact]
    public void An_app_role_needs_the_application_that_defines_it() =>
        Assert.StartsWith("Roles:Administrator:AppRole: needs MicrosoftAppId", Assert.Single((Read("""{"Administrator":{"AppRole":"Approver"}}""") with { AppId = "" }).Problems()), StringComparison.Ordinal);

    [Fact]
    public void Self_approval_is_allowed_until_forbidden_and_nonsense_forbids_it()
    {
        Assert.True(Read("{}").AllowSelfApproval);
        Assert.False(Read("""{"AllowSelfApproval":false}""").AllowSelfApproval);
        Assert.False(Read("""{"AllowSelfApproval":"nah"}""").AllowSelfApproval);
    }

    private static RoleOptions Read(string roles) => RoleOptions.From(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(
        $$"""{"MicrosoftAppTenantId":"{{ScriptedGraph.Tenant}}","MicrosoftAppId":"{{ScriptedGraph.App}}","Roles":{{roles.Replace("GROUP", Group)}} }"""))).Build());
}
