import { screen, waitFor } from '@testing-library/react';
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

test('without scores, the screen says what they are for and adds the first', async () => {
  const fake = fakeHost({ 'scores.list': [], 'scores.add': score });
  await show(ScoresScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'New score' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'Engagement');
  await userEvent.click(screen.getByRole('button', { name: 'Add score' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'scores.add',
      params: { name: 'Engagement', description: '', rules: [] },
    }),
  );
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
