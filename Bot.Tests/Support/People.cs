using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

internal sealed record Someone(string ObjectId, string Name);

/// <summary>Who works here: two Administrators, a Standard User, somebody who only reads, and a guest.</summary>
internal static class People
{
    public const string StandardUsers = "e5f70412-5555-4666-8777-888899990000";

    public static readonly Someone Ada = new("00000000-aaaa-4aaa-8aaa-000000000001", "Ada Admin");
    public static readonly Someone Ben = new("00000000-bbbb-4bbb-8bbb-000000000002", "Ben Admin");
    public static readonly Someone Sam = new("00000000-cccc-4ccc-8ccc-000000000003", "Sam Standard");
    public static readonly Someone Rob = new("00000000-dddd-4ddd-8ddd-000000000004", "Rob Reader");
    public static readonly Someone Gale = new("00000000-eeee-4eee-8eee-000000000005", "Gale Guest");

    public static void Join(FakeCloud cloud)
    {
        var directory = cloud.Graph.Directory;
        directory.Group(Known.Administrators, "SRE approvers");
        directory.Group(StandardUsers, "SRE on call");
        directory.Person(Ada.ObjectId, Ada.Name, Known.Administrators);
        directory.Person(Ben.ObjectId, Ben.Name, Known.Administrators);
        directory.Person(Sam.ObjectId, Sam.Name, StandardUsers);
        directory.Person(Rob.ObjectId, Rob.Name);
        directory.Person(Gale.ObjectId, Gale.Name, Known.Administrators).UserType = "Guest";
    }
}
