import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { queue, replication, runCard, runs } from '../../testing/samples.replications';
import { QueueTab } from './QueueTab';
import { RunPage } from './RunPage';
import { RunsTab } from './RunsTab';
import { SettingsTab } from './SettingsTab';
import { WhoTab } from './WhoTab';

test('the queue names who is held up and why, and a contact opens with its cures', async () => {
  fakeHost({ 'queue.list': queue });
  const { container } = await show(() => <QueueTab replication={replication} />);
  const line = queue.entries[0];
  if (!line) throw new Error('somebody is in the queue');
  await userEvent.click(await screen.findByRole('button', { name: line.name }));
  expect(screen.getByRole('list', { name: 'Who it may be' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Try all 20 again' })).toBeTruthy();
  await expectAccessible(container);
});

test('an empty queue says what will wait in it', async () => {
  fakeHost({ 'queue.list': { counts: {}, entries: [], more: false } });
  await show(() => <QueueTab replication={replication} />);
  expect(await screen.findByText('Nothing waits')).toBeTruthy();
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
  expect(screen.getByText('Not run yet')).toBeTruthy();
});

test('the page of a run groups who was refused by cause', async () => {
  fakeHost({ 'runs.show': runCard, 'queue.list': queue });
  const { container } = await show(() => <RunPage id={1} replication={replication} />);
  const causes = await screen.findByRole('region', { name: 'Refused, by cause' });
  expect(within(causes).getByText('Several could be meant')).toBeTruthy();
  await expectAccessible(container);
});

test('a run that was stopped says why and what to do', async () => {
  fakeHost({
    'runs.show': { ...runCard, state: 'stopped', reason: 'the org has no room left', cure: 'make room' },
    'queue.list': queue,
  });
  await show(() => <RunPage id={1} replication={replication} />);
  expect(await screen.findByText('The org has no room left.')).toBeTruthy();
  expect(screen.getByText(/Make room\./)).toBeTruthy();
});

test('only what was changed of the settings is saved', async () => {
  const fake = fakeHost({ 'connections.list': [], 'replications.set': replication });
  const { container } = await show(() => <SettingsTab replication={replication} />);
  await expectAccessible(container);
  await userEvent.click(await screen.findByRole('switch', { name: 'Keep updated' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save the settings' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.set',
      params: { name: 'Leads', settings: { keep_updated: false } },
    }),
  );
});

test('who goes is decided by a score or by nothing', async () => {
  const fake = fakeHost({
    'scores.list': [{ name: 'Engagement' }] as never,
    'replications.set': replication,
  });
  const { container } = await show(() => <WhoTab replication={replication} />);
  expect(await screen.findByText('710 contacts')).toBeTruthy();
  await expectAccessible(container);
  const least = screen.getByRole('textbox', { name: 'Points at least' });
  await userEvent.clear(least);
  await userEvent.type(least, '60');
  await userEvent.click(screen.getByRole('button', { name: 'Save who goes' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.set',
      params: { name: 'Leads', settings: { score: 'Engagement', minimum: 60 } },
    }),
  );
});

test('what raises an alert is switched one by one', async () => {
  const fake = fakeHost({ 'connections.list': [], 'replications.set': replication });
  await show(() => <SettingsTab replication={replication} />);
  await userEvent.click(await screen.findByRole('switch', { name: 'Alert: A run has sent something' }));
  await userEvent.click(screen.getByRole('switch', { name: 'Alert: A run is late' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save the settings' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.set',
      params: {
        name: 'Leads',
        settings: { alerts: ['finished', 'partly_failed', 'failed', 'sign_in_lost', 'api_low'] },
      },
    }),
  );
});
