// Drives jsforce, unchanged, through what a Salesforce client does. Checks what it sees; its last line is its report.

import assert from 'node:assert/strict';
import jsforce from 'jsforce';
import { allowInBrowser } from './browser.mjs';

const { ORG_URL, CLIENT_ID, CLIENT_SECRET, ORG_USERNAME, ORG_PASSWORD } = process.env;
const oauth2 = { loginUrl: ORG_URL, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
const conn = new jsforce.Connection({ oauth2, version: '62.0' });

async function signIn() {
  await assert.rejects(conn.login(ORG_USERNAME, 'not the password'), { name: 'invalid_grant' });
  const user = await conn.login(ORG_USERNAME, ORG_PASSWORD);
  assert.match(user.id, /^005[0-9A-Za-z]{15}$/);
  assert.match(user.organizationId, /^00D[0-9A-Za-z]{15}$/);
  const identity = await conn.identity();
  assert.equal(identity.user_id, user.id);
  assert.equal(identity.username, ORG_USERNAME);
}

async function describe() {
  const names = (await conn.describeGlobal()).sobjects.map((object) => object.name);
  for (const name of ['Lead', 'Contact', 'Account', 'Campaign', 'User']) assert.ok(names.includes(name), name);
  const lead = await conn.sobject('Lead').describe();
  const field = (name) => lead.fields.find((candidate) => candidate.name === name);
  assert.equal(lead.keyPrefix, '00Q');
  assert.equal(field('LastName').length, 80);
  assert.equal(field('LastName').nillable, false);
  assert.equal(field('Email').type, 'email');
  assert.equal(field('Name').updateable, false);
  assert.ok(field('Status').picklistValues.some((value) => value.defaultValue));
}

async function addKeyField() {
  const created = await conn.tooling.sobject('CustomField').create({
    FullName: 'Lead.Jsforce_Key__c',
    Metadata: {
      label: 'Jsforce Key', type: 'Text', length: 40, externalId: true, unique: true, caseSensitive: false, required: false,
    },
  });
  assert.equal(created.success, true);
  const visible = async () => (await conn.sobject('Lead').describe()).fields.some((f) => f.name === 'Jsforce_Key__c');
  assert.equal(await visible(), false, 'a field made by the API is hidden until it is granted');
  const set = await conn.sobject('PermissionSet').create({ Name: 'Jsforce_Fields', Label: 'Jsforce fields' });
  await conn.sobject('FieldPermissions').create({
    ParentId: set.id, SobjectType: 'Lead', Field: 'Lead.Jsforce_Key__c', PermissionsRead: true, PermissionsEdit: true,
  });
  await conn.sobject('PermissionSetAssignment').create({ AssigneeId: conn.userInfo.id, PermissionSetId: set.id });
  assert.equal(await visible(), true, 'and there once it is');
}

async function createMany() {
  const people = Array.from({ length: 2050 }, (_, n) => ({
    LastName: `Person ${String(n).padStart(4, '0')}`, Company: 'Jsforce Paging', Email: `person${n}@example.com`,
  }));
  const results = await conn.sobject('Lead').create(people, { allowRecursive: true });
  assert.equal(results.length, 2050);
  assert.ok(results.every((result) => result.success && /^00Q/.test(result.id)));
  return results.map((result) => result.id);
}

async function queryPages() {
  const soql = "SELECT Id, LastName FROM Lead WHERE Company = 'Jsforce Paging' ORDER BY LastName";
  const first = await conn.query(soql);
  assert.equal(first.totalSize, 2050);
  assert.equal(first.done, false);
  const second = await conn.queryMore(first.nextRecordsUrl);
  assert.equal(second.done, true);
  const all = await conn.query(soql, { autoFetch: true, maxFetch: 5000 });
  assert.equal(new Set(all.records.map((record) => record.Id)).size, 2050, 'every lead once over all pages');
  assert.equal(all.records.at(-1).LastName, 'Person 2049');
  return [first.records.length, second.records.length];
}

async function queryBuilt() {
  const found = await conn.sobject('Lead')
    .find({ Company: 'Jsforce Paging', LastName: { $like: 'Person 00%' } }, ['Id', 'LastName', 'Owner.Name'])
    .sort('-LastName').limit(3);
  assert.deepEqual(found.map((record) => record.LastName), ['Person 0099', 'Person 0098', 'Person 0097']);
  assert.equal(typeof found[0].Owner.Name, 'string');
  await assert.rejects(conn.query('SELECT Nonsense__c FROM Lead'), { errorCode: 'INVALID_FIELD' });
  await assert.rejects(conn.query('SELECT Id FROM Lead WHERE'), { errorCode: 'MALFORMED_QUERY' });
}

async function update(ids) {
  const one = await conn.sobject('Lead').update({ Id: ids[300], Title: 'Updated alone' });
  assert.equal(one.success, true);
  const read = await conn.sobject('Lead').retrieve(ids[300]);
  assert.equal(read.Title, 'Updated alone');
  assert.match(read.LastModifiedDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
  const many = ids.slice(0, 200).map((Id) => ({ Id, Title: 'Updated together' }));
  assert.ok((await conn.sobject('Lead').update(many)).every((result) => result.success));
}

async function upsert() {
  const leads = conn.sobject('Lead');
  const lead = (key, LastName) => ({ Jsforce_Key__c: key, LastName, Company: 'Jsforce Upserts' });
  const created = await leads.upsert(lead('k-1', 'Upserted once'), 'Jsforce_Key__c');
  const again = await leads.upsert(lead('K-1', 'Upserted twice'), 'Jsforce_Key__c');
  assert.deepEqual([created.created, again.created], [true, false]);
  assert.equal(again.id, created.id, 'the case of the key does not matter');
  const many = await leads.upsert(
    [lead('k-1', 'Upserted thrice'), lead('k-2', 'Upserted once'), lead('k-3', "O'Hara \\ Søn")],
    'Jsforce_Key__c',
  );
  assert.deepEqual(many.map((result) => result.created), [false, true, true]);
  assert.equal(many[0].id, created.id);
  const twice = await leads.upsert([lead('k-9', 'One'), lead('k-9', 'Two')], 'Jsforce_Key__c');
  assert.deepEqual(twice.map((result) => [result.success, result.errors[0].statusCode]), [
    [false, 'DUPLICATE_VALUE'], [false, 'DUPLICATE_VALUE'],
  ]);
}

async function beRefused() {
  await assert.rejects(conn.sobject('Lead').create({ Company: 'No last name' }), { errorCode: 'REQUIRED_FIELD_MISSING' });
  const [bad, good] = await conn.sobject('Lead').create([
    { LastName: 'Bad', Company: 'Jsforce Rows', Email: 'not an address' },
    { LastName: 'Good', Company: 'Jsforce Rows' },
  ]);
  assert.equal(bad.success, false);
  assert.equal(bad.errors[0].statusCode, 'INVALID_EMAIL_ADDRESS');
  assert.equal(good.success, true, 'one bad row does not stop the others');
}

async function destroy(ids) {
  assert.equal((await conn.sobject('Lead').destroy(ids[2049])).success, true);
  const results = await conn.sobject('Lead').destroy(ids.slice(2046, 2049));
  assert.deepEqual(results.map((result) => result.success), [true, true, true]);
  await assert.rejects(conn.sobject('Lead').destroy(ids[2049]), { errorCode: 'ENTITY_IS_DELETED' });
  const bin = await conn.query("SELECT Id FROM Lead WHERE Company = 'Jsforce Paging' AND IsDeleted = true", { scanAll: true });
  assert.equal(bin.totalSize, 4);
}

async function watchTheLimits() {
  const limits = await conn.limits();
  assert.ok(limits.DailyApiRequests.Remaining < limits.DailyApiRequests.Max);
  assert.equal(conn.limitInfo.apiUsage.limit, limits.DailyApiRequests.Max);
}

async function signInThroughTheBrowser() {
  const redirectUri = 'http://localhost:1717/oauth/callback';
  const browser = new jsforce.Connection({ oauth2: { ...oauth2, redirectUri, useVerifier: true }, version: '62.0' });
  const address = browser.oauth2.getAuthorizationUrl({ scope: 'api refresh_token', state: 'a state & more' });
  const callback = await allowInBrowser(address, ORG_USERNAME, ORG_PASSWORD);
  assert.equal(callback.origin + callback.pathname, redirectUri);
  assert.equal(callback.searchParams.get('state'), 'a state & more');
  const code = callback.searchParams.get('code');
  await browser.authorize(code);
  assert.ok(browser.refreshToken);
  await browser.oauth2.revokeToken(browser.accessToken);
  const old = browser.accessToken;
  assert.ok((await browser.query('SELECT Id FROM Lead LIMIT 1')).done, 'jsforce refreshes a dead session by itself');
  assert.notEqual(browser.accessToken, old);
  await assert.rejects(browser.authorize(code), { name: 'invalid_grant' }, 'a code is good for one exchange');
}

async function signOut() {
  const { instanceUrl, accessToken, version } = conn;
  await conn.logout();
  const old = new jsforce.Connection({ instanceUrl, accessToken, version });
  await assert.rejects(old.query('SELECT Id FROM Lead'), { errorCode: 'INVALID_SESSION_ID' });
}

await signIn();
await describe();
await addKeyField();
const ids = await createMany();
const pages = await queryPages();
await queryBuilt();
await update(ids);
await upsert();
await beRefused();
await destroy(ids);
await watchTheLimits();
await signInThroughTheBrowser();
await signOut();
console.log(JSON.stringify({ pages }));
