// The situations that the REST files of jsforce's own tests try, rewritten as checks of our own: connection-crud,
// connection-meta, connection-session, oauth2, query and sobject, 98 in all. jsforce's package ships no tests, and they
// want a real org with objects of their own.
//
// What differs from there: accounts stand for their tables of test data, rows are made by collections rather than by the
// Bulk API, nothing waits for an index, the browser flow has a verifier, and the identity is no https address, because
// the org speaks http.
//
// Situations that the org can't show are skipped by `needs`, with the reason. The last line is the report.

import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import jsforce from 'jsforce';
import { allowInBrowser } from './browser.mjs';

const { Connection, OAuth2, SfDate } = jsforce;
const { ORG_URL, CLIENT_ID, CLIENT_SECRET, ORG_USERNAME, ORG_PASSWORD } = process.env;
const REDIRECT_URI = 'http://localhost:1717/oauth/callback';
const APP = {
  loginUrl: ORG_URL, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUri: REDIRECT_URI, useVerifier: true,
};
const KEY = 'Suite_Key__c';
const BIG = 5050;
const VERSION = '62.0';

const report = { passed: 0, skipped: [], failed: [] };

async function situation(title, check) {
  try {
    await check();
    report.passed += 1;
  } catch (error) {
    if (error instanceof Skipped) report.skipped.push(`${title}: ${error.message}`);
    else report.failed.push(`${title}: ${error.stack ?? error}`);
  }
}

class Skipped extends Error {}

function needs(condition, reason) {
  if (!condition) throw new Skipped(reason);
}

const isText = (value) => assert.equal(typeof value, 'string');
const isNumber = (value) => assert.equal(typeof value, 'number');
const isList = (value) => assert.ok(Array.isArray(value), JSON.stringify(value));
const isObject = (value) => assert.ok(value !== null && typeof value === 'object' && !Array.isArray(value));
const succeeded = (results) => results.forEach((result) => assert.equal(result.success, true, JSON.stringify(result)));

const conn = new Connection({ oauth2: APP, version: VERSION });
await conn.login(ORG_USERNAME, ORG_PASSWORD);
const accounts = conn.sobject('Account');
const objects = (await conn.describeGlobal()).sobjects.map((object) => object.name);
await prepare();

await crud();
await meta();
await session();
await oauth2();
await query();
await sobject();
console.log(JSON.stringify(report));

async function prepare() {
  await conn.tooling.sobject('CustomField').create({
    FullName: `Account.${KEY}`,
    Metadata: { label: 'Suite Key', type: 'Text', length: 80, externalId: true, unique: false, required: false },
  });
  const set = await conn.sobject('PermissionSet').create({ Name: 'Suite', Label: 'Suite' });
  await conn.sobject('FieldPermissions').create({
    ParentId: set.id, SobjectType: 'Account', Field: `Account.${KEY}`, PermissionsRead: true, PermissionsEdit: true,
  });
  await conn.sobject('PermissionSetAssignment').create({ AssigneeId: conn.userInfo.id, PermissionSetId: set.id });
}

async function makeAccounts(prefix, count) {
  const rows = Array.from({ length: count }, (_, n) => ({
    Name: `${prefix} #${n + 1}`, BillingState: 'CA', NumberOfEmployees: 300 * (n + 1),
  }));
  const results = await accounts.create(rows, { allowRecursive: true });
  succeeded(results);
  return results.map((result) => result.id);
}

