// A fake host: a real workspace can always be read, and its figures differ from run to run.
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { replication } from '../../testing/samples.replications';
import { ReplicationsScreen } from './ReplicationsScreen';

test('each replication says where it goes, how it stands, and who is blocked', async () => {
  fakeHost({ 'replications.list': [replication] });
  const { container } = await show(ReplicationsScreen);
  const row = (await screen.findByRole('link', { name: 'Leads' })).closest('tr');
  expect(row?.textContent).toContain('leads to Practice');
  expect(row?.textContent).toContain('Ready');
  expect(row?.textContent).toContain('20');
  await expectAccessible(container);
});

test('a list that cannot be read says so', async () => {
  fakeHost({
    'replications.list': () => {
      throw hostError({ message: 'the workspace cannot be read' });
    },
  });
  await show(ReplicationsScreen);
  expect(await screen.findByText('The workspace cannot be read.')).toBeTruthy();
});
