using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>Shows a form as it stands: to fill in while it is open, with what became of it afterwards.</summary>
internal sealed class FormPresenter(ILedger ledger, IForms forms, FormDesk desk) : IPresenter
{
    public IReadOnlySet<Shown> Shows { get; } = new HashSet<Shown> { Shown.Form };

    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) => ledger.Read(
        async t => await forms.Find(t, item.Subject[(item.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..]) is { } form
            ? new Presentation(Message.OfCard(FormCard.Render(desk.Model(form)), OutsideText.Plain($"{(form.State == FormState.Open ? "Please fill in" : form.State.ToString())}: {form.Title}", 200)), Revision: 1, Updates: true, Channel: null)
            : null,
        cancellation);

    public Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation) => Task.FromResult<Message?>(null);

    /// <summary>Its ten minutes run from the command, not from delivery: opening another costs one sentence.</summary>
    public Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at) => Task.CompletedTask;
}
