// A fake host: hundreds of contacts blocked for several reasons, and runs that stopped.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { QueueLine } from '../../ipc/bindings';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { queue, replication, runCard, runs, updatedContacts } from '../../testing/samples.replications';
import { QueueTab } from './QueueTab';
import { RunPage } from './RunPage';
import { RunsTab } from './RunsTab';

test('the queue lists who is blocked and why, and a contact opens beside it with its cures', async () => {
  fakeHost({ 'queue.list': queue });
  const { container } = await show(() => <QueueTab replication={replication} />);
  const line = queue.entries[0];
  if (!line) throw new Error('somebody is in the queue');
  await userEvent.click(await screen.findByRole('button', { name: line.name }));
  expect(screen.getByRole('list', { name: 'Possible matches' })).toBeTruthy();
  const panel = screen.getByRole('complementary', { name: line.name });
  expect(within(panel).getAllByText(/Penrose Interiors/).length).toBeGreaterThan(0);
  expect(screen.getByRole('row', { current: true }).textContent).toContain(line.name);
  expect(screen.getByRole('button', { name: 'Retry all 20' })).toBeTruthy();
  await expectAccessible(container);
});

test('the queue goes on with the next page and back', async () => {
  const fake = fakeHost({ 'queue.list': queue });
  await show(() => <QueueTab replication={replication} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Next' }));
  await waitFor(() =>
    expect(fake.calls.at(-1)).toEqual({
      name: 'queue.list',
      params: {
        filter: { replication: replication.name, counted: 'blocked' },
        after: queue.next,
        limit: 100,
      },
    }),
  );
  expect((screen.getByRole('button', { name: 'Previous' }) as HTMLButtonElement).disabled).toBe(false);
});

test('an empty queue says what will wait in it', async () => {
  fakeHost({
    'queue.list': {
      counts: {},
      figures: { waiting: 0, blocked: 0, sent: 0, held: 0 },
      entries: [],
      total: 0,
      next: null,
    },
  });
  await show(() => <QueueTab replication={replication} />);
  expect(await screen.findByText('No contacts are blocked')).toBeTruthy();
});

test('runs are listed with what they came to', async () => {
  fakeHost({ 'runs.list': runs });
  const onOpen = vi.fn();
  const { container } = await show(() => <RunsTab replication={replication} onOpen={onOpen} failed={null} />);
  const row = (await screen.findByRole('button', { name: 'Run 1' })).closest('tr');
  expect(row?.textContent).toContain('Finished');
  expect(row?.textContent).toContain('657');
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Run 1' }));
  expect(onOpen).toHaveBeenCalledWith(1);
});

test('a run that could not begin says why above the others', async () => {
  fakeHost({ 'runs.list': [] });
  const failed = hostError({ message: 'another program sends to this org' });
  await show(() => <RunsTab replication={replication} onOpen={() => {}} failed={failed} />);
  expect(await screen.findByText('Another program sends to this org.')).toBeTruthy();
  expect(screen.getByText('No runs yet')).toBeTruthy();
});

const reasons = { name: 'Blocked, by reason' };

function host(more: Parameters<typeof fakeHost>[0] = {}) {
  return fakeHost({
    'runs.show': runCard,
    'queue.list': queue,
    'replications.show': replication,
    'runs.contacts': updatedContacts,
    ...more,
  });
}

test('the page of a run has one table for each reason, with who it may be', async () => {
  host();
  const { container } = await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  const causes = await screen.findByRole('region', reasons);
  const table = await within(causes).findByRole('table', { name: 'Contacts: More than one match' });
  const row = within(table).getByRole('button', { name: 'Siobhán Smythe-Parker' }).closest('tr');
  expect(row?.textContent).toContain('Contact in Salesforce');
  expect(row?.textContent).toContain('siobhan.smythe-parker@penrose-interiors.example');
  await expectAccessible(container);
});

test('each reason of a run asks for its own contacts, however many others wait', async () => {
  const fake = host();
  await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  await screen.findByRole('region', reasons);
  const code = [...runCard.refusals, ...runCard.blocks][0]?.code;
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'queue.list',
      params: { filter: { replication: replication.name, code, run: 1 }, limit: 20 },
    }),
  );
});

test('many blocked contacts are cured at once, each button says how many', async () => {
  const fake = host({ 'queue.retry': { contacts: 1 } });
  await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Select all: More than one match' }));
  expect(screen.getByRole('button', { name: 'Link 1 contact' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Retry 1 contact' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Create 1 new record' }));
  const asked = within(await screen.findByRole('dialog', { name: 'Create 1 new record?' }));
  expect(asked.getByText(/may already be in Salesforce/)).toBeTruthy();
  await userEvent.click(asked.getByRole('button', { name: 'Create 1 new record' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'queue.retry',
      params: {
        replication: replication.name,
        contacts: [queue.entries[0]?.contact],
        create_anyway: true,
      },
    }),
  );
});

