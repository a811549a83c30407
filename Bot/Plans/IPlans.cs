using RunModes.Bot.Audit;

namespace RunModes.Bot.Plans;

/// <summary>Plans and the control row as stored. Port to the store.</summary>
internal interface IPlans
{
    /// <summary>In the order of their names.</summary>
    Task<IReadOnlyList<ResponsePlan>> All(ITransaction transaction);

    /// <param name="key"><see cref="ResponsePlan.Key"/>: the name in lower case.</param>
    Task<ResponsePlan?> Find(ITransaction transaction, string key);

    /// <summary>For whoever acts on what the plan says: it is changed after this transaction, not before it ends. After the control row.</summary>
    Task<ResponsePlan?> Share(ITransaction transaction, string key);

    /// <summary>For whoever changes it: whoever acts on it waits. After the control row.</summary>
    Task<ResponsePlan?> Hold(ITransaction transaction, string key);

    /// <returns>False when a plan of that name is there, or was deleted (its tombstone stays): nothing was written.</returns>
    Task<bool> Insert(ITransaction transaction, ResponsePlan plan);

    /// <summary>For a person who wants a name that was deleted: what settings cannot revive, an Administrator can.</summary>
    /// <returns>False when a plan of that name is there.</returns>
    Task<bool> Create(ITransaction transaction, ResponsePlan plan);

    /// <summary>Leaves a tombstone: the name does not come back through settings. Guarded like <see cref="Update"/>.</summary>
    /// <returns>False when somebody else was first.</returns>
    Task<bool> Delete(ITransaction transaction, ResponsePlan plan, long version);

    /// <summary>Writes <paramref name="plan"/> if the stored row still has <paramref name="version"/>.</summary>
    /// <returns>The plan as stored, with its new version; null when somebody else was first.</returns>
    Task<ResponsePlan?> Update(ITransaction transaction, ResponsePlan plan, long version);

    Task<Control> ReadControl(ITransaction transaction);

    /// <summary>For decisions, claims and whatever else must not commit after a stop or a tightening was answered.</summary>
    Task<Control> ShareControl(ITransaction transaction);

    /// <summary>For whoever changes it: decisions and claims on their way end first, and later ones see the change. Never after a share of it.</summary>
    Task<Control> HoldControl(ITransaction transaction);

    /// <summary>No seal of the generations before verifies any more. For a store that was moved or put back.</summary>
    Task RaiseGeneration(ITransaction transaction);

    /// <summary>Guarded by <paramref name="version"/> like <see cref="Update"/>. The generation is the store's own and is not written.</summary>
    Task<Control?> WriteControl(ITransaction transaction, Control control, long version);

    /// <summary>Writes something that nobody sees: whether the store can be written shows in the commit and nowhere else.</summary>
    Task Touch(ITransaction transaction);
}
