-- The ledger of consent: events that are appended and never changed. An older app cannot open the file afterwards: it would
-- record answers past the ledger. Times are UTC milliseconds.

-- What makes events a contact's own. The salt goes when the person is erased, and with it the way back from the events.
CREATE TABLE consent_subjects (
  contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
  salt       BLOB NOT NULL CHECK (length(salt) = 32),
  subject    BLOB NOT NULL UNIQUE CHECK (length(subject) = 32)  -- SHA-256 of the salt and the guid
) STRICT;

-- What people were asked, word for word; a changed text is a new version.
CREATE TABLE consent_wordings (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  purpose_id INTEGER REFERENCES purposes (id) ON DELETE SET NULL,
  version    INTEGER NOT NULL CHECK (version > 0),
  text       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX consent_wordings_by_purpose ON consent_wordings (purpose_id, version);

CREATE TABLE consent_events (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  subject      BLOB NOT NULL CHECK (length(subject) = 32),
  about        TEXT NOT NULL,            -- the path of the purpose as it was then; email, phone or fax for a channel
  purpose_id   INTEGER,                  -- NULL for a channel; the purpose may be gone
  answer       INTEGER CHECK (answer IN (0, 1)),  -- NULL takes an answer back
  kind         TEXT NOT NULL CHECK (kind IN ('said', 'merged', 'restored')),
  how          TEXT NOT NULL CHECK (how IN ('form', 'import', 'by_hand', 'phone', 'double_opt_in', 'salesforce', 'before_ledger')),
  at           INTEGER NOT NULL,
  stated       INTEGER NOT NULL CHECK (stated IN (0, 1)),  -- the moment was given, not taken from the clock
  zone         TEXT NOT NULL,            -- IANA name
  asked_at     INTEGER,                  -- the first moment of a double opt-in
  wording_id   INTEGER,
  wording_hash BLOB,                     -- SHA-256 of its text
  source_hash  BLOB,                     -- SHA-256 of the salt and the text in consent_texts; NULL where nothing was said
  recorded_at  INTEGER NOT NULL,
  hash         BLOB NOT NULL CHECK (length(hash) = 32)  -- SHA-256 of this event and the hash before it
) STRICT;
CREATE INDEX consent_events_by_subject ON consent_events (subject, purpose_id, id);

-- Where people were asked. These can name a person, so they can go; the events keep a salted hash.
CREATE TABLE consent_texts (
  event_id INTEGER PRIMARY KEY REFERENCES consent_events (id),
  text     TEXT                          -- NULL once it was erased
) STRICT;

-- Whoever was opted out of a channel: 1 means they want nothing there, 0 that they said so otherwise, NULL was never said.
ALTER TABLE contacts ADD COLUMN email_opt_out INTEGER CHECK (email_opt_out IN (0, 1));
ALTER TABLE contacts ADD COLUMN phone_opt_out INTEGER CHECK (phone_opt_out IN (0, 1));
ALTER TABLE contacts ADD COLUMN fax_opt_out INTEGER CHECK (fax_opt_out IN (0, 1));
CREATE INDEX contacts_opted_out ON contacts (id) WHERE email_opt_out = 1 OR phone_opt_out = 1 OR fax_opt_out = 1;

-- Answers from before are appended when the app opens the file: it takes hashes to do so.
INSERT INTO settings (key, value) SELECT 'consents_before_ledger', '1' WHERE EXISTS (SELECT 1 FROM consents);
