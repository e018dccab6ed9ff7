// A fake host: exact counts of every outcome, a production org, and too few API calls.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { ReplicationInfo } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import {
  blocked,
  blockedBy,
  difference,
  leftOut,
  plan,
  queue,
  remarks,
  replication,
  toCreate,
  toUpdate,
  unplannedReasons,
} from '../../testing/samples.replications';
import { PlanTab } from './PlanTab';

function host() {
  return fakeHost({
    'replications.latest_plan': plan,
    'replications.planned': ({ decision }) =>
      ({ create: toCreate, update: toUpdate, blocked, match_pending: { contacts: [], next: null } })[
        decision ?? 'create'
      ],
    'replications.blocked_by': blockedBy,
    'replications.remarks': remarks,
    'replications.unplanned_reasons': unplannedReasons,
    'replications.unplanned': leftOut,
    'replications.difference': difference,
    'queue.list': queue,
  });
}

/** As it stands before its first run. */
const fresh: ReplicationInfo = {
  ...replication,
  standing: { ...replication.standing, last_run: null },
};

function tab(one: ReplicationInfo = fresh, onRun = () => {}) {
  return () => <PlanTab replication={one} running={false} failed={null} onRun={onRun} />;
}

test('a plan counts each contact once, says what it costs, and the button says what it will do', async () => {
  host();
  const onRun = vi.fn();
  const { container } = await show(tab(fresh, onRun));
  const numbers = await screen.findByRole('radiogroup', { name: 'What a run would do' });
  expect(within(numbers).getByRole('radio', { name: /Create.*657/ })).toBeTruthy();
  expect(within(numbers).getByRole('radio', { name: /Left out.*480/ })).toBeTruthy();
  expect(screen.getByText('7 API calls')).toBeTruthy();
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
  await userEvent.click(screen.getByRole('button', { name: 'Show 2 unchanged fields' }));
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
  expect(screen.getByText('This contact is marked “do not send”.')).toBeTruthy();
  const reasons = await screen.findByRole('list', { name: 'Reasons' });
  expect(within(reasons).getByRole('button', { name: /470.*minimum points/ })).toBeTruthy();
  expect(within(reasons).queryByText(/in Salesforce as it is here/)).toBeNull();
});

test('who is blocked is counted by reason, and a reason narrows the list', async () => {
  const fake = host();
  await show(tab());
  await userEvent.click(await screen.findByRole('radio', { name: /Blocked/ }));
  const reason = await screen.findByRole('button', { name: /18.*More than one match/ });
  await userEvent.click(reason);
  expect(reason.getAttribute('aria-pressed')).toBe('true');
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.planned',
      params: {
        name: replication.name,
        limit: 100,
        decision: 'blocked',
        code: 'ambiguous',
        message: 'a contact with this email is already in Salesforce',
      },
    }),
  );
});

test('contacts are searched, and those with a value that changes opened', async () => {
  const fake = host();
  await show(tab());
  await userEvent.click(await screen.findByRole('button', { name: /4 contacts have values that are/ }));
  await userEvent.type(await screen.findByRole('searchbox', { name: 'Search these contacts' }), 'mar');
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.planned',
      params: { name: replication.name, limit: 100, remarked: true, search: 'mar' },
    }),
  );
});

test('what becomes of values is told by field, and leads to the contacts', async () => {
  const fake = host();
  await show(tab());
  await userEvent.click(await screen.findByRole('button', { name: /4 contacts have values that are/ }));
  const left_out = await screen.findByRole('button', { name: /Phone \(Phone\): left out, because/ });
  await userEvent.click(left_out);
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.planned',
      params: { name: replication.name, limit: 100, remarked: true, field: 'Phone', remark: 'left_out' },
    }),
  );
});

test('contacts that are blocked for a field are found by it', async () => {
  const fake = host();
  await show(tab());
  await userEvent.click(await screen.findByRole('radio', { name: /^Blocked/ }));
  await userEvent.click(await screen.findByRole('button', { name: /Email is longer than/ }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.planned',
      params: { name: replication.name, limit: 100, decision: 'blocked', code: 'too_long', field: 'Email' },
    }),
  );
});

