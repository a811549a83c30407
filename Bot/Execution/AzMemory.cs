using System.Text.Json;

namespace RunModes.Bot.Execution;

/// <summary>
/// What az finds out by itself in every folder that is new to it. Without a note of its version it asks the internet for its newest release before each command, which is nobody's business;
/// without its index of commands it loads all of them, which is most of its start. Both are az's own files, and of another version it takes no notice.
/// </summary>
internal sealed class AzMemory(TimeProvider clock)
{
    private const string Index = "commandIndex.json";
    private byte[]? _index;

    public void Give(ToolFolder folder, string version)
    {
        var local = new { local = version };
        File.WriteAllBytes(Path.Combine(folder.Home, "versionCheck.json"), JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["versions"] = new Dictionary<string, object> { ["azure-cli"] = local, ["core"] = local, ["telemetry"] = local },
            ["update_time"] = clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture),
        }));
        if (_index is { } index)
        {
            File.WriteAllBytes(Path.Combine(folder.Home, Index), index);
        }
    }

    /// <summary>From a folder in which az has run.</summary>
    public void Take(ToolFolder folder)
    {
        var index = Path.Combine(folder.Home, Index);
        if (_index is null && File.Exists(index))
        {
            _index = File.ReadAllBytes(index);
        }
    }
}
