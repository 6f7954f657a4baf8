curl --cert admin.pem --key admin-key.pem \
--cacert admin-ca.pem \
"https://localhost:9443/admin/certs?status=active&ca=primary-ca&page=1&per_page=50"
