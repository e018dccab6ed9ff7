// A fake host: exact figures of days, and an answer that doesn’t come.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Overview } from '../../ipc/bindings';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { OverviewScreen } from './OverviewScreen';

const overview: Overview = {
  looks: [
    {
      kind: 'blocked',
      replication: 'Newsletter leads',
      connection: null,
      run: null,
      contacts: 7,
      code: 'ambiguous',
      text: 'several records have the email',
    },
  ],
  days: [{ day: '2026-11-26', created: 657, updated: 33, blocked: 20 }],
  causes: [
    {
      replication: 'Newsletter leads',
      code: 'ambiguous',
      label: 'Several could be meant',
      cause: 'several records have the e-mail',
      cure: 'link the right one',
      contacts: 7,
      tries_again: false,
    },
  ],
  api_use: [
    {
      connection: 'Acme',
      budget: { used: 788, ours: 12, max: 15_000, reserve: 0, room: 14_212, lasts_until: null },
      ours: 12,
      hours: [{ at: 0, ours: 12, others: 3 }],
    },
  ],
  begun: { practice: true, connect: true, import: true },
  next_replication: null,
};

test('what needs a look leads to where it is cured', async () => {
  fakeHost({ 'statistics.overview': overview });
  const { container } = await show(OverviewScreen);
  const says = '7 contacts can’t be sent by Newsletter leads. Several records have the email.';
  expect(await screen.findByText(says)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Fix' }).getAttribute('href')).toContain('/queue');
  await expectAccessible(container);
});

test('an empty workspace shows the next step and nothing that is empty', async () => {
  fakeHost({
    'statistics.overview': { ...overview, looks: [], causes: [], days: [], api_use: [] },
    'contacts.count': 12,
    'connections.list': [],
    'replications.list': [],
    'runs.list': [],
  });
  const { container } = await show(OverviewScreen);
  expect(await screen.findByRole('button', { name: 'Connect Salesforce' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Import contacts' })).toBeNull();
  expect(screen.queryByText('Sent, by day')).toBeNull();
  await expectAccessible(container);
});

test('every picture has its table one click away', async () => {
  fakeHost({ 'statistics.overview': overview });
  await show(OverviewScreen);
  const [days, hours] = await screen.findAllByRole('button', { name: 'Show table' });
  if (!days || !hours) throw new Error('there are two pictures');
  await userEvent.click(days);
  expect(screen.getByRole('table', { name: 'Sent, by day' }).textContent).toContain('657');
  await userEvent.click(hours);
  expect(screen.getByRole('table', { name: 'API calls, Acme' }).textContent).toContain('12');
});

test('an answer that does not come is told where it was expected', async () => {
  fakeHost({
    'statistics.overview': () => {
      throw hostError({ message: 'the workspace cannot be read' });
    },
  });
  await show(OverviewScreen);
  expect(await screen.findByText('The workspace cannot be read.')).toBeTruthy();
});
