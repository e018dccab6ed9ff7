-- Where a no goes beside the linked record: to every record with the contact's email. An older app cannot open the file
-- afterwards: it would take what is on its way to these for an answer about the linked record.

CREATE TABLE refusal_records (
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  org_id     TEXT NOT NULL,
  object     TEXT NOT NULL,
  record_id  TEXT NOT NULL,          -- 18 characters
  told       TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(told)),   -- target field -> hash of the no that it took
  gone       INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0,1)),      -- it takes none
  PRIMARY KEY (contact_id, org_id, object, record_id)
) STRICT, WITHOUT ROWID;

-- What was asked for last: a hash of the email and of what was refused. Another one asks anew.
CREATE TABLE refusal_searches (
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  org_id     TEXT NOT NULL,
  object     TEXT NOT NULL,
  about      TEXT NOT NULL,
  PRIMARY KEY (contact_id, org_id, object)
) STRICT, WITHOUT ROWID;

-- Whoever refused something is looked at in every pass, whoever else is.
CREATE INDEX consents_refused ON consents (contact_id) WHERE given = 0;
