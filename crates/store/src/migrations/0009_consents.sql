-- What contacts have given or refused consent to. Times are UTC milliseconds.

-- A purpose, a preference of it, or a value of that preference: the names from the purpose down, ` > ` between them.
CREATE TABLE purposes (
  id         INTEGER PRIMARY KEY,
  path       TEXT NOT NULL UNIQUE COLLATE NOCASE,
  created_at INTEGER NOT NULL
) STRICT;

-- The last answer; who was not asked has none.
CREATE TABLE consents (
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  purpose_id INTEGER NOT NULL REFERENCES purposes (id) ON DELETE CASCADE,
  given      INTEGER NOT NULL CHECK (given IN (0, 1)),
  at         INTEGER NOT NULL,
  source     TEXT NOT NULL,          -- where it was asked for, such as a form or a fair
  PRIMARY KEY (contact_id, purpose_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_by_purpose ON consents (purpose_id, given, contact_id);
