-- A small workspace as version 1 wrote it.
UPDATE sequence SET value = 9;
INSERT INTO settings (key, value) VALUES ('time_zone', 'Europe/Berlin');
INSERT INTO custom_fields (id, name, kind, scale, indexed, created_at) VALUES (1, 'Seats', 'integer', 0, 1, 1700000000000);
ALTER TABLE contacts ADD COLUMN c_1 INTEGER;
CREATE INDEX contacts_by_c_1 ON contacts (c_1) WHERE c_1 IS NOT NULL;
INSERT INTO contacts (id, guid, first_name, last_name, email, email_key, company_name, business_phone, birthday, created_at, changed_at, seq, c_1)
VALUES (1, '0123456789abcdef0123456789abcdef', 'Ann', 'Lee', 'Ann@Example.com', 'ann@example.com', 'Acme', '+49 30 1234567', '1980-05-17', 1700000000000, 1700000000000, 3, 12);
INSERT INTO contacts (id, guid, first_name, last_name, email, email_key, do_not_send, created_at, changed_at, seq)
VALUES (2, 'fedcba9876543210fedcba9876543210', 'Björn', '李', 'bjorn@example.com', 'bjorn@example.com', 1, 1700000000000, 1700000000000, 4);
INSERT INTO contacts (id, guid, first_name, created_at, changed_at, seq, deleted_at, merged_into)
VALUES (3, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Alias', 1700000000000, 1700000000000, 5, 1700000000000, 1);
INSERT INTO contacts_search (contacts_search) VALUES ('rebuild');
INSERT INTO accounts (id, name, name_key, created_at, changed_at) VALUES (1, 'Acme', 'acme', 1700000000000, 1700000000000);
INSERT INTO account_contacts (contact_id, account_id, role, since) VALUES (1, 1, 'primary', 1700000000000);
INSERT INTO scores (id, name, rules, calculated_seq, created_at) VALUES (1, 'Fit', '[]', 4, 1700000000000);
INSERT INTO score_points (score_id, contact_id, points) VALUES (1, 1, 30);
INSERT INTO replications (id, name, object, score_id, minimum, settings, created_at) VALUES (1, 'Leads', 'Lead', 1, 20, '{}', 1700000000000);
INSERT INTO replication_settings (replication_id, version, settings, at) VALUES (1, 1, '{}', 1700000000000);
INSERT INTO mappings (replication_id, version, body, at) VALUES (1, 1, 'last_name=LastName', 1700000000000);
INSERT INTO marks (replication_id, contact_id, at, points) VALUES (1, 1, 1700000000000, 30);
INSERT INTO links (contact_id, org_id, object, record_id, identifier, how, created_at, changed_at)
VALUES (1, '00D000000000001AAA', 'Lead', '00Q000000000001AAA', '0123456789abcdef0123456789abcdef', 'created', 1700000000000, 1700000000000);
INSERT INTO queue (replication_id, contact_id, state, seq, settings_version, mapping_version, describe_version, since)
VALUES (1, 1, 'done', 3, 1, 1, 0, 1700000000000);
