namespace RunModes.Bot.Plans;

/// <summary>Somebody to be mentioned when nobody answers.</summary>
/// <param name="Id">Entra object id or user principal name: what Teams notifies by.</param>
/// <param name="Name">As the mention shows it.</param>
internal sealed record Contact(string Id, string Name);
