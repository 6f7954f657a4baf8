curl -s --cert admin.pem --key admin-key.pem \
--cacert admin-ca.pem \
-X POST https://localhost:9443/admin/otp \
-H "Content-Type: application/json" \
-d '{"label": "device-42", "ttl": "24h", "max_uses": 1}'
