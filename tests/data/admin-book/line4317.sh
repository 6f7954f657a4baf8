curl -s \
-H "Authorization: Bearer ${KIPUKA_ADMIN_TOKEN}" \
--cacert admin-ca.pem \
https://admin.example.com:9444/admin/ca | jq .
