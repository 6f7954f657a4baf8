curl --cert admin.pem --key admin-key.pem \
--cacert admin-ca.pem \
-X POST https://localhost:9443/admin/certs/1a2b3c4d5e6f7890/revoke \
-H "Content-Type: application/json" \
-d '{"reason": "keyCompromise"}'
