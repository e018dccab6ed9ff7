-- Contacts are found by phone number and address, too. An older app cannot open the file afterwards.
-- `phone_words` is the app's own function, see `phones.rs`. The index holds no texts of its own and none of another
-- table's: what is deleted from it need not be said once more.

DROP TRIGGER contacts_search_delete;
DROP TRIGGER contacts_search_update;
DROP TABLE contacts_search;

CREATE VIRTUAL TABLE contacts_search USING fts5 (
  first_name, last_name, email, company_name, phones, address,
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO contacts_search (rowid, first_name, last_name, email, company_name, phones, address)
SELECT id, first_name, last_name, email, company_name,
  concat_ws(' ', phone_words(business_phone), phone_words(mobile_phone), phone_words(home_phone)),
  concat_ws(' ', address_line1, address_line2, postal_code, city)
FROM contacts ORDER BY id;

-- New contacts are indexed by one statement at the end of their transaction: a trigger would write the search index
-- to disk row by row. Erasing builds it anew.
CREATE TRIGGER contacts_search_delete AFTER DELETE ON contacts BEGIN
  DELETE FROM contacts_search WHERE rowid = old.id;
END;
CREATE TRIGGER contacts_search_update AFTER UPDATE OF first_name, last_name, email, company_name, business_phone,
  mobile_phone, home_phone, address_line1, address_line2, postal_code, city ON contacts BEGIN
  DELETE FROM contacts_search WHERE rowid = old.id;
  INSERT INTO contacts_search (rowid, first_name, last_name, email, company_name, phones, address)
  VALUES (new.id, new.first_name, new.last_name, new.email, new.company_name,
    concat_ws(' ', phone_words(new.business_phone), phone_words(new.mobile_phone), phone_words(new.home_phone)),
    concat_ws(' ', new.address_line1, new.address_line2, new.postal_code, new.city));
END;
