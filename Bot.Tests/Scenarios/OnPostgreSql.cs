namespace RunModes.Bot.Tests.Scenarios;

public sealed class ReviewModeTestsOnPostgreSql : ReviewModeTests;

public sealed class AutonomousModeTestsOnPostgreSql : AutonomousModeTests;

public sealed class EmergencyStopTestsOnPostgreSql : EmergencyStopTests;

public sealed class CrashTestsOnPostgreSql : CrashTests;
