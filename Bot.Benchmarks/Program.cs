using RunModes.Bot.Benchmarks;

// A process of its own, to be compared with the bot as a process.
if (args is ["bare", var url, .. var key])
{
    await BareApp.Run(url, key is [var one] ? one : null);
    return 0;
}

// Some of it, to look at while something is changed: the page is not written.
var parts = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>>
{
    ["gate"] = () => Task.FromResult(GateVerdict.Measure()), ["start"] = StartAndIdle.Measure, ["alerts"] = AlertsIn.Measure, ["click"] = () => Click.Measure([0]),
};
if (args.Length > 0 && args.All(parts.ContainsKey))
{
    var some = new Page();
    foreach (var part in args)
    {
        some.Add(await parts[part]());
    }

    return 0;
}

var rows = args is ["--rows", var most] ? long.Parse(most, System.Globalization.CultureInfo.InvariantCulture) : 1_000_000;
var page = new Page();
page.Add(GateVerdict.Measure());
page.Add(await StartAndIdle.Measure());
page.Add(await AlertsIn.Measure());
page.Add(await Click.Measure([0, 10_000, rows]));
await page.Write();
Console.WriteLine(page.Table);
return 0;
