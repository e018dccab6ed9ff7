// Drives jsforce's Bulk API 2.0, unchanged, through what it does with jobs. Checks what it sees; its last line is its report.

import assert from 'node:assert/strict';
import jsforce from 'jsforce';

const { ORG_URL, SESSION_ID } = process.env;
const connection = new jsforce.Connection({ instanceUrl: ORG_URL, accessToken: SESSION_ID, version: '62.0' });
const bulk = connection.bulk2;
bulk.pollInterval = 100;
bulk.pollTimeout = 60_000;

async function load(operation, input, options = {}) {
  return bulk.loadAndWaitForResults({ object: 'Lead', operation, input, ...options });
}

async function insert() {
  const rows = Array.from({ length: 450 }, (_, n) => ({ LastName: `Jürgen, "${n}"`, Company: 'Jsforce Bulk' }));
  const results = await load('insert', rows);
  assert.equal(results.successfulResults.length, 450);
  assert.ok(results.successfulResults.every((row) => row.sf__Created === 'true' && row.sf__Id.startsWith('00Q')));
  return results.successfulResults.map((row) => row.sf__Id);
}

async function refuse() {
  const rows = [{ LastName: 'Fits', Company: 'Jsforce Bulk' }, { LastName: '', Company: 'Jsforce Bulk' }];
  const results = await load('insert', rows);
  assert.equal(results.successfulResults.length, 1);
  const [failed] = results.failedResults;
  assert.match(failed.sf__Error, /^REQUIRED_FIELD_MISSING:.*:LastName --$/);
  assert.equal(failed.Company, 'Jsforce Bulk');
}

async function upsert() {
  const options = { externalIdFieldName: 'Email' };
  const rows = (name) => ['b-1@example.com', 'b-2@example.com'].map((Email) => ({ Email, LastName: name, Company: 'Keyed' }));
  await load('upsert', rows('Once'), options);
  const again = await load('upsert', rows('Twice'), options);
  assert.ok(again.successfulResults.every((row) => row.sf__Created === 'false'));
}

async function update(ids) {
  const results = await load('update', ids.slice(0, 250).map((Id) => ({ Id, Title: 'Bulk' })));
  assert.equal(results.successfulResults.length, 250);
}

async function remove(ids) {
  const results = await load('delete', ids.slice(440).map((Id) => ({ Id })));
  assert.equal(results.successfulResults.length, 10);
}

async function query() {
  const stream = await bulk.query("SELECT Id, LastName, Title FROM Lead WHERE Company = 'Jsforce Bulk'");
  const records = await stream.toArray();
  assert.equal(records.length, 441);
  assert.ok(records.some((record) => record.LastName === 'Jürgen, "200"'));
  const all = await bulk.query("SELECT Id FROM Lead WHERE Company = 'Jsforce Bulk'", { scanAll: true });
  assert.equal((await all.toArray()).length, 451);
}

async function stepByStep() {
  const job = bulk.createJob({ object: 'Lead', operation: 'insert' });
  const opened = await job.open();
  assert.equal(opened.state, 'Open');
  await job.uploadData('LastName,Company\nHand,Aborted\n');
  await job.abort();
  assert.equal((await job.check()).state, 'Aborted');
  assert.equal((await job.getUnprocessedRecords()).length, 1);
  await job.delete();
  await assert.rejects(() => job.check(), { errorCode: 'NOT_FOUND' });
}

const ids = await insert();
await refuse();
await upsert();
await update(ids);
await remove(ids);
await query();
await stepByStep();
console.log(JSON.stringify({ inserted: ids.length }));
