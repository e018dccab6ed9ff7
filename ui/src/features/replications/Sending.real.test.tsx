import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { type Kind, REPLICATION, type RealHost, realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, lose, press, see, until } from '../../testing/user';

async function tab(
  name: string,
  kind: Kind = 'practice',
  set?: (host: RealHost) => Promise<unknown>,
): Promise<RealHost> {
  const host = await realHost(kind);
  await set?.(host);
  await openApp(`/replications/${encodeURIComponent(REPLICATION)}/${name}`);
  await find('tab', /^Plan/);
  return host;
}

const settings = (host: RealHost, settings: object) =>
  host.call('replications.set', { name: REPLICATION, settings } as never);

const latest = async (host: RealHost) => (await host.call('runs.list', { limit: 1 }))[0];

const blocked = async (host: RealHost) =>
  (
    await host.call('queue.list', {
      filter: { replication: REPLICATION, counted: 'blocked' },
      limit: 50,
    })
  ).entries;

test('large and refused runs are held, opt-outs and likely duplicates handled, as the settings say', async () => {
  const host = await tab('settings', 'practice', (host) =>
    settings(host, { brake_times: 0, brake_refused: 0 }),
  );
  await choose('Runs', 'When something changes');
  await click('switch', 'Hold unusually large runs');
  await fill('Times the usual number of contacts', '5');
  await fill('Never hold runs of up to (contacts)', '200');
  await click('switch', 'Stop runs that Salesforce refuses');
  await fill('Refused contacts (percent)', '30');
  await fill('Counted among (contacts)', '40');
  await choose('A contact opts out of email', 'Send only the opt-out');
  await fill('Hold likely duplicates at', '80');
  await choose('API', /^Collections/);
  for (const alert of [
    'A scheduled run is late',
    'The connection needs you to sign in again',
    'A run failed or was stopped',
    'Some contacts are blocked, or fields changed in Salesforce',
    'Few API calls remain',
  ]) {
    await click('switch', `Alert: ${alert}`);
    await click('switch', `Alert: ${alert}`);
  }
  await press('Save settings');
  await until(async () =>
    expect((await host.call('replications.show', { name: REPLICATION })).settings).toMatchObject({
      brake_times: 5,
      brake_contacts: 200,
      brake_refused: 30,
      brake_rows: 40,
      opted_out: 'only_opt_out',
      hold_duplicates: 80,
      api: 'collections',
    }),
  );
});

test('only contacts who gave consent are sent once that is chosen', async () => {
  const host = await tab('who', 'practice', (host) => host.call('consents.add', { path: 'Newsletter' }));
  await choose('Gave consent to all of', 'Newsletter');
  await see('0 contacts');
  await press('Save');
  await until(async () =>
    expect((await host.call('replications.show', { name: REPLICATION })).settings.required_purposes).toEqual([
      'Newsletter',
    ]),
  );
});

test('the first contacts are sent and checked in Salesforce, then the others', async () => {
  const host = await tab('plan', 'planned');
  await press('Send the first 20');
  await press('Check again');
  await find('table', 'Checked in Salesforce');
  const first = await latest(host);
  expect(first?.created).toBeLessThanOrEqual(20);
  await press('Continue with the others');
  await until(async () => expect((await latest(host))?.id).toBeGreaterThan(first?.id ?? 0));
  await until(async () => expect((await latest(host))?.state).toBe('finished'));
  expect((await latest(host))?.created).toBeGreaterThan(100);
});

test('with few API calls left, a run sends as many contacts as they suffice for', async () => {
  const host = await tab('plan', 'planned', async (host) => {
    const [connection] = await host.call('connections.list', {});
    const budget = connection?.budget;
    if (!budget) throw new Error('the calls of the practice org are known');
    await settings(host, { api_reserve: budget.max - budget.used - 2, batch_size: 20 });
  });
  await press('Send as many as possible');
  await until(async () => expect(await latest(host)).toMatchObject({ state: 'stopped' }));
  const { standing } = await host.call('replications.show', { name: REPLICATION });
  expect(standing.waiting).toBeGreaterThan(0);
});

test('a blocked contact leads to what their error means', async () => {
  const host = await tab('queue', 'sent');
  const line = (await blocked(host)).find(({ code }) => code);
  if (!line) return expect.unreachable('somebody is blocked');
  await press(line.name);
  await click('link', 'About this error', line.name);
  await until(() => expect(window.location.hash).toContain('/doctor'));
  await find('button', 'Open replications');
  await lose('No known error in this text');
});

test('one contact of an undone run is released from the panel, and the others stay on hold', async () => {
  const host = await realHost('sent');
  await host.call('runs.undo', { run: 1 });
  const held = async () =>
    (await host.call('queue.list', { filter: { replication: REPLICATION, counted: 'held' }, limit: 50 }))
      .entries;
  const [first] = await held();
  if (!first) return expect.unreachable('contacts are on hold');
  const before = (await host.call('replications.show', { name: REPLICATION })).standing.on_hold;
  await openApp(`/replications/${encodeURIComponent(REPLICATION)}/queue`);
  await click('radio', /^On hold/);
  await press(first.name, 'Queue');
  await press('Release', first.name);
  await see('Released 1 contact.');
  await until(async () =>
    expect((await host.call('replications.show', { name: REPLICATION })).standing.on_hold).toBe(before - 1),
  );
  expect((await held()).map(({ contact }) => contact)).not.toContain(first.contact);
  // What was released stands among those that wait.
  await until(() => expect(all('complementary', first.name)).toEqual([]));
  await find('button', `Release all ${(before - 1).toLocaleString('en-US')}`);
  await lose('No contacts are on hold');
});

test('contacts with possible matches are created together after a question', async () => {
  const host = await tab('runs', 'sent');
  const before = (await blocked(host)).length;
  await press('Run 1');
  await click('checkbox', /^Select all: /);
  await press(/^Create \d+ new records$/);
  await press(/^Create \d+ new records$/, /^Create /);
  await until(async () => expect((await blocked(host)).length).toBeLessThan(before));
});
