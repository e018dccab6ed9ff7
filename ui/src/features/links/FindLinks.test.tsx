// A fake host: pairs take an org with records that are like the contacts.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { LinkPair } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { acme } from '../../testing/samples.search';
import { FindLinksScreen } from './FindLinksScreen';

const pair = (name: string, certain: boolean): LinkPair => ({
  contact: `guid of ${name}`,
  name,
  email: `${name}@example.com`,
  company: null,
  object: 'Lead',
  record_id: `00Q ${name}`,
  record_name: `${name} there`,
  record_email: null,
  record_company: 'Acme',
  confidence: certain ? 99 : 70,
  reasons: certain ? ['Email', 'Name'] : ['Name', 'Company'],
  certain,
});

const found = { connection: 'Acme', looked_at: 2, next: null, mirrored: true };

test('pairs are linked only when they are confirmed, the certain ones together', async () => {
  const fake = fakeHost({
    'connections.list': [acme],
    'links.find': { ...found, pairs: [pair('Ada', true), pair('Bob', false)] },
    'links.confirm': { linked: 1, refused: [], without_id: 0, calls: 2 },
  });
  const { container } = await show(FindLinksScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Find links' }));
  expect(await screen.findByText('Name, Company')).toBeTruthy();
  await expectAccessible(container);
  const confirmed = () => fake.calls.filter(({ name }) => name === 'links.confirm');
  expect(confirmed()).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Link 1 certain pair' }));
  expect(confirmed().map(({ params }) => params)).toEqual([
    { connection: acme.name, pairs: [{ contact: 'guid of Ada', record_id: '00Q Ada' }] },
  ]);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Select Bob' }));
  await userEvent.click(screen.getByRole('button', { name: 'Link 1 selected' }));
  expect(await screen.findByText('No pairs found.')).toBeTruthy();
});

test('without a pull the screen says what to do first', async () => {
  fakeHost({ 'connections.list': [acme], 'links.find': { ...found, pairs: [], mirrored: false } });
  await show(FindLinksScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Find links' }));
  expect(await screen.findByRole('link', { name: 'Add a pull' })).toBeTruthy();
});
