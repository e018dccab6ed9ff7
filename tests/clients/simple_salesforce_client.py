"""Drives simple-salesforce, unchanged, with a session it is given, through what a Salesforce client does.

Checks what it sees; its last line is its report. Trust in the test's TLS front comes with REQUESTS_CA_BUNDLE.
"""

import json
import os

from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

INSTANCE = os.environ["INSTANCE"]
PAGING = "Simple Paging"

sf = Salesforce(instance=INSTANCE, session_id=os.environ["SESSION_ID"], version="60.0")


def refused(kind, call):
    """Returns the code that the org refuses a call with."""
    try:
        call()
    except kind as error:
        return error.content[0]["errorCode"]
    raise AssertionError("the org did not refuse")


def describe():
    names = [item["name"] for item in sf.describe()["sobjects"]]
    assert {"Lead", "Contact", "Account", "Campaign", "User"} <= set(names), names
    lead = sf.Lead.describe()
    fields = {field["name"]: field for field in lead["fields"]}
    assert lead["keyPrefix"] == "00Q"
    assert fields["Company"]["length"] == 255 and fields["Company"]["nillable"] is False
    assert fields["Email"]["length"] == 80 and fields["Email"]["idLookup"] is True
    assert sf.Lead.metadata()["objectDescribe"]["name"] == "Lead"


def add_key_field():
    metadata = {
        "label": "Simple Key",
        "type": "Text",
        "length": 40,
        "externalId": True,
        "unique": True,
        "caseSensitive": False,
        "required": False,
    }
    field = {"FullName": "Lead.Simple_Key__c", "Metadata": metadata}
    assert sf.toolingexecute("sobjects/CustomField", method="POST", data=field)["success"]
    code = refused(SalesforceMalformedRequest, lambda: sf.query("SELECT Simple_Key__c FROM Lead"))
    assert code == "INVALID_FIELD", code
    me = sf.oauth2("userinfo")["user_id"]
    permissions = sf.PermissionSet.create({"Name": "Simple_Fields", "Label": "Simple fields"})["id"]
    sf.FieldPermissions.create(
        {
            "ParentId": permissions,
            "SobjectType": "Lead",
            "Field": "Lead.Simple_Key__c",
            "PermissionsRead": True,
            "PermissionsEdit": True,
        }
    )
    sf.PermissionSetAssignment.create({"AssigneeId": me, "PermissionSetId": permissions})
    assert sf.query("SELECT Simple_Key__c FROM Lead")["totalSize"] == 0


def collections(method, records):
    """Sends records 200 at a time and returns their results in order."""
    results = []
    for start in range(0, len(records), 200):
        body = {"allOrNone": False, "records": records[start : start + 200]}
        results += sf.restful("composite/sobjects", method=method, json=body)
    return results


def create_many():
    people = [
        {
            "attributes": {"type": "Lead"},
            "LastName": f"Person {n:04}",
            "Company": PAGING,
            "Email": f"person{n}@example.org",
        }
        for n in range(2010)
    ]
    results = collections("POST", people)
    assert all(result["success"] for result in results)
    return [result["id"] for result in results]


def query_pages():
    soql = f"SELECT Id, LastName FROM Lead WHERE Company = '{PAGING}' ORDER BY LastName"
    first = sf.query(soql)
    assert first["done"] is False and first["totalSize"] == 2010
    records = sf.query_all(soql)["records"]
    assert len({record["Id"] for record in records}) == 2010
    assert records[-1]["LastName"] == "Person 2009"
    return len(first["records"]), len(records)


def update(ids):
    assert sf.Lead.update(ids[300], {"Title": "Updated alone", "NumberOfEmployees": 12}) == 204
    read = sf.Lead.get(ids[300])
    assert (read["Title"], read["NumberOfEmployees"]) == ("Updated alone", 12)
    rows = [{"attributes": {"type": "Lead"}, "id": i, "Title": "Updated together"} for i in ids[:150]]
    assert all(result["success"] for result in collections("PATCH", rows))


def upsert():
    first = {"LastName": "Upserted once", "Company": "Simple Upserts"}
    assert sf.Lead.upsert("Simple_Key__c/s-1", first) == 201
    assert sf.Lead.upsert("Simple_Key__c/s-1", {"LastName": "Upserted twice"}) == 200
    second = {"LastName": "Grüße aus Łódź", "Company": "Simple Upserts"}
    assert sf.Lead.upsert("Simple_Key__c/s-2", second) == 201
    assert sf.Lead.get_by_custom_id("Simple_Key__c", "S-2")["LastName"] == "Grüße aus Łódź"
    code = refused(SalesforceResourceNotFound, lambda: sf.Lead.upsert("Company/s-1", first))
    assert code == "NOT_FOUND", code


def be_refused():
    missing = {"Company": "No last name"}
    code = refused(SalesforceMalformedRequest, lambda: sf.Lead.create(missing))
    assert code == "REQUIRED_FIELD_MISSING", code
    code = refused(SalesforceMalformedRequest, lambda: sf.query("SELECT FROM Lead"))
    assert code == "MALFORMED_QUERY", code
    stranger = Salesforce(instance=INSTANCE, session_id="not a session", version="60.0")
    code = refused(SalesforceExpiredSession, lambda: stranger.query("SELECT Id FROM Lead"))
    assert code == "INVALID_SESSION_ID", code


def delete(ids):
    assert sf.Lead.delete(ids[2009]) == 204
    gone = sf.restful("composite/sobjects", {"ids": ",".join(ids[2007:2009])}, method="DELETE")
    assert [result["success"] for result in gone] == [True, True]
    code = refused(SalesforceResourceNotFound, lambda: sf.Lead.delete(ids[2009]))
    assert code == "ENTITY_IS_DELETED", code
    soql = f"SELECT COUNT() FROM Lead WHERE Company = '{PAGING}'"
    assert sf.query(soql)["totalSize"] == 2007
    assert sf.query(soql, include_deleted=True)["totalSize"] == 2010


def watch_the_limits():
    limits = sf.limits()["DailyApiRequests"]
    assert limits["Remaining"] < limits["Max"]
    assert sf.api_usage["api-usage"].total == limits["Max"]


describe()
add_key_field()
lead_ids = create_many()
first_page, all_pages = query_pages()
update(lead_ids)
upsert()
be_refused()
delete(lead_ids)
watch_the_limits()
print(json.dumps({"first_page": first_page, "all_pages": all_pages}))
