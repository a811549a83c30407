using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Cards;

namespace RunModes.Bot.Tests.Proposals;

public sealed class WaitingTests
{
    private static readonly DateTimeOffset Delivered = Sample.Fired.AddMinutes(2);

    private static Proposal Card(params double[] extendedTo) => Sample.Proposal(ProposalStatus.AwaitingApproval) with
    {
        Waiting = new() { Since = Delivered, Extensions = [.. extendedTo.Select(h => new Extension(Sample.Ada, Delivered, 1, Delivered.AddHours(h)))] },
    };

    [Theory]
    [InlineData(new double[] { }, 1.0, 2.0)]
    [InlineData(new[] { 2.0 }, 2.0, 3.0)]
    [InlineData(new[] { 2.0, 3.0 }, 3.0, null)]
    public void More_time_is_given_twice_an_expiry_each(double[] extendedTo, double deadline, double? next) => Assert.Equal(
        (Delivered.AddHours(deadline), next is { } h ? Delivered.AddHours(h) : (DateTimeOffset?)null), (Card(extendedTo).Deadline!.Value, Card(extendedTo).Extended));

    [Fact]
    public void All_waiting_together_is_at_most_four_expiries_from_the_first_delivery()
    {
        // Delivered again as a later revision, three and a half hours after the first one.
        var again = Card() with { Revision = 3, DeliveredAt = Delivered.AddHours(2.5) };
        Assert.Equal((Delivered.AddHours(3.5), Delivered.AddHours(4)), (again.Deadline, again.Extended));
        Assert.Null((again with { DeliveredAt = Delivered.AddHours(3) }).Extended);
    }

    [Fact]
    public void An_extension_of_an_earlier_revision_moves_no_deadline_but_counts()
    {
        var next = Card(2.0) with { Revision = 2, DeliveredAt = Delivered.AddMinutes(90) };
        Assert.Equal(Delivered.AddMinutes(150), next.Deadline);
        Assert.NotNull(next.Extended);
        Assert.Null((Card(2.0, 3.0) with { Revision = 2, DeliveredAt = Delivered.AddMinutes(90) }).Extended);
    }

    [Fact]
    public void What_is_not_delivered_or_not_waiting_gets_no_more_time()
    {
        Assert.Null((Card() with { DeliveredAt = null }).Extended);
        Assert.All(Enum.GetValues<ProposalStatus>().Where(s => s != ProposalStatus.AwaitingApproval), s => Assert.Null((Card() with { Status = s }).Extended));
    }

    [Fact]
    public void The_same_news_is_kept_once()
    {
        var told = new Waiting().Tell(["a"]).Tell(["a", "b"]);
        Assert.Equal(["a", "b"], told.Told);
        Assert.True(told.HasTold("b"));
    }
}
