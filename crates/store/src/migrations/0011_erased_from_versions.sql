-- What a version in force becomes once a newer one replaces it, where it names someone who was erased: only the user can
-- take the person out of what is in force, and a former version is history.
ALTER TABLE mappings ADD COLUMN redacted TEXT;
ALTER TABLE replication_settings ADD COLUMN redacted TEXT CHECK (redacted IS NULL OR json_valid(redacted));
