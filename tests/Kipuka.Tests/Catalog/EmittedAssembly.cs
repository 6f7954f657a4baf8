using System.Reflection;
using System.Reflection.Emit;
using Kipuka.Sdk;

namespace Kipuka.Tests.Catalog;

/// <summary>Writes assemblies that declare plugins, right or wrong, as a compiler that names every type's assembly would.</summary>
internal static class EmittedAssembly
{
    public static void Write(string file, IEnumerable<Declaration> declarations)
    {
        var name = new AssemblyName(Path.GetFileNameWithoutExtension(file)) { Version = new Version(3, 2, 1, 0) };
        var assembly = new PersistedAssemblyBuilder(name, typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(name.Name!);
        foreach (var (index, declaration) in declarations.Index())
        {
            var visibility = declaration.IsPublic ? TypeAttributes.Public : TypeAttributes.NotPublic;
            var type = module.DefineType($"Emitted.Plugin{index}", visibility | TypeAttributes.Class);
            type.DefineDefaultConstructor(MethodAttributes.Public);
            type.CreateType();
            assembly.SetCustomAttribute(Plugin(declaration, type));
            if (declaration.Action is { } action)
            {
                assembly.SetCustomAttribute(new CustomAttributeBuilder(
                    typeof(AdminActionAttribute).GetConstructors()[0],
                    [declaration.Kind, declaration.Name, action.Method, action.Path, action.Command, "Does it."],
                    [.. ((string[])[nameof(AdminActionAttribute.Parameters), nameof(AdminActionAttribute.AlsoAt), nameof(AdminActionAttribute.LabelParameters)])
                        .Select(property => typeof(AdminActionAttribute).GetProperty(property)!)],
                    [(string[])["where: a label"], declaration.AlsoAt, declaration.LabelParameters]));
            }
            if (declaration.Command is { } command)
            {
                assembly.SetCustomAttribute(new CustomAttributeBuilder(
                    typeof(PluginCommandAttribute).GetConstructors()[0],
                    [declaration.Kind, declaration.Name, command.Words, "Does it here."],
                    [typeof(PluginCommandAttribute).GetProperty(nameof(PluginCommandAttribute.Options))!],
                    [(string[])[command.Option]]));
            }
        }
        assembly.Save(file);
    }

    private static CustomAttributeBuilder Plugin(Declaration declaration, Type type) => new(
        typeof(KipukaPluginAttribute).GetConstructors()[0],
        [declaration.Kind, declaration.Name, type],
        [typeof(KipukaPluginAttribute).GetProperty(nameof(KipukaPluginAttribute.Tables))!,
            typeof(KipukaPluginAttribute).GetProperty(nameof(KipukaPluginAttribute.ImpliedBy))!],
        [declaration.Tables, declaration.ImpliedBy]);
}
