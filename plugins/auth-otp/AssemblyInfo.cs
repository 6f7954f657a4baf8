using Kipuka.Plugins.AuthOtp;
using Kipuka.Sdk;

[assembly: KipukaPlugin("auth", "otp", typeof(OtpPlugin), Tables = ["otp"])]
[assembly: AdminAction("auth", "otp", "POST", "otp", OtpAdmin.Create, OtpAdmin.CreateSummary, Parameters = [
    "entity_id: the device that may use it; the user name of HTTP Basic is this or empty",
    "client_id: a further name of the device, for people",
    "subject: the subject it is meant for, for people",
    "label: what it is for, for people",
    "est_label: the only EST label at which it works",
    "ttl: how long it is valid, as 24h, 1h30m or seconds",
    "ttl_seconds: how long it is valid, in seconds",
    "expires_at: when its validity ends, as 2026-06-30T23:59:59Z",
    "max_uses: how many certificates it is good for",
    "max_usage: the same as max_uses",
], AlsoAt = ["otp/generate"], LabelParameters = ["est_label"], Answers = [OtpSchema.Made, OtpSchema.SwitchedOff, OtpSchema.Busy], AnswerSchema = OtpSchema.Created)]
[assembly: AdminAction("auth", "otp", "GET", "otp", OtpAdmin.List, "Lists the one-time passwords that can still be used.", Answers = [
    "200: those that are neither expired nor used up nor revoked, without their secrets",
], AnswerSchema = OtpSchema.List)]
[assembly: AdminAction("auth", "otp", "DELETE", "otp/{id}", OtpAdmin.Revoke, "Revokes a one-time password at once.", Parameters = [
    "id: the id that was answered when it was created",
], Answers = ["204: it is revoked", "404: there is no usable password with this id"])]
