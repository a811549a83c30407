using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace RunModes.Bot.Tests.Architecture;

/// <summary>A type of the program with all that the compiler made of it, and the folder whose rules it keeps.</summary>
internal sealed record Code(string Folder, TypeDefinition Type)
{
    public const string Root = "RunModes.Bot";

    public override string ToString() => Type.FullName;

    /// <summary>The type and everything nested in it: lambdas, iterators and asynchronous methods are types of their own.</summary>
    public IEnumerable<TypeDefinition> Types() => All(Type);

    public IEnumerable<MethodReference> Calls() => Types().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
        .Select(i => i.Operand).OfType<MethodReference>();

    public IEnumerable<TypeReference> Uses() => Types().SelectMany(Uses).SelectMany(Flat).DistinctBy(t => t.FullName);

    private static IEnumerable<TypeDefinition> All(TypeDefinition type) => [type, .. type.NestedTypes.SelectMany(All)];

    private static IEnumerable<TypeReference?> Uses(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. type.CustomAttributes.Select(a => a.AttributeType),
        .. type.Fields.Select(f => f.FieldType),
        .. type.Methods.SelectMany(Uses),
    ];

    private static IEnumerable<TypeReference?> Uses(MethodDefinition method) =>
    [
        .. Signature(method),
        .. method.CustomAttributes.Select(a => a.AttributeType),
        .. method.HasBody ? method.Body.Variables.Select(v => v.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(h => h.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(i => i.Operand switch
        {
            MethodReference called => Signature(called),
            FieldReference field => [field.DeclaringType, field.FieldType],
            TypeReference named => [named],
            _ => (IEnumerable<TypeReference?>)[],
        }) : [],
    ];

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
    [
        method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType), .. (method as GenericInstanceMethod)?.GenericArguments ?? [],
    ];

    private static IEnumerable<TypeReference> Flat(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Flat(generic.ElementType), .. generic.GenericArguments.SelectMany(Flat)],
        TypeSpecification wrapped => Flat(wrapped.ElementType),
        { DeclaringType: { } outer } => [type, .. Flat(outer)],
        _ => [type],
    };
}

internal static class Assemblies
{
    private static readonly ModuleDefinition Bot = ModuleDefinition.ReadModule(typeof(Bot.Storage.SqliteStore).Assembly.Location);
    private static readonly ModuleDefinition Tests = ModuleDefinition.ReadModule(typeof(Assemblies).Assembly.Location);

    /// <summary>All types that somebody wrote; Program and StartUp have no folder.</summary>
    public static IReadOnlyList<Code> Written { get; } =
    [
        .. Bot.Types.Where(t => t.Namespace == Code.Root || t.Namespace.StartsWith(Code.Root + '.', StringComparison.Ordinal) || t.Name == "Program")
            .Select(t => new Code(FolderOf(t), t)),
    ];

    public static IEnumerable<TypeDefinition> Enums => Bot.GetAllTypes().Where(t => t.IsEnum && !t.FullName.Contains('<', StringComparison.Ordinal));

    /// <summary>A violation compiled into the tests, judged as if it stood in <paramref name="folder"/>.</summary>
    public static Code Canary<T>(string folder) => Canary(typeof(T), folder);

    public static Code Canary(Type type, string folder) => new(folder, Tests.GetType(type.FullName!.Replace('+', '/')));

    public static string? FolderOf(string @namespace) =>
        @namespace.StartsWith(Code.Root + '.', StringComparison.Ordinal) ? @namespace[(Code.Root.Length + 1)..].Split('.')[0] : null;

    private static string FolderOf(TypeDefinition type) => FolderOf(type.Namespace) ?? "";
}
