// Reads all leads with jsforce's Bulk API 2.0 query into a CSV file: what a script of a user's own would do.

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import jsforce from 'jsforce';

const { ORG_URL, SESSION_ID, SOQL, OUT } = process.env;
const connection = new jsforce.Connection({ instanceUrl: ORG_URL, accessToken: SESSION_ID, version: '62.0' });
const bulk = connection.bulk2;
bulk.pollInterval = 500;
bulk.pollTimeout = 300_000;

const records = await bulk.query(SOQL);
await pipeline(records.stream('csv'), createWriteStream(OUT));
console.log(JSON.stringify({ file: OUT }));
