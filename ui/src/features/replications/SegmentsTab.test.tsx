// A fake host: an activation whose days are over.
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Activations } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { replication } from '../../testing/samples.replications';
import { SegmentsTab } from './SegmentsTab';

const activations: Activations = {
  replication: 'Leads',
  active: [
    {
      segment: 'Hot leads',
      mapping_id: 'Hot_leads__c',
      state: 'verified',
      trouble: null,
      members: 40,
      from: null,
      until: '2026-01-31',
      phase: 'after',
    },
  ],
  elsewhere: 0,
  most: 25,
  proposed: [],
  fields: [],
};

test('an activation says whether it has ended, and its days are kept when a field is left', async () => {
  const fake = fakeHost({
    'replications.activations': activations,
    'replications.activate': activations,
  });
  const { container } = await show(() => <SegmentsTab replication={replication} />);
  expect(await screen.findByText('Ended')).toBeTruthy();
  await expectAccessible(container);
  const last = screen.getByLabelText('End date of Hot leads');
  fireEvent.change(last, { target: { value: '' } });
  fireEvent.blur(last);
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.activate',
      params: { name: 'Leads', segment: 'Hot leads', until: '' },
    }),
  );
});
