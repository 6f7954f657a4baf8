-- What lists narrow by, in the order of issuing: a part of a list is counted without touching the rows.
CREATE INDEX IF NOT EXISTS idx_certificates_list ON certificates (id, ca, label, issued_at, not_after, revoked_at);

-- The requests that wait for a decision are few among those that were decided.
CREATE INDEX IF NOT EXISTS idx_requests_open ON requests (decision, expires_at);
