curl --cert admin.pem --key admin-key.pem \
--cacert admin-ca.pem \
"https://localhost:9443/admin/audit?action=enroll&start=2026-06-01&end=2026-06-24&page=1&per_page=100"