async function crud() {
  let id;
  await situation('crud: an account is created', async () => {
    const created = await accounts.create({ Name: 'Hello' });
    assert.equal(created.success, true);
    isText(created.id);
    id = created.id;
  });
  await situation('crud: it is retrieved with its attributes', async () => {
    const record = await accounts.retrieve(id);
    assert.equal(record.Id, id);
    assert.equal(record.attributes.type, 'Account');
  });
  await situation('crud: it is updated through a reference', async () => {
    assert.equal((await accounts.record(id).update({ Name: 'Hello 2' })).success, true);
    assert.equal((await accounts.record(id).retrieve()).Name, 'Hello 2');
  });
  await situation('crud: it is updated with headers of the caller', async () => {
    const options = { headers: { 'SForce-Auto-Assign': 'FALSE' } };
    assert.equal((await accounts.record(id).update({ Name: 'Hello 3' }, options)).success, true);
    assert.equal((await accounts.record(id).retrieve(options)).Name, 'Hello 3');
  });

  let ids;
  await situation('crud: several are created', async () => {
    const results = await accounts.create([{ Name: 'Account #1' }, { Name: 'Account #2' }]);
    succeeded(results);
    ids = results.map((result) => result.id);
  });
  let records;
  await situation('crud: several are retrieved in the order asked', async () => {
    records = await accounts.retrieve(ids);
    assert.deepEqual(records.map((record) => record.Name), ['Account #1', 'Account #2']);
    records.forEach((record) => isObject(record.attributes));
  });
  await situation('crud: several are updated', async () => {
    succeeded(await accounts.update(records.map(({ Id, Name }) => ({ Id, Name: `Updated ${Name}` }))));
    const names = (await accounts.retrieve(ids)).map((record) => record.Name);
    assert.deepEqual(names, ['Updated Account #1', 'Updated Account #2']);
  });
  await situation('crud: several are deleted, and null stands for them', async () => {
    succeeded(await accounts.destroy(ids));
    assert.deepEqual(await accounts.retrieve(ids), [null, null]);
  });

  const key = `ID${Date.now()}`;
  let upserted;
  await situation('crud: an upsert by an unknown key creates', async () => {
    const result = await accounts.upsert({ Name: 'New record', [KEY]: key }, KEY);
    assert.deepEqual([result.success, result.created], [true, true]);
    upserted = result.id;
  });
  await situation('crud: an upsert by a known key updates', async () => {
    const result = await accounts.upsert({ Name: 'Updated record', [KEY]: key }, KEY);
    assert.deepEqual([result.success, result.created, result.id], [true, false, upserted]);
    assert.equal((await accounts.retrieve(upserted)).Name, 'Updated record');
  });
  await situation('crud: an upsert by a key of two records is a choice', async () => {
    await accounts.create({ Name: 'Duplicate', [KEY]: key });
    await assert.rejects(accounts.upsert({ Name: 'Which one', [KEY]: key }, KEY), (error) => {
      assert.equal(error.name, 'MULTIPLE_CHOICES');
      isText(error.data[0]);
      return true;
    });
  });
  await situation('crud: a search finds what was just created', async () => {
    const word = `Suite${Date.now()}`;
    await makeAccounts(`Searched ${word}`, 20);
    const found = await conn.search(`FIND {"${word}"} IN NAME FIELDS RETURNING Account(Id, Name)`);
    assert.equal(found.searchRecords.length, 20);
  });

  const rows = (prefix) => Array.from({ length: 5 }, (_, n) => ({ Name: `${prefix} ${n}`, [KEY]: `${prefix}-${n}` }));
  const withVersion = async (version, call) => {
    conn.version = version;
    try {
      return await call();
    } finally {
      conn.version = VERSION;
    }
  };
  await situation('crud: rows are upserted one by one before version 46', async () => {
    const results = await withVersion('45.0', () => accounts.upsert(rows('Before'), KEY));
    succeeded(results);
    results.forEach((result) => isText(result.id));
  });
  await situation('crud: rows are upserted as a collection from version 46', async () => {
    const results = await withVersion('50.0', () => accounts.upsert(rows('After'), KEY));
    succeeded(results);
    results.forEach((result) => isText(result.id));
  });
  await situation('crud: one bad row takes the others back with allOrNone', async () => {
    const some = rows('Together');
    some[2].OwnerId = 'INVALID_OWNER';
    const results = await withVersion('50.0', () => accounts.upsert(some, KEY, { allOrNone: true }));
    const codes = results.map((result) => result.errors[0].statusCode);
    const others = 'ALL_OR_NONE_OPERATION_ROLLED_BACK';
    assert.deepEqual(codes, [others, others, 'MALFORMED_ID', others, others]);
    assert.equal((await accounts.find({ [KEY]: { $in: some.map((row) => row[KEY]) } })).length, 0);
    needs(results.every((result) => result.created === true), 'refused rows of an upsert do not say created');
  });
}

