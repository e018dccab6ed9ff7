"""Checks an assertion of ours with PyJWT, then signs in with simple-salesforce's own, made with the same key.

Its last line is its report. simple-salesforce only ever asks login.salesforce.com by itself; the address is put in place.
"""

import json
import os
import time

import jwt
import requests
from cryptography.x509 import load_pem_x509_certificate
from simple_salesforce import SalesforceLogin

URL = os.environ["ORG_URL"]
PRODUCTION = "https://login.salesforce.com"

certificate = load_pem_x509_certificate(os.environ["CERTIFICATE"].encode())
ours = os.environ["ASSERTION"]
header = jwt.get_unverified_header(ours)
assert (header["alg"], header["typ"]) == ("RS256", "JWT"), header
claims = jwt.decode(ours, certificate.public_key(), algorithms=["RS256"], audience=PRODUCTION)
assert claims["iss"] == os.environ["CLIENT_ID"], claims
assert claims["sub"] == os.environ["ORG_USERNAME"], claims
assert 0 < claims["exp"] - time.time() <= 181, claims
assert set(claims) == {"iss", "sub", "aud", "exp"}, claims


class ToOrg(requests.adapters.HTTPAdapter):
    """Sends what is meant for Salesforce to the practice org."""

    def send(self, request, **options):
        request.url = request.url.replace(PRODUCTION, URL)
        return super().send(request, **options)


session = requests.Session()
session.trust_env = False
session.mount(PRODUCTION, ToOrg())
session_id, instance = SalesforceLogin(
    username=os.environ["ORG_USERNAME"],
    consumer_key=os.environ["CLIENT_ID"],
    privatekey=os.environ["PRIVATE_KEY"],
    session=session,
)
me = requests.get(f"{URL}/services/oauth2/userinfo", headers={"Authorization": f"Bearer {session_id}"}, timeout=30)
print(json.dumps({"claims": claims, "username": me.json()["preferred_username"]}))
