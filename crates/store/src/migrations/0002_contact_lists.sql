-- What lists of contacts are sorted by, so that the first page of a million comes at once. An older app cannot open the
-- file afterwards. Contacts without the value are left out: lists show them last, whatever the direction.
-- `fold` is the app's own function: lower case, without accents. Its answers for assigned letters never change.

CREATE INDEX contacts_by_name ON contacts (fold(coalesce(last_name, first_name)), fold(first_name))
  WHERE coalesce(last_name, first_name) IS NOT NULL;
CREATE INDEX contacts_by_company ON contacts (fold(company_name)) WHERE company_name IS NOT NULL;
CREATE INDEX contacts_by_creation ON contacts (created_at);
CREATE INDEX contacts_by_change ON contacts (changed_at);
CREATE INDEX contacts_not_to_send ON contacts (id) WHERE do_not_send = 1;
CREATE INDEX links_deleted ON links (contact_id) WHERE state = 'deleted';