async function meta() {
  await situation('meta: a describe is cached, and fetched anew when asked', async () => {
    const first = await accounts.describe();
    assert.equal(first.name, 'Account');
    isList(first.fields);
    assert.equal(await accounts.describe$(), first);
    assert.equal(accounts.describe$$(), first);
    const again = await accounts.describe();
    assert.notEqual(again, first);
    assert.equal(again.name, 'Account');
  });
  await situation('meta: the global describe is cached likewise', async () => {
    const first = await conn.describeGlobal();
    const [object] = first.sobjects;
    isText(object.name);
    isText(object.label);
    assert.equal(object.fields, undefined);
    assert.equal(await conn.describeGlobal$(), first);
    assert.equal(conn.describeGlobal$$(), first);
    assert.notEqual(await conn.describeGlobal(), first);
  });
  await situation('meta: records are read for view', async () => {
    const query = 'SELECT Id, Name FROM Account ORDER BY CreatedDate DESC LIMIT 2 FOR VIEW';
    assert.equal((await conn.query(query)).records.length, 2);
  });
  await situation('meta: recent records of all objects', async () => {
    const records = await conn.recent(2);
    assert.equal(records.length, 2);
    for (const record of records) [record.Id, record.Name, record.attributes.type].forEach(isText);
  });
  await situation('meta: recent records of one object', async () => {
    const records = await accounts.recent();
    assert.ok(records.length > 0);
    for (const record of records) {
      [record.Id, record.Name].forEach(isText);
      assert.equal(record.attributes.type, 'Account');
    }
  });
  let changed;
  let deleted;
  await situation('meta: records are created, updated and deleted at once', async () => {
    const results = await accounts.create([{ Name: 'Hello' }, { Name: 'World' }]);
    [changed, deleted] = results.map((result) => result.id);
    await Promise.all([accounts.record(changed).update({ Name: 'Hello 2' }), accounts.record(deleted).destroy()]);
  });
  // A minute that began five minutes ago and ends after this one, since seconds do not count.
  const end = new Date(Date.now() + 60_000);
  const start = new Date(Date.now() - 300_000);
  await situation('meta: which records were updated, by dates', async () => {
    assert.ok((await accounts.updated(start, end)).ids.includes(changed));
  });
  await situation('meta: which records were updated, by texts', async () => {
    assert.ok((await accounts.updated(start.toString(), end.toString())).ids.includes(changed));
  });
  await situation('meta: which records were deleted, by dates', async () => {
    const { deletedRecords } = await accounts.deleted(start, end);
    assert.ok(deletedRecords.some((record) => record.id === deleted));
  });
  await situation('meta: which records were deleted, by texts', async () => {
    const { deletedRecords } = await accounts.deleted(start.toString(), end.toString());
    assert.ok(deletedRecords.some((record) => record.id === deleted));
  });
  await situation('meta: the identity has photos and addresses', async () => {
    const identity = await conn.identity();
    assert.ok(identity.id.startsWith(ORG_URL));
    [identity.user_id, identity.organization_id, identity.email].forEach(isText);
    isObject(identity.photos);
    isObject(identity.urls);
  });
  await situation('meta: answers say how many calls are used', async () => {
    const { used, limit } = conn.limitInfo.apiUsage;
    assert.ok(used > 0 && limit >= used);
  });
  await situation('meta: the limits of the org', async () => {
    const limits = await conn.limits();
    for (const name of ['DataStorageMB', 'FileStorageMB', 'DailyApiRequests']) {
      assert.ok(limits[name].Max > 0 && limits[name].Remaining >= 0, name);
    }
  });
  await situation('meta: the tabs', async () => {
    const tabs = await conn.tabs();
    assert.ok(tabs.length > 0);
    for (const tab of tabs) [tab.label, tab.name, tab.url].forEach(isText);
  });
  await situation('meta: the theme', async () => {
    const { themeItems } = await conn.theme();
    assert.ok(themeItems.length > 0);
    for (const item of themeItems) {
      isText(item.name);
      for (const color of item.colors ?? []) [color.color, color.context, color.theme].forEach(isText);
      isList(item.icons ?? []);
    }
  });
}

