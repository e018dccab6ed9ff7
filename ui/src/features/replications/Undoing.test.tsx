// A fake host: a run that can be undone in part, one that undid another, and the first few of a run.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { RunCheck, UndoPage, UndoPlan, UndoQuery } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { queue, replication, runCard, updatedContacts } from '../../testing/samples.replications';
import { ReplicationScreen } from './ReplicationScreen';
import { RunPage } from './RunPage';

const plan: UndoPlan = {
  run: 1,
  replication: 'Leads',
  object: 'Lead',
  delete: 2,
  restore: 1,
  skipped: 1,
  deleted: 0,
  restored: 0,
  calls: 2,
  budget: null,
  skipped_by: [{ code: 'changed', records: 1, message: 'Sam Seller changed the record.' }],
  unanswered: 0,
};

const person = { contact: 'a'.repeat(32), name: 'Ada Okafor', email: null, company: null };

function page({ part }: UndoQuery): UndoPage {
  const record = {
    ...person,
    record_id: '00Q8M0000016Wv8UAE',
    state: part,
    code: part === 'skipped' ? 'changed' : null,
    message: part === 'skipped' ? 'Sam Seller changed the record.' : null,
    fields: [
      { field: 'FirstName', label: 'First Name', sent: 'Ada', before: null, now: 'Ada', skipped: null },
    ],
  };
  return { records: [record], next: null };
}

function host(more: Parameters<typeof fakeHost>[0] = {}) {
  return fakeHost({
    'runs.show': runCard,
    'queue.list': queue,
    'replications.show': replication,
    'runs.contacts': updatedContacts,
    'runs.plan_undo': plan,
    'runs.undo_plan': plan,
    'runs.undo_rows': page,
    ...more,
  });
}

function inOrgOf(kind: 'practice' | 'production') {
  return { ...replication, standing: { ...replication.standing, org_kind: kind } };
}

test('undoing a run shows first what it deletes, restores and leaves alone', async () => {
  const fake = host({
    'runs.undo': {
      replication: 'Leads',
      run: 2,
      undoes: 1,
      deleted: 2,
      restored: 1,
      skipped: 1,
      remaining: 0,
      calls: 2,
      stopped: null,
    },
  });
  await show(() => <RunPage id={1} replication={inOrgOf('practice')} onRun={() => {}} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Undo run…' }));
  const dialog = await screen.findByRole('dialog');
  expect(
    await within(dialog).findByText(/Deletes 2 records and restores the values of 1 record/),
  ).toBeTruthy();
  expect(fake.calls.some(({ name }) => name === 'runs.undo')).toBe(false);
  await userEvent.click(within(dialog).getByRole('tab', { name: 'Restore 1' }));
  expect(await within(dialog).findByText(/Empty/)).toBeTruthy();
  await userEvent.click(within(dialog).getByRole('tab', { name: 'Left alone 1' }));
  expect(await within(dialog).findByText('Sam Seller changed the record.')).toBeTruthy();
  await expectAccessible(dialog);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Undo run' }));
  await waitFor(() => expect(fake.calls).toContainEqual({ name: 'runs.undo', params: { run: 1 } }));
});

test('in a production org a run is undone only after its connection was named', async () => {
  host();
  await show(() => <RunPage id={1} replication={inOrgOf('production')} onRun={() => {}} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Undo run…' }));
  const dialog = await screen.findByRole('dialog');
  const button = (await within(dialog).findByRole('button', { name: 'Undo run' })) as HTMLButtonElement;
  expect(button.disabled).toBe(true);
  await userEvent.type(within(dialog).getByRole('textbox'), replication.connection ?? '');
  expect(button.disabled).toBe(false);
});

test('a run that undid another shows its records and can’t be undone itself', async () => {
  host({ 'runs.show': { ...runCard, id: 2, undoes: 1, deleted: 2, restored: 1 } });
  const { container } = await show(() => <RunPage id={2} replication={replication} onRun={() => {}} />);
  expect(await screen.findByRole('heading', { name: 'Run 2, undoes run 1' })).toBeTruthy();
  expect(await screen.findByRole('tab', { name: 'Delete 2' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Undo run…' })).toBeNull();
  await expectAccessible(container);
});

test('the first few of a run are compared, and the others follow with a button', async () => {
  const check: RunCheck = {
    same: 19,
    differing: 1,
    records: [
      {
        ...person,
        record_id: '00Q8M0000016Wv8UAE',
        created: true,
        gone: false,
        fields: [{ field: 'Title', label: 'Title', sent: 'Head', held: 'HEAD', same: false }],
      },
    ],
  };
  const onRun = vi.fn();
  const last_run = { run: 1, state: 'finished', started_at: 1, ended_at: 2, reason: null } as const;
  const one = { ...replication, standing: { ...replication.standing, last_run } };
  host({ 'runs.show': { ...runCard, stop_kind: 'first' }, 'runs.check': check });
  await show(() => <RunPage id={1} replication={one} onRun={onRun} />);
  expect(await screen.findByText('1 record of 20 differs from what was sent.')).toBeTruthy();
  expect(screen.getByText('Title: sent Head, has HEAD')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Continue with the others' }));
  expect(onRun).toHaveBeenCalledWith({});
});

test('scheduled runs on hold are told on the replication’s page, and go on with a button', async () => {
  const held = { reason: 'the scheduled run stopped', since_run: 1 };
  const fake = host({
    'replications.show': { ...replication, standing: { ...replication.standing, held } },
    'replications.release': replication,
    'replications.latest_plan': null,
    'runs.list': [],
  });
  await show(() => <ReplicationScreen Mapping={() => null} />, '/replications/Leads/runs');
  await userEvent.click(await screen.findByRole('button', { name: 'Resume schedule' }));
  await waitFor(() => expect(fake.calls.some(({ name }) => name === 'replications.release')).toBe(true));
});
