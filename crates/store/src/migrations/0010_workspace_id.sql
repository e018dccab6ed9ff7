-- A random id of the workspace: a computer that has approved it recognizes the file again. A copy of the file has the
-- same id. An older app can still open a file that has seen this, but refuses to, since its version is newer.
INSERT OR IGNORE INTO settings (key, value) VALUES ('workspace_id', lower(hex(randomblob(16))));
