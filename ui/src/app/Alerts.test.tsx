// A fake host: alerts of several kinds at once, with exact times.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { answers } from '../testing/demo.app';
import { fakeHost } from '../testing/fakeHost';
import { expectAccessible, show } from '../testing/render';
import { Alerts } from './Alerts';

const list = answers['alerts.list'] as NonNullable<Parameters<typeof fakeHost>[0]['alerts.list']>;

test('the bell counts what nobody has seen, and lists it with what it is about', async () => {
  const fake = fakeHost({ 'alerts.list': list, 'alerts.seen': { unseen: 0, alerts: [] } });
  const { container } = await show(() => <Alerts open />);
  await userEvent.click(await screen.findByRole('button', { name: 'Alerts: 1 new' }));
  expect(await screen.findByText('The session has ended; sign in again.')).toBeTruthy();
  expect(screen.getByText(/3 times, last/)).toBeTruthy();
  expect(screen.getByText('Camille Laurent reached 50 in Engagement.')).toBeTruthy();
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Mark all as seen' }));
  await waitFor(() => expect(fake.calls).toContainEqual({ name: 'alerts.seen', params: { until: 2 } }));
});

test('where nothing has happened, it says where alerts are chosen', async () => {
  fakeHost({ 'alerts.list': { unseen: 0, alerts: [] } });
  await show(() => <Alerts open />);
  await userEvent.click(await screen.findByRole('button', { name: 'Alerts' }));
  expect(await screen.findByText(/in the settings of each replication, score and pull/)).toBeTruthy();
});
