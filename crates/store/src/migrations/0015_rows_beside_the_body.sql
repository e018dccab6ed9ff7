-- A batch's rows are no rows of a table any more: the body is stored once, as it leaves, and beside it who its rows are
-- for and what came of them. `batches/packed.rs` knows the form; the rows of older batches are packed after these
-- statements (`migrate/packing.rs`), as are the hashes of links, and then `batch_rows` goes.
-- An older app can not open a file that has seen this.
ALTER TABLE batches ADD COLUMN contacts BLOB;   -- who the rows are for, in request order, and where they stand in the body
ALTER TABLE batches ADD COLUMN answers BLOB;    -- what came of each row; NULL while none has its answer

CREATE TABLE batch_bodies (
  batch_id INTEGER PRIMARY KEY REFERENCES batches (id) ON DELETE CASCADE,
  body     BLOB NOT NULL,   -- the request's body, gzipped; empty when history was thinned
  before   BLOB             -- what the org held before, row by row, where it was read, gzipped
) STRICT;

-- Which batches may have a row for a contact: those of her block of 256 contacts.
CREATE TABLE contact_batches (
  block    INTEGER NOT NULL,   -- contact id / 256
  batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
  PRIMARY KEY (block, batch_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_batches_by_batch ON contact_batches (batch_id);

-- What was sent last over a link: a hash of 8 bytes a field, packed as `links/hashes.rs` says.
CREATE TABLE sent_fields (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE   -- as the org calls the field
) STRICT;
ALTER TABLE links ADD COLUMN packed BLOB NOT NULL DEFAULT x'';
