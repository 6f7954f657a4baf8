curl --cert admin.pem --key admin-key.pem \
--cacert admin-ca.pem \
https://localhost:9443/admin/ca
