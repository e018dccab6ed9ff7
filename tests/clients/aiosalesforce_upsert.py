"""Upserts rows with aiosalesforce, by a job of Bulk API 2.0: it has no call for many records at once.

It takes only addresses of Salesforce, so its requests to them are led to the practice org on their way out.
"""

import asyncio
import json
import os

import httpx
from aiosalesforce import Salesforce
from aiosalesforce.auth.base import Auth

ORG = httpx.URL(os.environ["ORG_URL"])


class ToThePracticeOrg(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request):
        request.url = request.url.copy_with(scheme=ORG.scheme, host=ORG.host, port=ORG.port)
        request.headers["Host"] = f"{ORG.host}:{ORG.port}"
        return await super().handle_async_request(request)


class Session(Auth):
    async def _acquire_new_access_token(self, client):
        return os.environ["SESSION_ID"]


async def main():
    with open(os.environ["ROWS"], encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    async with httpx.AsyncClient(transport=ToThePracticeOrg(), timeout=60) as client:
        base = "https://practice.my.salesforce.com"
        sf = Salesforce(client, base_url=base, auth=Session(), version="62.0")
        result = await sf.bulk_v2.upsert("Lead", rows, os.environ["IDENTIFIER"])
    print(json.dumps({"succeeded": len(result.successful_results)}))


asyncio.run(main())
