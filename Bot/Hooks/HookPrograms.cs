using System.Text.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Hooks;

/// <summary>Tells a hook's program of a call, as JSON on its standard input, and reads its answer.</summary>
internal sealed class HookPrograms(HookProcess process, AgentSettings agent)
{
    public async Task<(HookOpinion Opinion, string Why)> Ask(Hook hook, HookCheck.Command command, ToolCall call, TimeSpan most, CancellationToken cancellation)
    {
        var timeout = most < command.Timeout ? most : command.Timeout;
        var end = await process.Run(command.Script, command.Arguments, Input(call).ToJsonString(), timeout, cancellation);
        return HookReply.Of(end, command, timeout, hook.Reason);
    }

    private JsonObject Input(ToolCall call)
    {
        var input = new JsonObject
        {
            ["hook_event_name"] = call.Event.ToString(),
            ["agent_name"] = agent.Name,
            ["tool_name"] = call.Tool,
            ["tool_input"] = new JsonObject
            {
                ["run"] = call.Subject, ["plan"] = call.Plan, ["effect"] = call.Effect.ToString(), ["action"] = call.Action, ["command"] = call.Command, ["target"] = call.Target,
                ["lines"] = List(call.Lines), ["tags"] = new JsonArray([.. call.Tags.Known.Select(t => new JsonObject { ["name"] = t.Name, ["value"] = t.Value })]),
                ["tags_complete"] = call.Tags.Complete, ["measured"] = call.Measured, ["recipients"] = List(call.Recipients), ["host"] = call.Host,
            },
        };
        if (call.Result is { } result)
        {
            input["tool_result"] = result.Text;
            input["tool_succeeded"] = result.Succeeded;
        }

        return input;
    }

    private static JsonArray List(IReadOnlyList<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
