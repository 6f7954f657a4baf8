using System.Text.Json.Serialization;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>The formats in the store, generated at compile time: reflection would keep the plugin's load context alive for ever.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Token))]
[JsonSerializable(typeof(FailureLog))]
internal sealed partial class OtpJson : JsonSerializerContext;