test('a contact that is another one here is merged with a button, and the merge can be undone', async () => {
  const [first] = queue.entries;
  if (!first) throw new Error('somebody is in the queue');
  const other = '1'.repeat(32);
  const twin: QueueLine = {
    ...first,
    candidates: [
      { name: 'Siobhan S', email: null, company: null, object: null, record: null, contact: other },
    ],
  };
  const fake = host({
    'queue.list': { ...queue, entries: [twin] },
    'contacts.show': { name: 'Siobhan S', fields: {} } as never,
    'contacts.merge': { survivor: other, acts: [7] },
    'contacts.undo': { act: 7, restored: 1, removed: 0, activities_removed: 0, left_alone: [] },
  });
  await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  await userEvent.click(await screen.findByRole('button', { name: `Merge ${first.name}` }));
  await userEvent.click(await screen.findByRole('button', { name: 'Merge contacts' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'contacts.merge',
      params: { survivor: other, others: [first.contact] },
    }),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Undo: Merged 2 contacts.' }));
  await waitFor(() => expect(fake.calls).toContainEqual({ name: 'contacts.undo', params: { act: 7 } }));
});

test('the record of a run shows what an updated record held before', async () => {
  const fake = host();
  const { container } = await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  await userEvent.click(await screen.findByRole('tab', { name: 'Updated 33' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Ágnes Kovács' }));
  const sent = screen.getByRole('table', { name: 'What was sent' });
  expect(within(sent).getByRole('row', { name: 'Title Account Manager Head of things' })).toBeTruthy();
  expect(within(sent).getByRole('row', { name: 'Email Opt Out Empty Yes' })).toBeTruthy();
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Next' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'runs.contacts',
      params: { run: 1, part: 'updated', after: '4:99', limit: 50 },
    }),
  );
});

test('a run that waits for API calls says so', async () => {
  fakeHost({
    'runs.show': { ...runCard, state: 'stopped', stop_kind: 'limit', reason: 'waiting for API calls' },
    'queue.list': queue,
    'replications.show': replication,
  });
  await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  expect(await screen.findByText('Waiting for API calls')).toBeTruthy();
});

test('a run by bulk jobs says how far Salesforce is with each', async () => {
  fakeHost({
    'runs.show': {
      ...runCard,
      jobs: [
        {
          job_id: '7508M0000016Wv8QAE',
          state: 'complete',
          rows: 50000,
          processed: 50000,
          failed: 12,
          message: null,
        },
        {
          job_id: '7508M0000016Wv9QAE',
          state: 'processing',
          rows: 2400,
          processed: 200,
          failed: 0,
          message: null,
        },
        { job_id: null, state: 'creating', rows: 1, processed: 0, failed: 0, message: null },
      ],
    },
    'queue.list': queue,
    'replications.show': replication,
  });
  const { container } = await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  const jobs = within(await screen.findByRole('region', { name: 'Bulk jobs' })).getAllByRole('listitem');
  expect(jobs.map((job) => job.textContent)).toEqual([
    'Completed50,000 of 50,000 contacts processed, 12 rejected7508M0000016Wv8QAE',
    'Processing200 of 2,400 contacts processed7508M0000016Wv9QAE',
    'Uploading0 of 1 contact processed',
  ]);
  await expectAccessible(container);
});

test('a run that was stopped says why and what to do', async () => {
  fakeHost({
    'runs.show': { ...runCard, state: 'stopped', reason: 'the org has no room left', cure: 'make room' },
    'queue.list': queue,
    'replications.show': replication,
  });
  await show(() => <RunPage id={1} replication={replication} onRun={() => {}} />);
  expect(await screen.findByText('The org has no room left.')).toBeTruthy();
  expect(screen.getByText(/Make room\./)).toBeTruthy();
});

test('contacts of an undone run are on hold until they are released', async () => {
  const [first] = queue.entries;
  if (!first) throw new Error('somebody is in the queue');
  const held: QueueLine = { ...first, state: 'held', code: null, label: null, cures: [], candidates: [] };
  const fake = fakeHost({
    'queue.list': { ...queue, figures: { ...queue.figures, held: 2 }, entries: [held], next: null },
    'queue.release': { contacts: 1 },
  });
  await show(() => <QueueTab replication={replication} />);
  await userEvent.click(await screen.findByRole('radio', { name: 'On hold 2' }));
  await userEvent.click(await screen.findByRole('button', { name: first.name }));
  await userEvent.click(screen.getByRole('button', { name: 'Release' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'queue.release',
      params: { replication: first.replication, contacts: [first.contact] },
    }),
  );
  expect(screen.getByRole('button', { name: 'Release all 2' })).toBeTruthy();
});
