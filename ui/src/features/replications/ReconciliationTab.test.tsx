// A fake host: differences that somebody made in the org, with exact counts.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Reconciliation } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { replication } from '../../testing/samples.replications';
import { ReconciliationTab } from './ReconciliationTab';

const fresh: Reconciliation = {
  replication: 'Leads',
  cost: { count_calls: 2, read_calls: 1, records: 690 },
  last: null,
  differing: 0,
};

const read: Reconciliation = {
  ...fresh,
  last: {
    at: 1_795_739_306_158,
    calls: 1,
    records: 690,
    all: { members: 710, queued: 0, sent: 690, confirmed: 689 },
    segments: [
      {
        segment: 'Hot leads',
        mapping_id: 'Hot_leads__c',
        counts: { members: 40, queued: 0, sent: 40, confirmed: null },
      },
    ],
  },
  differing: 2,
};

const who = { email: null, company: null };

test('what asking costs stands on the buttons before anything is asked', async () => {
  const fake = fakeHost({ 'replications.reconciliation': fresh, 'replications.reconcile': read });
  const { container } = await show(() => <ReconciliationTab replication={replication} />);
  expect(await screen.findByText('Not checked yet.')).toBeTruthy();
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Read back 690 records · 1 API call' }));
  expect(fake.calls).toContainEqual({
    name: 'replications.reconcile',
    params: { name: 'Leads', read_back: true },
  });
});

test('what differs is listed, and goes again with one click', async () => {
  const fake = fakeHost({
    'replications.reconciliation': read,
    'replications.differing': {
      contacts: [
        {
          ...who,
          contact: '1'.repeat(32),
          name: 'Ada Okafor',
          gone: false,
          fields: [{ field: 'City', sent: 'Lagos', held: null }],
        },
        { ...who, contact: '2'.repeat(32), name: 'Ben Ito', gone: true, fields: [] },
      ],
      next: null,
    },
    'replications.send_again': { contacts: 2 },
  });
  const { container } = await show(() => <ReconciliationTab replication={replication} />);
  const row = (await screen.findByText('All contacts')).closest('tr');
  expect(row?.textContent).toContain('689 (−1)');
  expect(screen.getByText('Read back to compare')).toBeTruthy();
  const ada = (await screen.findByText('Ada Okafor')).closest('tr');
  expect(ada?.textContent).toContain('CityLagosEmpty');
  expect(screen.getByText('Deleted')).toBeTruthy();
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Send 2 contacts again' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({ name: 'replications.send_again', params: { name: 'Leads' } }),
  );
});
