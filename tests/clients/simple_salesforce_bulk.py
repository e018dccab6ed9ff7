"""Drives simple-salesforce's Bulk API 2.0, unchanged, through what it does with jobs.

Checks what it sees; its last line is its report. It only ever speaks https by itself, so the address is put in place.
"""

import csv
import io
import json
import os

from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceOperationError

sf = Salesforce(instance="localhost", session_id=os.environ["SESSION_ID"], version="62.0")
sf.bulk2_url = f"{os.environ['ORG_URL']}/services/data/v62.0/jobs/"
leads = sf.bulk2.Lead


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def insert():
    records = [{"LastName": f"Łukasz, \"{n}\"", "Company": "Simple Bulk"} for n in range(450)]
    [result] = leads.insert(records=records, wait=0.1)
    assert (result["numberRecordsProcessed"], result["numberRecordsFailed"]) == (450, 0), result
    rows = read(leads.get_successful_records(result["job_id"]))
    assert len(rows) == 450 and all(row["sf__Created"] == "true" for row in rows)
    return [row["sf__Id"] for row in rows]


def be_refused():
    records = [{"LastName": "Fits", "Company": "Simple Bulk"}, {"LastName": "", "Company": "Simple Bulk"}]
    [result] = leads.insert(records=records, wait=0.1)
    assert result["numberRecordsFailed"] == 1, result
    [failed] = read(leads.get_failed_records(result["job_id"]))
    assert failed["sf__Error"].startswith("REQUIRED_FIELD_MISSING:"), failed
    assert read(leads.get_unprocessed_records(result["job_id"])) == []
    try:
        leads.insert(records=[{"Nothing__c": "x"}], wait=0.1)
    except SalesforceOperationError as error:
        assert "Field name not found : Nothing__c" in str(error), error
    else:
        raise AssertionError("a column that is none was taken")
    try:
        list(leads.query("SELECT Nothing FROM Lead"))
    except SalesforceMalformedRequest as error:
        assert error.content[0]["errorCode"] == "INVALID_FIELD", error
    else:
        raise AssertionError("a field that is none was read")


def write(ids):
    for name in ["Once", "Twice"]:
        records = [{"Email": key, "LastName": name, "Company": "Keyed"} for key in ["c-1@example.com", "c-2@example.com"]]
        [result] = leads.upsert(records=records, external_id_field="Email", wait=0.1)
        assert result["numberRecordsFailed"] == 0, result
    records = [{"Id": id, "Title": "Bulk"} for id in ids[:250]]
    assert sum(r["numberRecordsProcessed"] for r in leads.update(records=records, batch_size=100, wait=0.1)) == 250
    [result] = leads.delete(records=[{"Id": id} for id in ids[440:]], wait=0.1)
    assert result["numberRecordsFailed"] == 0, result


def query():
    soql = "SELECT Id, LastName, Title FROM Lead WHERE Company = 'Simple Bulk'"
    pages = [read(page) for page in leads.query(soql, max_records=200, wait=0.1)]
    assert [len(page) for page in pages] == [200, 200, 41], [len(page) for page in pages]
    assert any(row["LastName"] == "Łukasz, \"200\"" for page in pages for row in page)
    every = [row for page in leads.query_all(soql, wait=0.1) for row in read(page)]
    assert len(every) == 451, len(every)


lead_ids = insert()
be_refused()
write(lead_ids)
query()
print(json.dumps({"inserted": len(lead_ids)}))
