// A fake host: a spread of points that no small workspace has.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { ScoresScreen } from './ScoresScreen';
import { Spread } from './Spread';

const score = {
  name: 'Engagement',
  description: 'How engaged a contact is',
  enabled: false,
  notify_at: null,
  rules: 9,
  unread: null,
  unfit: null,
  calculated_at: null,
};

test('a score that is disabled or was never calculated says so', async () => {
  fakeHost({ 'scores.list': [score] });
  const { container } = await show(ScoresScreen);
  expect(await screen.findByRole('link', { name: 'Engagement' })).toBeTruthy();
  expect(screen.getByText('Disabled')).toBeTruthy();
  expect(screen.getByText('Not calculated yet')).toBeTruthy();
  await expectAccessible(container);
});

test('the picture of the points has its table', async () => {
  fakeHost({});
  const ranges = [
    { from: -20, to: -1, contacts: 3 },
    { from: 0, to: 19, contacts: 1187 },
  ];
  await show(() => <Spread spread={{ contacts: 1190, least: -20, most: 19, sum: 1190, ranges }} />);
  expect(await screen.findByText('1,190 contacts, −20 to 19 points, 1 on average')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Show table' }));
  expect(screen.getByRole('table', { name: 'Contacts by points' }).textContent).toContain('−20 to −1');
  expect(screen.getByText('1,187')).toBeTruthy();
});
