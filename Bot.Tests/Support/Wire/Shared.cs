using System.Collections;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>A list that the test changes while the server reads: enumerating sees it as it was at that moment.</summary>
internal sealed class Shared<T> : IEnumerable<T>
{
    private volatile T[] items = [];
    private readonly Lock gate = new();

    public void Add(T item)
    {
        lock (gate) items = [.. items, item];
    }

    public void Remove(T item)
    {
        lock (gate) items = [.. items.Where(other => !EqualityComparer<T>.Default.Equals(other, item))];
    }

    public void Clear() => items = [];

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
