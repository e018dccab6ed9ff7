import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RuleTree } from '../ipc/bindings';
import { REPLICATION, type RealHost, realHost } from './realHost';

const name = REPLICATION;
const set = (settings: object) => (host: RealHost) => host.call('replications.set', { name, settings });
const germans = { all: [{ field: 'country', op: 'equals', value: 'DE' }] } as unknown as RuleTree;

async function activate(host: RealHost, mapping_id: string) {
  await host.call('segments.add', { name: 'Germans', description: '', tree: germans });
  return host.call('replications.activate', { name, segment: 'Germans', mapping_id });
}

/** Takes rows as the window does when they are pasted or a field is added by its name. */
async function rows(host: RealHost, text: string, name = REPLICATION) {
  const { text: before } = await host.call('mappings.grid', { name });
  const edits = [{ kind: 'rows' as const, text }];
  const tried = await host.call('mappings.try', { name, text: before, edits });
  await host.call('mappings.save', { name, text: tried.text });
}

/** The same without an org that could know the field. */
async function offline(host: RealHost, text: string) {
  const settings = { enabled: false, default_company: '[none]' };
  await host.call('replications.add', { name: 'Offline', object: 'Lead', settings });
  await rows(host, text, 'Offline');
}

async function expiring(host: RealHost, valid_for: string) {
  await host.call('activities.add_type', { name: 'visit', description: '' });
  const rule = { name: 'Visits', points: 1, when: { activity: 'visit' }, valid_for };
  await host.call('scores.set', { score: 'Engagement', change: { rules: [rule] } } as never);
}

const address = async (host: RealHost, text: string) =>
  expect((await host.call('connections.host', { text })).refusal).toBeFalsy();

/** The examples that the window gives, and what the host is asked when a user types them. */
const examples: [hint: string, typed: (host: RealHost) => Promise<unknown>][] = [
  ['08:00, 13:30', set({ schedule: 'at 08:00, 13:30' })],
  ['Customer number', (host) => host.call('custom_fields.add', { name: 'Customer number', kind: 'text' })],
  ['DEV_', set({ mapping_id_prefix: 'DEV_' })],
  ['_DEV', set({ mapping_id_suffix: '_DEV' })],
  ['For example, Deleted in Leadferry', set({ deleted_here: '"Deleted in Leadferry"=Description' })],
  ['For example, Hot_leads__c', (host) => activate(host, 'Hot_leads__c')],
  ['Never, or 30 days', (host) => expiring(host, '30 days')],
  ['For example, Newsletter', (host) => host.call('consents.add', { path: 'Newsletter' })],
  [
    'For example, Trade fair',
    async (host) => {
      await host.call('consents.add', { path: 'Newsletter' });
      const contacts = await host.call('contacts.guids', { filter: {}, columns: [], from: 0, limit: 1 });
      await host.call('consents.record', {
        contacts,
        purpose: 'Newsletter',
        given: true,
        source: 'Trade fair',
      });
    },
  ],
  ['Such as acme, acme.my.salesforce.com or the full URL', (host) => address(host, 'acme')],
  ['acme.my.salesforce.com', (host) => address(host, 'acme.my.salesforce.com')],
  ['the full URL', (host) => address(host, 'https://acme.my.salesforce.com')],
  [
    'One on each line: contact field = Salesforce field. For example, email = Email.',
    (host) => rows(host, 'email = Email'),
  ],
  [
    'For example, Budget__c, or Account.Number__c for a parent record.',
    (host) => offline(host, 'city=Budget__c'),
  ],
];

test.each(examples)('the host takes the example of the hint "%s"', async (_, typed) => {
  await typed(await realHost('practice'));
});

/** What says only what to type, or what an empty field means. */
const prompts =
  /^(Search|Choose|Type a value|Add a contact|Add field$|of any amount$|Find a contact|Name, email|New activity type|No |None|Never$|Rule name|with any|All segments|Enter the|Any$|Same value|Don.t link|What this)/;

test('every hint of a form is a prompt, or an example that the host was given', () => {
  const known = examples.map(([hint]) => hint);
  const found = sources('src').flatMap((source) =>
    [...source.matchAll(/placeholder=(?:"([^"]+)"|\{([^}]+)\})/g)].flatMap(([, plain, computed]) =>
      plain ? [plain] : [...(computed ?? '').matchAll(/'([^']+)'/g)].map(([, text]) => text ?? ''),
    ),
  );
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter((hint) => !prompts.test(hint) && !known.includes(hint))).toEqual([]);
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx') && !file.includes('.test.'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}
