namespace Kipuka.Plugins.AuthOtp;

/// <summary>The answers of <see cref="OtpAdmin"/> for the OpenAPI document; what they are made by is <see cref="TokenJson"/>.</summary>
internal static class OtpSchema
{
    public const string Made = "201: the password, shown here and never again";
    public const string SwitchedOff = "409: one-time passwords are switched off";
    public const string Busy = "429: too many passwords are being hashed at this moment";

    public const string Created = """{"type":"object","required":["token","otp",""" + Required + "],\"properties\":{"
        + """
          "token":{"type":"string","description":"The password."},
          "otp":{"type":"string","description":"The same."},
          """
        + Properties + "}}";

    public const string List = """{"type":"array","items":{"type":"object","required":[""" + Required + "],\"properties\":{" + Properties + "}}}";

    private const string Required = """
        "id","token_id","entity_id","client_id","label","created_at","created","expires_at","expires","max_uses","remaining_uses","usage_count"
        """;

    private const string Properties = """
        "id":{"type":"string","format":"uuid"},
        "token_id":{"type":"string","format":"uuid","description":"The same as id."},
        "entity_id":{"type":["string","null"]},
        "client_id":{"type":["string","null"]},
        "label":{"type":["string","null"]},
        "created_at":{"type":"string","format":"date-time"},
        "created":{"type":"string","format":"date-time"},
        "expires_at":{"type":"string","format":"date-time"},
        "expires":{"type":"string","format":"date-time"},
        "max_uses":{"type":"integer","minimum":1},
        "remaining_uses":{"type":"integer","minimum":0},
        "usage_count":{"type":"integer","minimum":0}
        """;
}
