curl -s \
-H "Authorization: Bearer ${KIPUKA_ADMIN_TOKEN}" \
--cacert admin-ca.pem \
"https://admin.example.com:9444/admin/certs?status=active&per_page=5" | jq .
