"""Upserts rows with simple-salesforce, 200 a call, so many calls in flight: what a script of a user's own would do."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

from simple_salesforce import Salesforce

URL = os.environ["ORG_URL"]
IDENTIFIER = os.environ["IDENTIFIER"]

sf = Salesforce(instance="localhost", session_id=os.environ["SESSION_ID"], version="62.0")
# It only ever speaks https by itself; the practice org is on this machine and speaks http.
sf.base_url = f"{URL}/services/data/v62.0/"

with open(os.environ["ROWS"], encoding="utf-8") as file:
    rows = [json.loads(line) for line in file]


def send(begin):
    records = [{"attributes": {"type": "Lead"}, **row} for row in rows[begin : begin + 200]]
    path = f"composite/sobjects/Lead/{IDENTIFIER}"
    results = sf.restful(path, method="PATCH", data=json.dumps({"allOrNone": False, "records": records}))
    return sum(1 for result in results if result["success"])


with ThreadPoolExecutor(max_workers=int(os.environ["IN_FLIGHT"])) as senders:
    succeeded = sum(senders.map(send, range(0, len(rows), 200)))
print(json.dumps({"succeeded": succeeded}))
