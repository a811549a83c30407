using RunModes.Bot.Approvals;
using RunModes.Bot.Tests.Storage;

namespace RunModes.Bot.Tests.Approvals;

/// <summary>A message that nobody recorded, because its delivery was interrupted or repeated.</summary>
public sealed class TwinTests
{
    [Theory]
    [InlineData(DecisionWorld.Channel, "m2", true)]
    [InlineData(DecisionWorld.Channel, "m0", false)]
    [InlineData(DecisionWorld.Channel, null, false)]
    [InlineData("19:other@thread.tacv2", "m2", false)]
    public async Task A_twin_is_adopted_where_there_may_be_one(string conversation, string? message, bool adopted)
    {
        await using var world = await DecisionWorld.Open();
        await world.Doubt();

        Assert.Equal(adopted, await world.Approve(world.Click(conversation: conversation, message: message)) is DecisionAnswer.Recorded);

        Assert.Equal(adopted, (await world.Store.Read(t => world.Store.Outbox.MessagesOf(t, world.Card.Subject))).Any(m => m.Message.ActivityId == "m2" && m.Revision == 2));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_message_that_is_only_being_updated_has_no_twin(bool recorded, bool adopted)
    {
        await using var world = await DecisionWorld.Open(delivered: recorded, remembered: recorded);
        await world.BeingSent();

        Assert.Equal(adopted, await world.Approve(world.Click(message: "m2")) is DecisionAnswer.Recorded);
    }

    [Fact]
    public async Task Adopting_a_message_whose_answer_was_lost_is_the_confirmation_of_its_delivery()
    {
        await using var world = await DecisionWorld.Open(delivered: false, remembered: false);
        Assert.StartsWith("This button is not on the message", Assert.IsType<DecisionAnswer.Refused>(await world.Approve()).Why, StringComparison.Ordinal);
        await world.Doubt();

        Assert.IsType<DecisionAnswer.Recorded>(await world.Approve());

        Assert.Equal(world.Store.Now, (await world.Now()).DeliveredAt);
    }
}
