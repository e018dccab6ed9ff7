import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { ReplicationInfo } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import {
  blocked,
  difference,
  leftOut,
  plan,
  queue,
  replication,
  toCreate,
  toUpdate,
} from '../../testing/samples.replications';
import { PlanTab } from './PlanTab';

function host() {
  return fakeHost({
    'replications.latest_plan': plan,
    'replications.planned': ({ decision }) =>
      ({ create: toCreate, update: toUpdate, blocked, match_pending: { contacts: [], next: null } })[
        decision
      ],
    'replications.unplanned': leftOut,
    'replications.difference': difference,
    'queue.list': queue,
  });
}

function tab(one: ReplicationInfo = replication, onRun = () => {}) {
  return () => <PlanTab replication={one} running={false} failed={null} onRun={onRun} />;
}

test('a plan counts each contact once, says what it costs, and the button says what it will do', async () => {
  host();
  const onRun = vi.fn();
  const { container } = await show(tab(replication, onRun));
  const numbers = await screen.findByRole('radiogroup', { name: 'What would be done' });
  expect(within(numbers).getByRole('radio', { name: /Create.*657/ })).toBeTruthy();
  expect(within(numbers).getByRole('radio', { name: /Left out.*480/ })).toBeTruthy();
  expect(screen.getByText('7 calls')).toBeTruthy();
  await screen.findByRole('table', { name: 'What would change' });
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Create 657 and update 33 leads in Practice' }));
  expect(onRun).toHaveBeenCalledOnce();
});

test('a contact is shown field by field; what is the same waits to be asked for', async () => {
  host();
  await show(tab());
  const table = await screen.findByRole('table', { name: 'What would change' });
  const before = within(table).getAllByRole('row').length;
  await userEvent.click(screen.getByRole('button', { name: 'Show 2 fields that are the same' }));
  expect(within(table).getAllByRole('row').length).toBe(before + 2);
  for (const change of difference.changes) {
    expect(within(table).getByRole('rowheader', { name: change.label })).toBeTruthy();
  }
});

test('who is left out is listed with the reason', async () => {
  host();
  await show(tab());
  await userEvent.click(await screen.findByRole('radio', { name: /Left out/ }));
  const list = await screen.findByRole('list', { name: 'Contacts left out' });
  expect(within(list).getAllByRole('button').length).toBe(leftOut.contacts.length);
  expect(screen.getByText('is marked “do not send”')).toBeTruthy();
});

test('production is asked for by name before anything is sent', async () => {
  host();
  const onRun = vi.fn();
  const standing = { ...replication.standing, org_kind: 'production' as const };
  await show(tab({ ...replication, connection: 'Acme', standing }, onRun));
  await userEvent.click(await screen.findByRole('button', { name: /in Acme \(production\)$/ }));
  const dialog = await screen.findByRole('dialog');
  const run = within(dialog).getByRole('button', { name: 'Run' }) as HTMLButtonElement;
  expect(run.disabled).toBe(true);
  await userEvent.type(within(dialog).getByRole('textbox', { name: /Type Acme/ }), 'acme');
  await userEvent.click(run);
  expect(onRun).toHaveBeenCalledOnce();
});

test('what has to be done first is said where there is no plan yet', async () => {
  const fake = host();
  fake.answer({ 'replications.latest_plan': null });
  const [first, ...rest] = replication.standing.needs;
  if (!first) throw new Error('there are needs');
  const needs = [{ ...first, done: false, text: 'Connect it to an org' }, ...rest];
  await show(tab({ ...replication, standing: { ...replication.standing, needs } }));
  expect(await screen.findByText(/Connect it to an org/)).toBeTruthy();
  expect(fake.calls.some(({ name }) => name === 'replications.match')).toBe(false);
});

test('a stale plan says so', async () => {
  host().answer({ 'replications.latest_plan': { ...plan, stale: true } });
  await show(tab());
  await waitFor(() => expect(screen.getByRole('status').textContent).toContain('have changed since'));
});
