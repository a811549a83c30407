using System.Text.Json;

namespace RunModes.Bot.Execution;

/// <summary>What a read of Azure, or of a cluster, came to. "Could not read" is an answer of its own, so that nothing is ever taken for a yes.</summary>
internal abstract record ArmAnswer
{
    private ArmAnswer() { }

    public abstract T Match<T>(
        Func<JsonElement, T> found,
        Func<string, string, T> notFound,
        Func<string, string, T> forbidden,
        Func<string, T> couldNotRead);

    /// <param name="Body">An object; the array of all items for <see cref="ArmReader.GetAll"/>.</param>
    internal sealed record Found(JsonElement Body) : ArmAnswer
    {
        public override T Match<T>(Func<JsonElement, T> found, Func<string, string, T> notFound, Func<string, string, T> forbidden, Func<string, T> couldNotRead) =>
            found(Body);
    }

    internal sealed record NotFound(string Code, string Message) : ArmAnswer
    {
        public override T Match<T>(Func<JsonElement, T> found, Func<string, string, T> notFound, Func<string, string, T> forbidden, Func<string, T> couldNotRead) =>
            notFound(Code, Message);
    }

    internal sealed record Forbidden(string Code, string Message) : ArmAnswer
    {
        public override T Match<T>(Func<JsonElement, T> found, Func<string, string, T> notFound, Func<string, string, T> forbidden, Func<string, T> couldNotRead) =>
            forbidden(Code, Message);
    }

    /// <param name="Reason">One plain sentence, safe to show.</param>
    internal sealed record CouldNotRead(string Reason) : ArmAnswer
    {
        public override T Match<T>(Func<JsonElement, T> found, Func<string, string, T> notFound, Func<string, string, T> forbidden, Func<string, T> couldNotRead) =>
            couldNotRead(Reason);
    }
}
