using RunModes.Bot.Audit;

namespace RunModes.Bot.Plans;

/// <summary>Plans and the control row as stored. Port to the store.</summary>
internal interface IPlans
{
    /// <summary>In the order of their names.</summary>
    Task<IReadOnlyList<ResponsePlan>> All(ITransaction transaction);

    /// <param name="key"><see cref="ResponsePlan.Key"/>: the name in lower case.</param>
    Task<ResponsePlan?> Find(ITransaction transaction, string key);

    /// <returns>False when a plan of that name is there, or was deleted (its tombstone stays): nothing was written.</returns>
    Task<bool> Insert(ITransaction transaction, ResponsePlan plan);

    /// <summary>Writes <paramref name="plan"/> if the stored row still has <paramref name="version"/>.</summary>
    /// <returns>The plan as stored, with its new version; null when somebody else was first.</returns>
    Task<ResponsePlan?> Update(ITransaction transaction, ResponsePlan plan, long version);

    Task<Control> ReadControl(ITransaction transaction);

    /// <summary>Guarded by <paramref name="version"/> like <see cref="Update"/>. The generation is the store's own and is not written.</summary>
    Task<Control?> WriteControl(ITransaction transaction, Control control, long version);

    /// <summary>Writes something that nobody sees: whether the store can be written shows in the commit and nowhere else.</summary>
    Task Touch(ITransaction transaction);

    /// <summary>The store is not the one its decisions were made in (an older copy was put back, or it was moved): no seal of before verifies any more.</summary>
    Task RaiseGeneration(ITransaction transaction);
}
