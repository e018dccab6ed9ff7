import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { PurposeInfo } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { ConsentsScreen } from './ConsentsScreen';

const purposes: PurposeInfo[] = [
  { path: 'Newsletter', level: 'purpose', given: 2, refused: 1 },
  { path: 'Newsletter > Topics', level: 'preference', given: 0, refused: 0 },
  { path: 'Newsletter 2', level: 'purpose', given: 0, refused: 0 },
];

test('who is not here is told when answers are recorded, and the others go through', async () => {
  const fake = fakeHost({
    'consents.purposes': purposes,
    'consents.record': {
      changed: 1,
      unchanged: 0,
      unknown: [{ who: 'nobody@example.com', why: 'there is no contact "nobody@example.com"' }],
    },
  });
  const { container } = await show(ConsentsScreen);
  await userEvent.click(await screen.findByRole('combobox', { name: 'Purpose' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Newsletter > Topics' }));
  await userEvent.type(screen.getByRole('textbox', { name: /Emails/ }), 'ada@example.com nobody@example.com');
  await userEvent.click(screen.getByRole('button', { name: 'Record answers' }));
  const status = await screen.findByText(
    /Recorded the answer of 1 contact. 1 address didn’t match a contact/,
  );
  expect(status).toBeTruthy();
  expect(screen.getByText(/There is no contact "nobody@example.com"/)).toBeTruthy();
  const sent = fake.calls.find(({ name }) => name === 'consents.record');
  expect(sent?.params).toMatchObject({ purpose: 'Newsletter > Topics', given: true });
  await expectAccessible(container);
});

test('what was answered is lost only after a question that says how much', async () => {
  const fake = fakeHost({ 'consents.purposes': purposes, 'consents.remove': null, 'consents.add': null });
  await show(ConsentsScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Remove Newsletter' }));
  expect(await screen.findByText(/1 entry below it. 3 answers of contacts will be deleted/)).toBeTruthy();
  expect(fake.calls.some(({ name }) => name === 'consents.remove')).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Remove purpose' }));
  await waitFor(() => expect(fake.calls.some(({ name }) => name === 'consents.remove')).toBe(true));
});

test('a preference is added below its purpose', async () => {
  const fake = fakeHost({ 'consents.purposes': purposes, 'consents.add': null });
  await show(ConsentsScreen);
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'Rhythm');
  await userEvent.click(screen.getByRole('combobox', { name: 'Parent' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Newsletter' }));
  await userEvent.click(screen.getByRole('button', { name: 'Add purpose' }));
  await waitFor(() =>
    expect(fake.calls.find(({ name }) => name === 'consents.add')?.params).toEqual({
      path: 'Newsletter > Rhythm',
    }),
  );
});