test('fields that hold values and go nowhere are named', async () => {
  host();
  const { container } = await show(tab());
  expect(await screen.findByText(/1 field with values isn’t sent/)).toBeTruthy();
  expect(screen.getByText(/12 contacts have a value/)).toBeTruthy();
  await expectAccessible(container);
});

test('a plan that was carried out says in which run, and offers another plan instead', async () => {
  host();
  const last_run = {
    run: 3,
    state: 'finished' as const,
    started_at: plan.made_at + 1,
    ended_at: plan.made_at + 2,
  };
  const standing = { ...replication.standing, last_run: { ...replication.standing.last_run, ...last_run } };
  await show(tab({ ...replication, standing } as ReplicationInfo));
  expect(await screen.findByRole('link', { name: 'run 3' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /in Practice$/ })).toBeNull();
  expect(screen.getByRole('button', { name: 'Plan again' })).toBeTruthy();
});

test('production is asked for by name before anything is sent', async () => {
  host();
  const onRun = vi.fn();
  const standing = { ...fresh.standing, org_kind: 'production' as const };
  await show(tab({ ...replication, connection: 'Acme', standing }, onRun));
  await userEvent.click(await screen.findByRole('button', { name: /in Acme \(production\)$/ }));
  const dialog = await screen.findByRole('dialog');
  const run = within(dialog).getByRole('button', { name: 'Run now' }) as HTMLButtonElement;
  expect(run.disabled).toBe(true);
  await userEvent.type(within(dialog).getByRole('textbox', { name: /Type Acme/ }), 'acme');
  await userEvent.click(run);
  expect(onRun).toHaveBeenCalledExactlyOnceWith({ confirm: 'acme' });
});

test('a copy is switched on where its plan is seen, and cannot be run before', async () => {
  const fake = host();
  fake.answer({ 'replications.set': replication });
  await show(tab({ ...fresh, enabled: false }));
  await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.set',
      params: { name: replication.name, settings: { enabled: true } },
    }),
  );
  expect(screen.queryByRole('button', { name: /^Create/ })).toBeNull();
});

test('a run that costs more calls than are available is sent as far as possible only', async () => {
  const budget = { used: 980, max: 1000, reserve: 15, room: 5, ours: 980, lasts_until: null };
  host().answer({ 'replications.latest_plan': { ...plan, budget } });
  const onRun = vi.fn();
  await show(tab(fresh, onRun));
  expect((await screen.findByRole('alert')).textContent).toBe('Only 5 calls available');
  await userEvent.click(screen.getByRole('button', { name: 'Send as many as possible' }));
  expect(onRun).toHaveBeenCalledExactlyOnceWith({ as_far_as_possible: true });
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

test('the plan says who goes as a lead, who as a contact, and which fields changed', async () => {
  const fake = host();
  const side = { selected: 10, linked: 3, new: 5, to_partner: 2, staying: 0, staying_people: [] };
  fake.answer({
    'replications.partner': { partner: 'Contacts', contacts_segment: 'Customers', possible: ['Contacts'] },
    'replications.preview_partner': {
      leads: { ...side, replication: 'Leads', object: 'Lead' },
      contacts: { ...side, replication: 'Contacts', object: 'Contact', new: 2, to_partner: 5 },
      contacts_segment: 'Customers',
    },
    'connections.drift_of_replication': [
      { object: 'Lead', field: 'Fax', label: 'Fax', change: 'Fax was deleted.', used_by: [] },
    ],
  });
  await show(tab());
  const sides = await screen.findByRole('table', { name: 'Who goes where' });
  expect(within(sides).getByText('Contacts (contacts)')).toBeTruthy();
  expect(screen.getByText('Fax was deleted.')).toBeTruthy();
  expect(screen.getByText(/New contacts in Customers become contacts/)).toBeTruthy();
  expect(fake.calls.filter(({ name }) => name === 'replications.preview_partner')[0]?.params).toEqual({
    name: replication.name,
    partner: 'Contacts',
    contacts_segment: 'Customers',
  });
});
