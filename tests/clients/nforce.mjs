// Drives nforce, unchanged, through what a Salesforce client does. Checks what it sees; its last line is its report.

import assert from 'node:assert/strict';
import nforce from 'nforce';

const { ORG_URL, CLIENT_ID, CLIENT_SECRET, ORG_USERNAME, ORG_PASSWORD } = process.env;
const org = nforce.createConnection({
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  redirectUri: 'http://localhost:1717/oauth/callback',
  loginUri: `${ORG_URL}/services/oauth2/token`,
  apiVersion: 'v62.0',
  mode: 'single',
  gzip: true,
});
const lead = (fields) => nforce.createSObject('Lead', { Company: 'Nforce', ...fields });
const refused = (call, code) => assert.rejects(call, (error) => {
  assert.equal(error.errorCode ?? error.message, code);
  return true;
});

async function signIn() {
  await assert.rejects(org.authenticate({ username: ORG_USERNAME, password: 'wrong' }), /invalid_grant/);
  const oauth = await org.authenticate({ username: ORG_USERNAME, password: ORG_PASSWORD });
  const identity = await org.getIdentity({ oauth });
  assert.equal(identity.username, ORG_USERNAME);
  assert.ok(identity.photos.picture);
}

async function lookAround() {
  const resources = await org.getResources();
  assert.ok(resources.query.endsWith('/v62.0/query'));
  const { sobjects } = await org.getSObjects();
  assert.ok(sobjects.some((object) => object.name === 'Lead'));
  assert.equal((await org.getMetadata('Lead')).objectDescribe.keyPrefix, '00Q');
  assert.ok((await org.getDescribe('Lead')).fields.length > 20);
  assert.ok((await org.getLimits()).DailyApiRequests.Max > 0);
}

async function addKeyField() {
  const metadata = { label: 'Key', type: 'Text', length: 40, externalId: true, unique: true, required: false };
  const body = { FullName: 'Lead.Nforce_Key__c', Metadata: metadata };
  const post = (path, record) => org.postUrl({ url: `/services/data/v62.0${path}`, body: record });
  assert.equal((await post('/tooling/sobjects/CustomField', body)).success, true);
  const set = await post('/sobjects/PermissionSet', { Name: 'Nforce', Label: 'Nforce' });
  const { user_id: user } = await org.getIdentity();
  const grant = { SobjectType: 'Lead', Field: 'Lead.Nforce_Key__c', PermissionsRead: true, PermissionsEdit: true };
  await post('/sobjects/FieldPermissions', { ParentId: set.id, ...grant });
  await post('/sobjects/PermissionSetAssignment', { AssigneeId: user, PermissionSetId: set.id });
}

async function writeAndRead() {
  const created = await org.insert({ sobject: lead({ LastName: 'First' }) });
  assert.equal(created.success, true);
  const record = await org.getRecord({ type: 'Lead', id: created.id, fields: ['LastName', 'Company'] });
  assert.equal(record.get('LastName'), 'First');
  const changed = lead({ LastName: 'Changed' });
  changed.setId(created.id);
  await org.update({ sobject: changed });
  assert.equal((await org.getRecord({ type: 'Lead', id: created.id })).get('lastname'), 'Changed');
  await org.delete({ type: 'Lead', id: created.id });
  await refused(org.getRecord({ type: 'Lead', id: created.id }), 'ENTITY_IS_DELETED');
  await refused(org.insert({ sobject: lead({}) }), 'REQUIRED_FIELD_MISSING');
}

async function upsert() {
  const keyed = (LastName) => {
    const record = lead({ LastName });
    record.setExternalId('Nforce_Key__c', 'n-1');
    return record;
  };
  assert.equal((await org.upsert({ sobject: keyed('Once') })).created, true);
  assert.equal((await org.upsert({ sobject: keyed('Twice') })).created, false);
  const query = "SELECT LastName FROM Lead WHERE Nforce_Key__c = 'n-1'";
  assert.equal((await org.query({ query })).records[0].get('LastName'), 'Twice');
}

async function queryPages() {
  for (let first = 0; first < 2010; first += 200) {
    const count = Math.min(200, 2010 - first);
    const records = Array.from({ length: count }, (_, n) => ({
      attributes: { type: 'Lead' }, LastName: `Person ${first + n}`, Company: 'Nforce Paging',
    }));
    const body = { allOrNone: true, records };
    await org.postUrl({ url: '/services/data/v62.0/composite/sobjects', body });
  }
  const query = "SELECT Id FROM Lead WHERE Company = 'Nforce Paging'";
  const page = await org.query({ query });
  const all = await org.query({ query, fetchAll: true });
  assert.deepEqual([page.records.length, all.records.length], [2000, 2010]);
  const bin = await org.queryAll({ query: "SELECT Id FROM Lead WHERE IsDeleted = true AND Company = 'Nforce'" });
  assert.equal(bin.totalSize, 1);
  await refused(org.query({ query: 'SELECT Nope FROM Lead' }), 'INVALID_FIELD');
  const found = await org.search({ search: 'FIND {Twice} IN NAME FIELDS RETURNING Lead(Id)' });
  assert.equal(found.searchRecords.length, 1);
}

await signIn();
await lookAround();
await addKeyField();
await writeAndRead();
await upsert();
await queryPages();
console.log(JSON.stringify({ pages: [2000, 2010] }));
