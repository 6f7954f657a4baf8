curl https://localhost:9443/admin/health/live
