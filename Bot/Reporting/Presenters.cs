namespace RunModes.Bot.Reporting;

/// <summary>Who renders what.</summary>
internal sealed class Presenters(IEnumerable<IPresenter> presenters)
{
    private readonly Dictionary<Shown, IPresenter> _of = presenters.SelectMany(p => p.Shows.Select(s => (s, p))).ToDictionary();

    public IPresenter? Of(Shown shown) => _of.GetValueOrDefault(shown);
}
