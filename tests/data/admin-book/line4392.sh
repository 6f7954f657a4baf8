curl -s -X POST \
-H "Authorization: Bearer ${KIPUKA_ADMIN_TOKEN}" \
-H "Content-Type: application/json" \
--cacert admin-ca.pem \
-d '{
"entity_id": "device-001.example.com",
"ttl": 7200,
"max_uses": 1
}' \
https://admin.example.com:9444/admin/otp | jq .