async function session() {
  const soap = new Connection({ loginUrl: ORG_URL, version: VERSION });
  await situation('session: SOAP login by user name and password', async () => {
    const user = await soap.login(ORG_USERNAME, ORG_PASSWORD);
    [soap.accessToken, user.id, user.organizationId, user.url].forEach(isText);
  });
  await situation('session: a query with the session of a SOAP login', async () => {
    isList((await soap.query('SELECT Id FROM User')).records);
  });
  await situation('session: a bad token is renewed by a SOAP login', async () => {
    assert.deepEqual(await refreshed(soap, () => soap.query('SELECT Id FROM User LIMIT 5')), 1);
  });
  let left;
  await situation('session: SOAP logout', async () => {
    const own = new Connection({ loginUrl: ORG_URL, version: VERSION });
    await own.loginBySoap(ORG_USERNAME, ORG_PASSWORD);
    left = { sessionId: own.accessToken, serverUrl: own.instanceUrl };
    await own.logout();
    assert.equal(own.accessToken, null);
  });
  await situation('session: the session of a SOAP logout is dead', async () => {
    const own = new Connection({ ...left, version: VERSION });
    await assert.rejects(own.query('SELECT Id FROM User'), { errorCode: 'INVALID_SESSION_ID' });
  });
  await situation('session: Lightning addresses are no instances', () => {
    for (const host of ['lightning.force.com', 'lightning.crmforce.mil', 'lightning.sfcrmapps.cn']) {
      assert.throws(() => new Connection({ loginUrl: ORG_URL, instanceUrl: `my-org.${host}` }), /lightning URLs/);
    }
  });
  await situation('session: OAuth logout', async () => {
    const own = new Connection({ oauth2: APP, version: VERSION });
    await own.loginByOAuth2(ORG_USERNAME, ORG_PASSWORD);
    left = { accessToken: own.accessToken, instanceUrl: own.instanceUrl };
    await own.logout();
    assert.equal(own.accessToken, null);
  });
  await situation('session: the session of an OAuth logout is dead', async () => {
    const own = new Connection({ ...left, version: VERSION });
    await assert.rejects(own.query('SELECT Id FROM User'), { errorCode: 'INVALID_SESSION_ID' });
  });

  const web = new Connection({ oauth2: APP, version: VERSION });
  await situation('session: the web server flow', async () => {
    const address = web.oauth2.getAuthorizationUrl({ scope: 'api refresh_token' });
    const callback = await allowInBrowser(address, ORG_USERNAME, ORG_PASSWORD);
    const user = await web.authorize(callback.searchParams.get('code'));
    [user.id, user.organizationId, user.url, web.accessToken, web.refreshToken].forEach(isText);
    isList((await web.query('SELECT Id FROM User')).records);
  });
  await situation('session: a bad token is refreshed', async () => {
    assert.equal(await refreshed(web, () => web.query('SELECT Id FROM User')), 1);
  });
  await situation('session: calls at the same time refresh once', async () => {
    const calls = () => Promise.all([
      Promise.resolve(web.query('SELECT Id FROM User')), web.describeGlobal(), web.sobject('User').describe(),
    ]);
    assert.equal(await refreshed(web, calls), 1);
  });
  await situation('session: a dead refresh token is told as such', async () => {
    web.accessToken = 'not a token';
    web.refreshToken = 'not a token either';
    const message = 'Unable to refresh session due to: expired access/refresh token';
    await assert.rejects(web.query('SELECT Id FROM User'), { message });
  });
}

// How often a connection with a bad token refreshes until a call comes through.
async function refreshed(connection, call) {
  let count = 0;
  connection.accessToken = 'not a token';
  connection.removeAllListeners('refresh');
  connection.on('refresh', (token) => {
    isText(token);
    count += 1;
  });
  await call();
  return count;
}

async function oauth2() {
  const client = new OAuth2(APP);
  let code;
  await situation('oauth2: the state comes back with the code', async () => {
    const address = client.getAuthorizationUrl({ state: 'hello' });
    const callback = await allowInBrowser(address, ORG_USERNAME, ORG_PASSWORD);
    assert.equal(callback.searchParams.get('state'), 'hello');
    code = callback.searchParams.get('code');
  });
  let refreshToken;
  await situation('oauth2: the code brings both tokens', async () => {
    const tokens = await client.requestToken(code);
    [tokens.access_token, tokens.refresh_token].forEach(isText);
    refreshToken = tokens.refresh_token;
  });
  await situation('oauth2: the refresh token brings another', async () => {
    isText((await client.refreshToken(refreshToken)).access_token);
  });
  await situation('oauth2: user name and password bring a token', async () => {
    isText((await client.authenticate(ORG_USERNAME, ORG_PASSWORD)).access_token);
  });
  const host = 'https://example.my.salesforce.com';
  for (const [title, loginUrl, base] of [
    ['a plain host', host, host],
    ['a host with a path', `${host}/Central`, `${host}/Central`],
    ['a host with a slash', `${host}/`, host],
  ]) {
    await situation(`oauth2: the endpoints of ${title}`, () => {
      const made = new OAuth2({ loginUrl, clientId: 'x', redirectUri: 'http://localhost:8080/back' });
      assert.equal(made.authzServiceUrl, `${base}/services/oauth2/authorize`);
      assert.equal(made.tokenServiceUrl, `${base}/services/oauth2/token`);
      assert.equal(made.revokeServiceUrl, `${base}/services/oauth2/revoke`);
      const query = 'response_type=code&client_id=x&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fback';
      assert.equal(made.getAuthorizationUrl(), `${made.authzServiceUrl}?${query}`);
    });
  }
}

