using RunModes.Bot.Tests.Scenarios;
using RunModes.Bot.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace RunModes.Bot.Tests.Support;

/// <summary>What takes longest begins first: begun last, it would run alone at the end, and mostly wait.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => c.TestCollectionDisplayName == CrashAnywhereTests.Collection ? 0 : 1)];
}
