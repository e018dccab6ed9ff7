-- A link that a file named says so. The check alone changes: no row is written again, however many links there are. An older app
-- cannot open a file that has seen this migration.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, '''hand'',''followed''', '''hand'',''followed'',''file''')
WHERE type = 'table' AND name = 'links';
PRAGMA writable_schema = RESET;

-- Whose no a record took beside those that contacts are linked to: someone may clear it there. Making the index lets every other
-- connection read the schema again, too.
CREATE INDEX refusal_records_by_record ON refusal_records (org_id, record_id);
