curl -s -X DELETE \
-H "Authorization: Bearer ${KIPUKA_ADMIN_TOKEN}" \
--cacert admin-ca.pem \
https://admin.example.com:9444/admin/otp/f47ac10b-58cc-4372-a567-0e02b2c3d479
