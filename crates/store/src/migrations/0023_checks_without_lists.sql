-- A check that a value is one of three or more makes SQLite build a table in memory for every row that is written, which costs
-- more than writing the row. These tables get a row for each contact. The checks alone change: what they allow stays the same, and
-- no row is written again. An older app cannot open a file that has seen this migration.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (role IN (''primary'',''secondary'',''regular''))',
  'CHECK (role = ''primary'' OR role = ''secondary'' OR role = ''regular'')')
WHERE type = 'table' AND name = 'account_contacts';
UPDATE sqlite_schema SET sql = replace(replace(sql, 'CHECK (state IN (''linked'',''deleted'',''converted''))',
  'CHECK (state = ''linked'' OR state = ''deleted'' OR state = ''converted'')'),
  'CHECK (how IN (''created'',''identifier'',''email'',''hand'',''followed'',''file''))',
  'CHECK (how = ''created'' OR how = ''identifier'' OR how = ''email'' OR how = ''hand'' OR how = ''followed'' OR how = ''file'')')
WHERE type = 'table' AND name = 'links';
UPDATE sqlite_schema SET sql = replace(sql,
  'CHECK (state IN (''pending'',''sending'',''done'',''blocked'',''given_up'',''withdrawn'',''held''))',
  'CHECK (state = ''pending'' OR state = ''sending'' OR state = ''done'' OR state = ''blocked'' OR state = ''given_up'' OR state = ''withdrawn'' OR state = ''held'')')
WHERE type = 'table' AND name = 'queue';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (decision IN (''create'',''update'',''match_pending'',''blocked''))',
  'CHECK (decision = ''create'' OR decision = ''update'' OR decision = ''match_pending'' OR decision = ''blocked'')')
WHERE type = 'table' AND name = 'plan_rows';
UPDATE sqlite_schema SET sql = replace(replace(sql, 'CHECK (kind IN (''said'', ''merged'', ''restored''))',
  'CHECK (kind = ''said'' OR kind = ''merged'' OR kind = ''restored'')'),
  'CHECK (how IN (''form'', ''import'', ''by_hand'', ''phone'', ''double_opt_in'', ''salesforce'', ''before_ledger''))',
  'CHECK (how = ''form'' OR how = ''import'' OR how = ''by_hand'' OR how = ''phone'' OR how = ''double_opt_in'' OR how = ''salesforce'' OR how = ''before_ledger'')')
WHERE type = 'table' AND name = 'consent_events';
UPDATE sqlite_schema SET sql = replace(sql,
  'CHECK (state IN (''delete'',''restore'',''deleting'',''restoring'',''deleted'',''restored'',''skipped''))',
  'CHECK (state = ''delete'' OR state = ''restore'' OR state = ''deleting'' OR state = ''restoring'' OR state = ''deleted'' OR state = ''restored'' OR state = ''skipped'')')
WHERE type = 'table' AND name = 'undo_rows';
PRAGMA writable_schema = RESET;
