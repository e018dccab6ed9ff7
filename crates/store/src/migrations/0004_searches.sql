-- Saved searches. An older app cannot open a file that has seen this migration.
CREATE TABLE searches (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  connection_id INTEGER REFERENCES connections (id) ON DELETE SET NULL,   -- none: wherever the user is
  object        TEXT NOT NULL,
  body          TEXT NOT NULL CHECK (json_valid(body)),   -- criteria, words, columns and order
  created_at    INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL
) STRICT;
