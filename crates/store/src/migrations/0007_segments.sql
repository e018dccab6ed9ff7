-- Activities, segments, lists of e-mails, and points that lapse. An older app cannot open a file that has seen this.
-- Times are UTC milliseconds.

CREATE TABLE activity_types (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  name        TEXT NOT NULL UNIQUE COLLATE NOCASE,
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE activities (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  type_id    INTEGER NOT NULL REFERENCES activity_types (id),
  at         INTEGER NOT NULL,
  value      REAL,
  url        TEXT,
  title      TEXT,
  note       TEXT,
  import_id  INTEGER REFERENCES imports (id)
) STRICT;
-- With the value, so that rules that ask for it need not look further.
CREATE INDEX activities_by_contact ON activities (contact_id, type_id, at, value);
CREATE INDEX activities_by_type ON activities (type_id, at, contact_id);
CREATE INDEX activities_by_import ON activities (import_id) WHERE import_id IS NOT NULL;

-- Activities of people who are not here yet; they move to `activities` when somebody with the e-mail appears.
CREATE TABLE waiting_activities (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  email_key TEXT NOT NULL,           -- e-mail trimmed and lower-cased
  type_id   INTEGER NOT NULL REFERENCES activity_types (id),
  at        INTEGER NOT NULL,
  value     REAL,
  url       TEXT,
  title     TEXT,
  note      TEXT,
  import_id INTEGER REFERENCES imports (id)
) STRICT;
CREATE INDEX waiting_activities_by_email ON waiting_activities (email_key);
CREATE INDEX waiting_activities_by_type ON waiting_activities (type_id);
CREATE INDEX waiting_activities_by_import ON waiting_activities (import_id) WHERE import_id IS NOT NULL;

CREATE TABLE email_lists (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE email_list_entries (
  list_id   INTEGER NOT NULL REFERENCES email_lists (id) ON DELETE CASCADE,
  email_key TEXT NOT NULL,
  PRIMARY KEY (list_id, email_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX email_list_entries_by_email ON email_list_entries (email_key);

CREATE TABLE segments (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT NOT NULL UNIQUE COLLATE NOCASE,
  description    TEXT NOT NULL DEFAULT '',
  rules          TEXT CHECK (rules IS NULL OR json_valid(rules)),   -- none: the members are fixed
  calculated_seq INTEGER NOT NULL DEFAULT 0,   -- contacts stamped later have stale membership
  calculated_at  INTEGER,
  created_at     INTEGER NOT NULL,
  changed_at     INTEGER NOT NULL
) STRICT;

-- Who is a member, and who was one. Nobody has a row who never was.
CREATE TABLE segment_members (
  segment_id INTEGER NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  state      TEXT NOT NULL CHECK (state IN ('realized','exited')),
  since      INTEGER NOT NULL,
  PRIMARY KEY (segment_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_members_by_contact ON segment_members (contact_id);

-- What stood in `segment_members` before.
CREATE TABLE segment_history (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  segment_id INTEGER NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  state      TEXT NOT NULL CHECK (state IN ('realized','exited')),
  since      INTEGER NOT NULL,
  until      INTEGER NOT NULL
) STRICT;
CREATE INDEX segment_history_by_contact ON segment_history (contact_id, segment_id);
CREATE INDEX segment_history_by_segment ON segment_history (segment_id);

-- How many joined and left on each day: members are the sum of the differences.
CREATE TABLE segment_days (
  segment_id INTEGER NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  day        INTEGER NOT NULL,        -- days since 1970-01-01, UTC
  joined     INTEGER NOT NULL,
  departed   INTEGER NOT NULL,
  PRIMARY KEY (segment_id, day)
) STRICT, WITHOUT ROWID;

-- When a contact's points or memberships change next though nothing else does: she is looked at again then.
CREATE TABLE changes_due (
  contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL
) STRICT;
CREATE INDEX changes_due_by_time ON changes_due (at);

-- Since when a contact has her points, and for which rules: bit n stands for the rule in slot n of the score.
ALTER TABLE score_points ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE score_points ADD COLUMN met INTEGER NOT NULL DEFAULT 0;
ALTER TABLE score_points ADD COLUMN earlier TEXT CHECK (earlier IS NULL OR json_valid(earlier));   -- slot -> since, where before `since`
-- The slots of the rules, in their order, as a JSON list; a rule that is changed gets a new one.
ALTER TABLE scores ADD COLUMN slots TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(slots));
UPDATE scores SET calculated_seq = 0;
ALTER TABLE imports ADD COLUMN kind TEXT NOT NULL DEFAULT 'contacts' CHECK (kind IN ('contacts','activities'));
