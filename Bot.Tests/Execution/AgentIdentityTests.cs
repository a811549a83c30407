using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

public sealed class AgentIdentityTests
{
    [Theory]
    [InlineData("AZURE_CLIENT_ID=c,AZURE_TENANT_ID=t,AZURE_CLIENT_SECRET=s", typeof(ClientSecretCredential), "t", "c")]
    [InlineData("AZURE_CLIENT_ID=c,AZURE_TENANT_ID=t,AZURE_FEDERATED_TOKEN_FILE=f,AZURE_CLIENT_SECRET=s", typeof(WorkloadIdentityCredential), "t", "c")]
    [InlineData("AZURE_CLIENT_ID=c,MicrosoftAppTenantId=t", typeof(ManagedIdentityCredential), "t", "c")]
    [InlineData("AZURE_CLIENT_ID=c,AZURE_CLIENT_SECRET=s", typeof(ManagedIdentityCredential), "", "c")]
    [InlineData("AZURE_CLIENT_ID=,AZURE_CLIENT_SECRET=", typeof(ManagedIdentityCredential), "", "system-assigned")]
    public void The_identity_is_the_one_the_settings_name_and_never_a_developers(string settings, Type credential, string tenant, string client)
    {
        var identity = AgentIdentity.FromSettings(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Split(',').Select(s => s.Split('=')).ToDictionary(s => s[0], s => (string?)s[1])).Build(),
            new HttpClientTransport());

        Assert.IsType(credential, identity.Credential);
        Assert.Equal(new AzureContext("AzureCloud", tenant, client), identity.Context);
    }

    [Fact]
    public void The_practice_world_acts_as_its_own_identity()
    {
        using var services = new ServiceCollection().AddExecution(new ConfigurationBuilder().Build(), sandbox: true).AddLogging().BuildServiceProvider();

        Assert.Equal(new AzureContext("AzureCloud", AgentIdentity.PracticeTenant, AgentIdentity.PracticeClient), services.GetRequiredService<AzureContext>());
        Assert.IsType<ClientSecretCredential>(services.GetRequiredService<AgentIdentity>().Credential);
    }
}
