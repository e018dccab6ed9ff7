// A fake host: an org that does not answer, and columns whose order is known.
import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { acme, leadFields, leads } from '../../testing/samples.search';
import { SearchScreen } from './SearchScreen';

function host() {
  return fakeHost({
    'connections.list': [acme],
    'search.fields': leadFields,
    'search.saved': [],
    'search.run': leads,
    'search.import': {
      created: ['g1'],
      found: [],
      linked_before: 0,
      left_out: [],
      spent: { calls: 1, used: 789, allowed: 15000 },
    },
  });
}

test('the org is asked only when the user says so, and without rows that lack a value', async () => {
  const fake = host();
  const { container } = await show(SearchScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Add condition' }));
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search words' }), 'ada');
  expect(fake.calls.some(({ name }) => name === 'search.run')).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Search' }));
  expect(await screen.findByText('ada@example.com')).toBeTruthy();
  expect(fake.calls.find(({ name }) => name === 'search.run')?.params).toEqual({
    connection: 'Acme',
    search: { object: 'Lead', text: 'ada', criteria: [] },
  });
  expect(screen.getByText('2 of 1,204 records')).toBeTruthy();
  await expectAccessible(container);
});

test('an answer that comes after another object was chosen is not shown for that', async () => {
  const fake = host();
  let answer: (found: typeof leads) => void = () => {};
  const late = new Promise<typeof leads>((done) => {
    answer = done;
  });
  fake.answer({ 'search.run': () => late as never });
  await show(SearchScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Search' }));
  await userEvent.click(screen.getByRole('radio', { name: 'Accounts' }));
  answer(leads);
  expect(await screen.findByText(/^Find .* in Salesforce$/)).toBeTruthy();
  expect(screen.queryByText('ada@example.com')).toBeNull();
});

test('what is linked already is marked, and what is ticked is brought in', async () => {
  const fake = host();
  await show(SearchScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Search' }));
  expect(await screen.findByRole('link', { name: 'Grace Hopper' })).toBeTruthy();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Select Ada Lovelace' }));
  await userEvent.click(screen.getByRole('button', { name: 'Import as contacts' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'search.import',
      params: { connection: 'Acme', object: 'Lead', records: ['00Q000000000001EAA'] },
    }),
  );
});

test('a refusal of the org stands where it arose, with the way on', async () => {
  const fake = host();
  fake.answer({
    'search.run': () => {
      throw hostError({ message: 'the org does not answer', hint: 'check the network' });
    },
  });
  await show(SearchScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Search' }));
  expect(await screen.findByText('The org does not answer.')).toBeTruthy();
  expect(screen.getByText('Check the network.')).toBeTruthy();
});

test('columns are moved and made wider, and stay so', async () => {
  const fake = host();
  fake.answer({ 'shell.preference': null, 'shell.set_preference': null });
  const { container } = await show(SearchScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Search' }));
  const heads = () => screen.getAllByRole('columnheader').map((head) => head.textContent);
  expect(await screen.findByRole('button', { name: 'Email' })).toBeTruthy();
  expect(heads()).toEqual(['', 'Full Name', 'Email', 'Here']);
  screen.getByRole('button', { name: 'Email' }).focus();
  await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
  expect(heads()).toEqual(['', 'Email', 'Full Name', 'Here']);
  const row = screen.getByText('ada@example.com').closest('tr');
  expect(row?.textContent).toMatch(/ada@example\.comAda Lovelace/);
  const handle = screen.getByRole('separator', { name: 'Width of Email' });
  fireEvent.keyDown(handle, { key: 'ArrowRight' });
  expect(handle.getAttribute('aria-valuenow')).toBe('192');
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'shell.set_preference',
      params: {
        key: 'search_layout',
        value: { Lead: { order: ['Email', 'Name'], widths: { Email: 192 } } },
      },
    }),
  );
  await expectAccessible(container);
});

test('a column that is dragged over another one takes its place, and is not sorted by', async () => {
  const fake = host();
  fake.answer({ 'shell.preference': null, 'shell.set_preference': null });
  await show(SearchScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Search' }));
  const name = await screen.findByRole('button', { name: 'Full Name' });
  const head = (text: string) => screen.getByRole('columnheader', { name: new RegExp(text) });
  const email = head('Email');
  email.getBoundingClientRect = () => new DOMRect(200, 0, 100, 30);
  fireEvent.pointerDown(name, { clientX: 50, button: 0 });
  fireEvent.pointerMove(window, { clientX: 240 });
  expect(screen.getAllByRole('columnheader')[1]?.textContent).toBe('Full Name');
  fireEvent.pointerMove(window, { clientX: 260 });
  expect(screen.getAllByRole('columnheader')[1]?.textContent).toBe('Email');
  fireEvent.pointerUp(window, { clientX: 260 });
  fireEvent.click(name);
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'shell.set_preference',
      params: { key: 'search_layout', value: { Lead: { order: ['Email', 'Name'], widths: {} } } },
    }),
  );
  expect(fake.calls.filter((call) => call.name === 'search.run')).toHaveLength(1);
});
