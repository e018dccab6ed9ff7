-- Rules on mirrored records look up whose record it is, many at a time, without reading the links themselves. An older app
-- cannot open a file that has seen this migration.
CREATE INDEX links_by_record ON links (org_id, record_id, state, contact_id);
