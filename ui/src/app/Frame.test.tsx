// A fake host: an org with a day’s calls behind it, and a job of another program.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { clockTime } from '../components/moments';
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
  expect(screen.getByRole('contentinfo').textContent).toContain('14,212 of 15,000 calls left');
  expect(screen.getByText('Nothing running')).toBeTruthy();
  await expectAccessible(container);
});

test('the bar says until when the calls are enough at the rate of the last hour', async () => {
  const [acme] = answers['connections.list'];
  const budget = { used: 788, ours: 500, max: 15_000, reserve: 0, room: 14_212 };
  const lasts_until = new Date(2026, 10, 29, 18, 0).getTime();
  host().answer({ 'connections.list': [{ ...acme, budget: { ...budget, lasts_until } }] as never });
  await show(Frame);
  const until = await screen.findByText(/enough until/);
  expect(until.parentElement?.textContent).toBe(
    `14,212 of 15,000 calls left · enough until ${clockTime(lasts_until)}`,
  );
});

test('the bar and the navigation count the queue alike', async () => {
  host();
  await show(Frame);
  expect(await screen.findByText('Waiting 1,514 · Blocked 7')).toBeTruthy();
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
  expect(await screen.findByText('Canceling')).toBeTruthy();
  fake.tell({ kind: 'jobs', jobs: [] });
  expect(await screen.findByText('Nothing running')).toBeTruthy();
});
