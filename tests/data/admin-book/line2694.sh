curl -H "Authorization: Bearer $KIPUKA_ADMIN_TOKEN" \
https://localhost:9443/admin/health
