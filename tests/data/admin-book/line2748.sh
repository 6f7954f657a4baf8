curl --cacert ca.pem \
-u ":eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..." \
--data-binary @csr.pem \
-H "Content-Type: application/pkcs10" \
-o cert.p7 \
https://est.example.com/.well-known/est/simpleenroll
