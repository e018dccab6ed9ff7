// Signs in with jsforce and an assertion that Node signs. Checks what it sees; its last line is its report.

import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import jsforce from 'jsforce';

const { ORG_URL, CLIENT_ID, ORG_USERNAME, PRIVATE_KEY } = process.env;
const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

function assertion(aud) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 180;
  const text = `${part({ alg: 'RS256' })}.${part({ iss: CLIENT_ID, sub: ORG_USERNAME, aud, exp })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(PRIVATE_KEY, 'base64url')}`;
}

const conn = new jsforce.Connection({ oauth2: { loginUrl: ORG_URL, clientId: CLIENT_ID }, version: '62.0' });
const stranger = conn.authorize({ grant_type, assertion: assertion('https://test.salesforce.com') });
await assert.rejects(stranger, { name: 'invalid_grant', message: 'audience is invalid' });
await conn.authorize({ grant_type, assertion: assertion('https://login.salesforce.com') });
const identity = await conn.identity();
assert.equal(identity.username, ORG_USERNAME);
console.log(JSON.stringify({ username: identity.username }));
