import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Job } from '../ipc/bindings';
import { listenToHost } from '../ipc/events';
import { newQueryClient } from '../ipc/queries';
import { answers } from '../testing/demo.app';
import { fakeHost } from '../testing/fakeHost';
import { expectAccessible, show } from '../testing/render';
import { Frame } from './Frame';

const job: Job = {
  id: 'a1',
  kind: 'run',
  title: 'Newsletter leads',
  stage: 'sending',
  done: 400,
  total: 1000,
  since: 0,
  cancelling: false,
};

function host() {
  return fakeHost({ ...answers, 'jobs.cancel': null } as Parameters<typeof fakeHost>[0]);
}

test('the frame names the org, the calls left and the queue', async () => {
  host();
  const { container } = await show(Frame);
  expect(await screen.findByText('Acme · Production')).toBeTruthy();
  expect(screen.getByText('14,212 of 15,000 calls left')).toBeTruthy();
  expect(screen.getByText('Nothing running')).toBeTruthy();
  await expectAccessible(container);
});

test('blocked contacts are counted where something can be done about them', async () => {
  host();
  await show(Frame);
  const link = await screen.findByRole('link', { name: /Replications/ });
  await waitFor(() => expect(within(link).getByText('7')).toBeTruthy());
});

test('a job of any process is shown and can be cancelled', async () => {
  const fake = host();
  await listenToHost(newQueryClient());
  await show(Frame);
  fake.tell({ kind: 'jobs', jobs: [job] });
  const cancel = await screen.findByRole('button', { name: 'Cancel: Run: Newsletter leads' });
  expect(screen.getByText('400 of 1,000')).toBeTruthy();
  await userEvent.click(cancel);
  expect(fake.calls).toContainEqual({ name: 'jobs.cancel', params: { id: 'a1' } });
  fake.tell({ kind: 'jobs', jobs: [{ ...job, cancelling: true }] });
  expect(await screen.findByText('Cancelling')).toBeTruthy();
  fake.tell({ kind: 'jobs', jobs: [] });
  expect(await screen.findByText('Nothing running')).toBeTruthy();
});

test('? shows the keys', async () => {
  host();
  await show(Frame);
  await userEvent.keyboard('?');
  expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy();
});
