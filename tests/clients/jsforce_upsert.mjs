// Upserts rows with jsforce, 200 a call, so many calls in flight: what a script of a user's own would do.

import { readFileSync } from 'node:fs';
import jsforce from 'jsforce';

const { ORG_URL, SESSION_ID, ROWS, IDENTIFIER, IN_FLIGHT } = process.env;
const connection = new jsforce.Connection({ instanceUrl: ORG_URL, accessToken: SESSION_ID, version: '62.0' });
const rows = readFileSync(ROWS, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));

let next = 0;
let succeeded = 0;
async function send() {
  while (next < rows.length) {
    const part = rows.slice(next, (next += 200));
    const results = await connection.sobject('Lead').upsert(part, IDENTIFIER, { allOrNone: false });
    succeeded += results.filter((result) => result.success).length;
  }
}

await Promise.all(Array.from({ length: Number(IN_FLIGHT) }, send));
console.log(JSON.stringify({ succeeded }));
