using RunModes.Bot.Audit;
using RunModes.Bot.Hooks;

namespace RunModes.Bot.Storage;

internal sealed class HookAnswerTable : IHookAnswers
{
    public async Task<HookAnswer?> Put(ITransaction transaction, HookAnswer answer)
    {
        var key = new { hook = answer.Hook, happened = answer.Event.ToString(), subject = answer.Subject };
        var before = (await Many(transaction, "hook = @hook AND event = @happened AND subject = @subject", key)).SingleOrDefault();
        await transaction.Unit().Execute(
            """
            INSERT INTO hook_answers (hook, event, subject, target_key, opinion, at, document) VALUES (@hook, @happened, @subject, @target, @opinion, @at, @document)
              ON CONFLICT (hook, event, subject) DO UPDATE SET target_key = excluded.target_key, opinion = excluded.opinion, at = excluded.at, document = excluded.document
            """,
            new { key.hook, key.happened, key.subject, target = answer.TargetKey, opinion = answer.Opinion.ToString(), at = answer.At.Ms(), document = Sql.Write(answer) });
        return before;
    }

    public Task<IReadOnlyList<HookAnswer>> Last(ITransaction transaction) => Many(transaction,
        "at = (SELECT MAX(newer.at) FROM hook_answers newer WHERE newer.hook = hook_answers.hook) ORDER BY hook, subject", new { });

    public Task<IReadOnlyList<HookAnswer>> Objections(ITransaction transaction, string targetKey, DateTimeOffset since) => Many(transaction,
        "event = 'PostToolUse' AND opinion = 'Block' AND target_key = @targetKey AND at > @since ORDER BY at DESC LIMIT 5", new { targetKey, since = since.Ms() });

    private static async Task<IReadOnlyList<HookAnswer>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<string>($"SELECT document FROM hook_answers WHERE {where}", values)).Select(Sql.Read<HookAnswer>)];
}
