using RunModes.Bot.Plans;
using RunModes.Bot.Roles;
using RunModes.Bot.Sandbox;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Sandbox;

public sealed class PracticePeopleTests
{
    public static TheoryData<string> Names => [.. PracticePeople.All.Select(person => person.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Everybody_has_the_role_the_practice_world_says(string name)
    {
        using var world = new PracticeWorld();
        var person = PracticePeople.All.Single(person => person.Name == name);

        var answer = await world.Get<RoleLookup>().Look(new Person(PracticePeople.TenantId, person.ObjectId, person.Name), TestContext.Current.CancellationToken);

        Assert.Equal((person.Role, true), (answer.Role, answer.CouldTell));
    }

    [Theory]
    [InlineData(PracticePeople.TenantId, "9d6f3c8e-1111-4222-8333-444455556666")]
    [InlineData(PracticePeople.TenantId, "00000000-0000-0000-0000-0000000000020")]
    [InlineData("00000000-0000-0000-0000-0000000000001", "9d6f3c8e-1111-4222-8333-444455556666")]
    public async Task People_of_another_client_have_no_role(string tenant, string objectId)
    {
        using var world = new PracticeWorld();

        var answer = await world.Get<RoleLookup>().Look(new Person(tenant, objectId, "Somebody"), TestContext.Current.CancellationToken);

        Assert.Equal((Role.None, true), (answer.Role, answer.CouldTell));
    }

    [Fact]
    public void The_bot_knows_that_it_is_in_the_sandbox()
    {
        using var world = new PracticeWorld();

        Assert.True(world.Get<AgentSettings>().Sandbox);
        Assert.Equal((true, ""), (world.Get<TeamsOptions>().Sandbox, world.Get<TeamsOptions>().TenantId));
    }
}
