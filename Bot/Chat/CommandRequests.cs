using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>What decides whether a typed command may run at all.</summary>
internal sealed record CommandRules(CommandSettings Settings, OwnResources Own, AzureContext Agent, AgentSettings Bot);

/// <summary>
/// `propose az …` and `propose kubectl …`. The command is read here, before anything is stored or asked: what cannot be read is answered with why, and starts nothing.
/// A read then runs in the run, a change goes to the gate and asks.
/// </summary>
internal sealed class CommandRequests(ChatRequests requests, CommandRules rules) : IChange
{
    public bool Changes(Command command) => command is Command.ProposeAz or Command.ProposeKubectl;

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        var (tool, typed) = said.Command is Command.ProposeAz az ? (CommandTool.Az, az.Arguments) : (CommandTool.Kubectl, ((Command.ProposeKubectl)said.Command).Arguments);
        if (rules.Bot.Sandbox)
        {
            return CardText.Of($"In the sandbox no program runs: it knows practice apps only. Nothing was started.");
        }

        if (rules.Settings.Read(tool, typed) is not CommandReading.Understood read)
        {
            return CardText.Of($"{Refusal(rules.Settings.Read(tool, typed))} Nothing was started.");
        }

        if (Guardrails.Of(tool, read.Action, read.Target, rules.Own.Ids) is [var first, ..])
        {
            return CardText.Of($"I do not run that: {first} Nothing was started.");
        }

        var (here, by) = (said.Message.Conversation, said.Asker.By);
        var shared = here.Kind is ConversationKind.Channel or ConversationKind.GroupChat;
        var thread = shared ? new MessageRef(here.Id, said.Message.ActivityId, said.Message.RootId ?? said.Message.ActivityId) : null;
        var command = new RequestedCommand(tool, typed, said.Role.IsAdministrator ? Provenance.AdministratorText : Provenance.Untrusted);
        var change = read.Command is { Effect: Effect.Mutating, Equivalent: null } ? Operation.ToolCall.Of(read, rules.Agent) : null;
        var request = new ChatRequest(ChatVerb.Command, read.Target, by, thread, shared ? null : here.Id) { Command = new(command, read, change) };
        return await requests.Begin(transaction, request) is { } refusal
            ? CardText.Of($"{refusal} Nothing was started.")
            : CardText.Of($"{Doing(read)} {(shared ? "The result comes in this thread." : "A result without a proposal comes here; what I propose is asked where others can approve.")}");
    }

    private static CardText Doing(CommandReading.Understood read) => read.Command switch
    {
        { Effect: Effect.ReadOnly } => CardText.Of($"I run **{read.Command.Program} {read.About}**, which only reads."),
        { Equivalent: not null } => CardText.Of($"I look at what I need for **{read.Command.Program} {read.About}**. I send that request myself, once, instead of running az; it asks first, in every mode."),
        _ => CardText.Of($"I look at what I need for **{read.Command.Program} {read.About}**. It asks first, in every mode."),
    };

    private static CardText Refusal(CommandReading reading) => reading is CommandReading.Refused { Why: var why }
        ? CardText.Of($"I do not run that: {CardText.Outside(why, 900)}.")
        : CardText.Of($"I could not read that command.");
}
