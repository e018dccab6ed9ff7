"""Drives aiosalesforce, unchanged, through what a Salesforce client does. Checks what it sees; its last line is its report.

It takes only addresses of Salesforce, so its requests to them are led to the practice org on their way out.
"""

import asyncio
import json
import os

import httpx
from aiosalesforce import ClientCredentialsFlow, Salesforce, SoapLogin, format_soql
from aiosalesforce.exceptions import AuthenticationError, SalesforceError

ORG = httpx.URL(os.environ["ORG_URL"])
BASE = "https://practice.my.salesforce.com"
USERNAME, PASSWORD = os.environ["ORG_USERNAME"], os.environ["ORG_PASSWORD"]


class ToThePracticeOrg(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request):
        request.url = request.url.copy_with(scheme=ORG.scheme, host=ORG.host, port=ORG.port)
        request.headers["Host"] = f"{ORG.host}:{ORG.port}"
        return await super().handle_async_request(request)


async def refused(kind, call, code):
    try:
        await call
    except kind as error:
        assert error.error_code == code, error
        return
    raise AssertionError("the org did not refuse")


async def everything(query):
    return [record async for record in query]


async def add_key_field(sf):
    async def post(path, body):
        headers = {"Content-Type": "application/json"}
        url = f"{sf.base_url}/services/data/v{sf.version}/{path}"
        return (await sf.request("POST", url, content=json.dumps(body), headers=headers)).json()["id"]

    metadata = {"label": "Key", "type": "Text", "length": 40, "externalId": True, "unique": True}
    field = "Lead.Aio_Key__c"
    await post("tooling/sobjects/CustomField", {"FullName": field, "Metadata": metadata})
    permissions = await post("sobjects/PermissionSet", {"Name": "Aio", "Label": "Aio"})
    grant = {"SobjectType": "Lead", "Field": field, "PermissionsRead": True, "PermissionsEdit": True}
    await post("sobjects/FieldPermissions", {"ParentId": permissions, **grant})
    user = (await everything(sf.query(format_soql("SELECT Id FROM User WHERE Username = {}", USERNAME))))[0]
    await post("sobjects/PermissionSetAssignment", {"AssigneeId": user["Id"], "PermissionSetId": permissions})


async def records(sf):
    lead = await sf.sobject.create("Lead", {"LastName": "First", "Company": "Aio"})
    assert (await sf.sobject.get("Lead", lead))["LastName"] == "First"
    await sf.sobject.update("Lead", lead, {"LastName": "Changed"})
    assert await sf.sobject.get("Lead", lead, fields=["LastName"]) | {"attributes": None} == {
        "attributes": None,
        "LastName": "Changed",
    }
    await sf.sobject.delete("Lead", lead)
    await refused(SalesforceError, sf.sobject.get("Lead", lead), "ENTITY_IS_DELETED")
    await refused(SalesforceError, sf.sobject.create("Lead", {"Company": "Aio"}), "REQUIRED_FIELD_MISSING")
    row = {"LastName": "O'Hara \\ Søn", "Company": "Aio", "Aio_Key__c": "a-1"}
    assert (await sf.sobject.upsert("Lead", "a-1", "Aio_Key__c", row)).created
    assert not (await sf.sobject.upsert("Lead", "a-1", "Aio_Key__c", row)).created
    found = await everything(sf.query(format_soql("SELECT Id FROM Lead WHERE LastName = {}", row["LastName"])))
    assert len(found) == 1
    bin = "SELECT Id FROM Lead WHERE IsDeleted = true AND Company = 'Aio'"
    assert len(await everything(sf.query(bin, include_all_records=True))) == 1
    assert (await sf.get_limits())["DailyApiRequests"]["Max"] > 0


async def batch(sf):
    async with sf.composite.batch(halt_on_error=False, autoraise=False) as batch:
        created = batch.sobject.create("Account", {"Name": "Batched"})
        bad = batch.sobject.create("Account", {})
        query = batch.query("SELECT Name FROM Account WHERE Name = 'Batched'")
        upserted = batch.sobject.upsert("Lead", "a-2", "Aio_Key__c", {"LastName": "Two", "Company": "Aio"})
    assert created.is_success and created.id.startswith("001")
    assert not bad.is_success and bad.status_code == 400
    assert [record["Name"] for record in query.records] == ["Batched"]
    assert upserted.created


async def composite(sf):
    async with sf.composite(all_or_none=True) as composite:
        account = composite.sobject.create("Account", {"Name": "Composed"})
        # Its references are texts that its JSON writer takes for their bare inside, so they are spelled out.
        contact = {"LastName": "Roe", "AccountId": str(account.reference.id)}
        contact = composite.sobject.create("Contact", contact)
    assert (await sf.sobject.get("Contact", contact.id))["AccountId"] == account.id


async def main():
    async with httpx.AsyncClient(transport=ToThePracticeOrg()) as client:
        flow = ClientCredentialsFlow(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
        sf = Salesforce(client, base_url=BASE, auth=flow, version="62.0", retry_policy=None)
        await add_key_field(sf)
        await records(sf)
        await batch(sf)
        await composite(sf)
        soap = Salesforce(client, base_url=BASE, auth=SoapLogin(USERNAME, PASSWORD, ""), version="62.0")
        made = "SELECT Id FROM Account WHERE Name IN ('Batched', 'Composed')"
        assert len(await everything(soap.query(made))) == 2
        wrong = Salesforce(client, base_url=BASE, auth=SoapLogin(USERNAME, "wrong", ""), version="62.0", retry_policy=None)
        await refused(AuthenticationError, wrong.get_limits(), "INVALID_LOGIN")
    print(json.dumps({"accounts": 2}))


asyncio.run(main())
