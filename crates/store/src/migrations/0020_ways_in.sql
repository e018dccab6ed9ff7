-- Two more ways to sign in: as a user whose app trusts a certificate of ours, and with a user's name and password. An older app
-- cannot open the file afterwards: it would take either for the practice org.

-- The public half of a key that signs in. The private key is in the vault and nowhere else.
CREATE TABLE signing_keys (
  id          TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 64),   -- SHA-256 of the public key, hex
  name        TEXT NOT NULL,         -- the certificate's common name, or the alias in the file it came from
  bits        INTEGER NOT NULL,      -- length of the modulus
  certificate TEXT,                  -- PEM; none where the file held no certificate
  expires_at  INTEGER,               -- the certificate's end, UTC milliseconds
  vault       TEXT NOT NULL CHECK (vault IN ('keychain','file')),
  made_at     INTEGER NOT NULL       -- when it was made or imported, UTC milliseconds
) STRICT;

-- The check on the flow can only be changed by making the table anew.
CREATE TABLE connections_anew (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
  flow          TEXT NOT NULL CHECK (flow IN ('practice','browser','client_credentials','jwt','password')),
  host          TEXT,                -- login host as a URL; none for the practice org
  client_id     TEXT,
  callback_port INTEGER,
  has_secret    INTEGER NOT NULL DEFAULT 0 CHECK (has_secret IN (0,1)),
  vault         TEXT CHECK (vault IN ('keychain','file')),   -- where the secrets of this connection are
  org_id        TEXT,                -- 18 characters; bound at the first sign-in
  org_name      TEXT,
  edition       TEXT,
  sandbox       INTEGER CHECK (sandbox IN (0,1)),
  user_id       TEXT,
  username      TEXT,                -- who signs in: given for jwt and password, told by the org for the others
  instance_url  TEXT,
  api_version   INTEGER,
  api_used      INTEGER,             -- calls used of the 24-hour allowance when last seen
  api_max       INTEGER,
  api_seen_at   INTEGER,
  signed_in_at  INTEGER,
  created_at    INTEGER NOT NULL,
  key_id        TEXT REFERENCES signing_keys (id),   -- jwt only
  audience      TEXT,                -- jwt only: whom the assertion is for, where it is not what the host implies
  lifetime_s    INTEGER              -- jwt only: how long an assertion is valid, where it is not the default
) STRICT;

INSERT INTO connections_anew (id, name, flow, host, client_id, callback_port, has_secret, vault, org_id, org_name, edition,
    sandbox, user_id, username, instance_url, api_version, api_used, api_max, api_seen_at, signed_in_at, created_at)
  SELECT id, name, flow, host, client_id, callback_port, has_secret, vault, org_id, org_name, edition,
    sandbox, user_id, username, instance_url, api_version, api_used, api_max, api_seen_at, signed_in_at, created_at
  FROM connections;

-- Ids are never reused, also those of connections that were removed.
DELETE FROM sqlite_sequence WHERE name = 'connections_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'connections_anew', seq FROM sqlite_sequence WHERE name = 'connections';

DROP TABLE connections;
ALTER TABLE connections_anew RENAME TO connections;
CREATE INDEX connections_by_key ON connections (key_id);
