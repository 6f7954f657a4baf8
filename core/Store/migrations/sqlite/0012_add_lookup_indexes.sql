-- The records of a certificate are found by its serial number, in the order of lists.
CREATE INDEX idx_audit_log_serial ON audit_log (serial, time, node, sequence) WHERE serial IS NOT NULL;

-- The requests that nobody has decided about, in the order of lists: they are few among those that were decided.
CREATE INDEX idx_requests_undecided ON requests (decision, created_at, id);

-- A renewal finds what it renews by its names; by the subject only where a row is older than the column of names.
CREATE INDEX idx_certificates_named ON certificates (label, names, subject);

-- What these take the place of. Figures are counted by blocks, from idx_certificates_list.
DROP INDEX idx_requests_open;
DROP INDEX idx_certificates_names;
DROP INDEX idx_certificates_subject;
DROP INDEX idx_certificates_ca;