async function query() {
  await situation('query: accounts', async () => {
    isNumber((await conn.query('SELECT Id, Name FROM Account').run()).totalSize);
  });
  await situation('query: deleted accounts with scanAll', async () => {
    const { id } = await accounts.create({ Name: 'To be deleted' });
    await accounts.record(id).destroy();
    const soql = 'SELECT Id, IsDeleted, Name FROM Account WHERE IsDeleted = true';
    assert.ok((await conn.query(soql).run({ scanAll: true })).totalSize > 0);
  });

  await makeAccounts('Big', BIG);
  const big = "SELECT Id, Name FROM Account WHERE Name LIKE 'Big #%'";
  await situation('query: page by page to the end', async () => {
    assert.equal(await conn.query(big, { responseTarget: 'Count' }), BIG);
    let page = await conn.query(big);
    assert.deepEqual([page.records.length, page.done], [2000, false]);
    let records = page.records;
    while (!page.done) {
      page = await conn.queryMore(page.nextRecordsUrl);
      records = records.concat(page.records);
    }
    assert.equal(new Set(records.map((record) => record.Id)).size, BIG);
  });
  await situation('query: one page is fetched once', async () => {
    let fetches = 0;
    const page = await conn.query(big, { autoFetch: true, maxFetch: 2000 }).on('fetch', () => { fetches += 1; });
    assert.deepEqual([page.records.length, page.done, fetches], [2000, false, 1]);
    isText(page.nextRecordsUrl);
  });
  const counted = (options) => new Promise((resolve, reject) => {
    const records = [];
    const run = conn.query(big).on('record', (record) => records.push(record)).on('error', reject);
    run.on('end', () => resolve([run.totalSize, run.totalFetched, records.length])).run(options);
  });
  await situation('query: records as events, one page', async () => {
    assert.deepEqual(await counted({ autoFetch: false }), [BIG, 2000, 2000]);
  });
  await situation('query: records as events, up to a number', async () => {
    assert.deepEqual(await counted({ autoFetch: true, maxFetch: 5000 }), [BIG, 5000, 5000]);
  });
  for (const [title, maxFetch, records] of [
    ['below a page', 3999, 3999], ['at a page', 4000, 4000], ['beyond a page', 4001, 4001], ['beyond the end', 5e6, BIG],
  ]) {
    await situation(`query: a bound ${title}`, async () => {
      const result = await conn.query(big, { autoFetch: true, maxFetch });
      assert.deepEqual([result.totalSize, result.records.length], [BIG, records]);
    });
  }
  await situation('query: records through a stream that waits', async () => {
    let records = 0;
    const out = new Writable({
      objectMode: true,
      write(_, __, next) {
        records += 1;
        records % 500 === 0 ? setTimeout(next, 5) : next();
      },
    });
    const run = conn.query(big);
    await new Promise((resolve, reject) => {
      run.run({ autoFetch: true, maxFetch: 5000 }).pipe(out).on('finish', resolve).on('error', reject);
    });
    assert.deepEqual([run.totalFetched, records], [5000, 5000]);
  });
  await situation('query: records as CSV', async () => {
    let text = '';
    const out = new Writable({ write(part, _, next) { text += part; next(); } });
    await new Promise((resolve, reject) => {
      const source = conn.query('SELECT Id, Name FROM Account LIMIT 10').stream('csv');
      source.pipe(out).on('finish', resolve).on('error', reject);
    });
    assert.equal(text.split('\n')[0], 'Id,Name');
    assert.equal(text.trimEnd().split('\n').length, 11);
  });
  await situation('query: explained', async () => {
    explains(await conn.query('SELECT Id, Name FROM Account ORDER BY CreatedDate DESC LIMIT 10').explain());
  });

  for (const [count, options] of [[20, {}], [300, { allowBulk: false }]]) {
    const name = `Found ${count}`;
    const found = () => accounts.find({ Name: { $like: `${name} #%` } }, 'Id, Name, BillingState', { maxFetch: 1000 });
    await situation(`query: ${count} accounts are made`, async () => {
      assert.equal((await makeAccounts(name, count)).length, count);
    });
    await situation(`query: ${count} accounts found are updated`, async () => {
      // jsforce fills in this template for each record.
      const results = await found().update({ Name: '${Name} (Updated)', BillingState: null }, options);
      assert.equal(results.length, count);
      succeeded(results);
      for (const record of await found()) {
        assert.ok(record.Name.endsWith('(Updated)'));
        assert.equal(record.BillingState, null);
      }
    });
    await situation(`query: ${count} accounts found are deleted`, async () => {
      const results = await found().destroy(options);
      assert.equal(results.length, count);
      succeeded(results);
    });
  }
  const nobody = () => accounts.find({ CreatedDate: { $lt: new SfDate('1970-01-01T00:00:00Z') } });
  await situation('query: nothing found, nothing updated', async () => {
    assert.deepEqual(await nobody().update({ BillingState: null }), []);
  });
  await situation('query: nothing found, nothing deleted', async () => {
    assert.deepEqual(await nobody().destroy(), []);
  });
}

