namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>Names every scenario shares, so that a failing test reads like a place one knows.</summary>
internal static class Known
{
    public const string Tenant = "7d1c0a5e-3b0f-4a52-9c57-0f5e8a1b2c3d";
    public const string AppId = "a1b9c0de-1111-4222-8333-444455556666";
    public const string AppSecret = "app-secret-canary-5b1f";
    public const string AgentClientId = "b2c8d1ef-2222-4333-8444-555566667777";
    public const string AgentSecret = "agent-secret-canary-9c2e";
    public const string Subscription = "c3d7e2f0-3333-4444-8555-666677778888";
    public const string Administrators = "d4e6f301-4444-4555-8666-777788889999";
    public const string ServiceUrl = "https://smba.trafficmanager.net/teams/";
    public const string Team = "19:team-sre@thread.tacv2";
    public const string Channel = "19:channel-incidents@thread.tacv2";
}
