using RunModes.Bot.Execution;

namespace RunModes.Bot.Tests.Execution;

public sealed class ToolFolderTests
{
    [Fact]
    public void What_a_killed_bot_left_behind_goes_at_the_next_start_and_what_is_in_use_stays()
    {
        var among = Directory.CreateTempSubdirectory("leftovers-").FullName;
        try
        {
            var left = Directory.CreateDirectory(Path.Combine(among, "runmodes-tool-left")).FullName;
            foreach (var file in (string[])["in-use", "secret"])
            {
                File.WriteAllText(Path.Combine(left, file), "x");
            }

            var used = Directory.CreateDirectory(Path.Combine(among, "runmodes-tool-used")).FullName;
            using var held = new FileStream(Path.Combine(used, "in-use"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            var others = Directory.CreateDirectory(Path.Combine(among, "somebody-elses")).FullName;
            Assert.Equal(1, ToolFolder.DeleteLeftovers(among));
            Assert.Equal([used, others], Directory.EnumerateDirectories(among).Order(StringComparer.Ordinal));
            using var mine = new ToolFolder();
            ToolFolder.DeleteLeftovers();
            Assert.True(Directory.Exists(mine.Home));
        }
        finally
        {
            Directory.Delete(among, recursive: true);
        }
    }
}