function explains({ plans }) {
  assert.ok(plans.length > 0);
  for (const plan of plans) {
    [plan.cardinality, plan.relativeCost, plan.sobjectCardinality].forEach(isNumber);
    [plan.leadingOperationType, plan.sobjectType].forEach(isText);
    isList(plan.fields);
  }
}

async function sobject() {
  const { id: owner } = await accounts.create({ Name: 'Parent of all' });
  await conn.sobject('Contact').create([1, 2, 3].map((n) => ({ FirstName: 'Child', LastName: `No. ${n}`, AccountId: owner })));
  let some;
  await situation('sobject: find', async () => isList(await accounts.find()));
  await situation('sobject: find with fields', async () => {
    [some] = await accounts.find({}, { Name: 1 });
    isText(some.Name);
  });
  const like = () => ({ Name: { $like: `${some.Name[0]}%` } });
  await situation('sobject: find with a condition', async () => {
    assert.ok((await accounts.find(like(), { Name: 1 })).length > 0);
  });
  await situation('sobject: find one', async () => {
    const { Id } = await accounts.findOne({ Name: some.Name }, 'Id');
    assert.equal((await accounts.findOne({ Id })).Id, Id);
  });
  await situation('sobject: count', async () => assert.ok((await accounts.count(like())) > 0));

  const deals = conn.sobject('Opportunity');
  const hasDeals = objects.includes('Opportunity');
  const reason = 'this org has no Opportunity';
  if (hasDeals) {
    await deals.create([3, 1, 2].map((n) => ({
      Name: `Deal ${n}`, StageName: 'Prospecting', CloseDate: `2027-01-0${n}`, AccountId: owner,
    })));
  }
  const falling = (values) => assert.deepEqual(values, [...values].sort().reverse());
  await situation('sobject: sorted by a field', async () => {
    needs(hasDeals, reason);
    const found = await deals.find({}, { CloseDate: 1 }).sort('CloseDate', 'desc');
    assert.ok(found.length > 2);
    falling(found.map((record) => record.CloseDate));
  });
  await situation('sobject: sorted by fields of parents, as text', async () => {
    needs(hasDeals, reason);
    const found = await deals.find({ AccountId: owner }, { 'Account.Name': 1, CloseDate: 1 }).sort('Account.Name -CloseDate');
    assert.ok(found.every((record) => record.Account.Name === 'Parent of all'));
    falling(found.map((record) => record.CloseDate));
  });
  await situation('sobject: sorted by fields of parents, as an object', async () => {
    needs(hasDeals, reason);
    const found = await deals.find({}, { 'Owner.Name': 1, CloseDate: 1 }).sort({ 'Owner.Name': 1, CloseDate: -1 }).limit(10);
    assert.ok(found.length > 2 && found.length < 11);
    falling(found.map((record) => record.CloseDate));
  });
  await situation('sobject: selected fields', async () => {
    needs(hasDeals, reason);
    for (const record of await deals.select('Id,Owner.Name,CloseDate').limit(10)) {
      [record.Id, record.Owner.Name, record.CloseDate].forEach(isText);
    }
  });
  await situation('sobject: all fields, also of parents', async () => {
    needs(hasDeals, reason);
    for (const record of await deals.select('*, Account.*, Owner.Name')) {
      [record.Id, record.Name, record.CloseDate, record.Account.Name, record.Owner.Name].forEach(isText);
    }
  });
  await situation('sobject: children of two kinds', async () => {
    needs(hasDeals, reason);
    const [record] = await accounts.find({ Id: owner }, 'Id').include('Contacts').select('*').limit(2).end()
      .include('Opportunities', null, 'Id, Name', { limit: 2 }).end();
    assert.equal(record.Name, undefined);
    for (const contact of record.Contacts.records) [contact.Id, contact.FirstName, contact.LastName].forEach(isText);
    for (const deal of record.Opportunities.records) {
      [deal.Id, deal.Name].forEach(isText);
      assert.equal(deal.CloseDate, undefined);
    }
    assert.deepEqual([record.Contacts.records.length, record.Opportunities.records.length], [2, 2]);
  });

  const layouts = (result) => {
    assert.ok(result.layouts.length > 0);
    for (const layout of result.layouts) {
      if (layout.id !== null) isText(layout.id);
      isObject(layout.buttonLayoutSection);
      [layout.detailLayoutSections, layout.editLayoutSections, layout.relatedLists].forEach(isList);
      isList(layout.quickActionList.quickActionListItems);
    }
    isList(result.recordTypeMappings);
    isList(result.recordTypeSelectorRequired);
  };
  const compact = (result) => {
    for (const layout of result.compactLayouts) {
      isText(layout.objectType);
      [layout.actions, layout.fieldItems].forEach(isList);
    }
    isList(result.recordTypeCompactLayoutMappings);
  };
  const approval = (result) => isList(result.approvalLayouts);
  const users = conn.sobject('User');
  for (const [title, object, method, check, ...named] of [
    ['layouts', accounts, 'layouts', layouts],
    ['a named layout', users, 'layouts', layouts, 'UserAlt'],
    ['compact layouts', accounts, 'compactLayouts', compact],
    ['approval layouts', accounts, 'approvalLayouts', approval],
  ]) {
    await situation(`sobject: ${title}`, async () => check(await object[method](...named)));
    await situation(`sobject: ${title}, from the cache or the org`, async () => check(await object[`${method}$`](...named)));
    await situation(`sobject: ${title}, from the cache`, () => check(object[`${method}$$`](...named)));
  }

  let view;
  await situation('sobject: list views', async () => {
    const { listviews } = await accounts.listviews();
    assert.ok(listviews.length > 0);
    for (const one of listviews) {
      [one.id, one.label, one.describeUrl, one.resultsUrl].forEach(isText);
      assert.equal(typeof one.soqlCompatible, 'boolean');
    }
    view = accounts.listview(listviews[0].id);
  });
  const columns = (list) => {
    assert.ok(list.length > 0);
    for (const column of list) {
      [column.label, column.fieldNameOrPath, column.selectListItem].forEach(isText);
      assert.equal(typeof column.sortable, 'boolean');
      if (column.sortIndex !== null) isNumber(column.sortIndex);
    }
  };
  await situation('sobject: a list view is described', async () => {
    const described = await view.describe();
    [described.id, described.sobjectType, described.query].forEach(isText);
    columns(described.columns);
    isList(described.orderBy);
  });
  await situation('sobject: a list view is read', async () => {
    const results = await view.results();
    [results.id, results.label].forEach(isText);
    assert.deepEqual([results.done, results.size], [true, results.records.length]);
    columns(results.columns);
  });
  await situation('sobject: a list view is explained', async () => explains(await view.explain()));
  await situation('sobject: templates of an update are filled in, or not', async () => {
    const { id } = await accounts.create({ Name: 'Templated' });
    succeeded(await accounts.find({ Id: id }).update({ Name: '${Name} (Updated)' }));
    assert.equal((await accounts.retrieve(id)).Name, 'Templated (Updated)');
    succeeded(await accounts.find({ Id: id }).update({ Name: '${Name} (Plain)' }, { skipRecordTemplateEval: true }));
    assert.equal((await accounts.retrieve(id)).Name, '${Name} (Plain)');
  });
}
