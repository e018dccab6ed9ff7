import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { values } from '../../testing/samples.connections';
import { SetUpScreen } from './SetUpScreen';

function host() {
  return fakeHost({
    'connections.values': values,
    'connections.drafts': [],
    'connections.save_draft': (draft) => ({ ...draft, number: 1 }),
    'connections.host': ({ text }) =>
      text.includes(' ')
        ? { address: null, kind: null, note: '', refusal: 'this is no address' }
        : { address: `https://${text}.my.salesforce.com`, kind: 'production', note: '', refusal: '' },
  });
}

test('what is done in Salesforce stands beside what is entered here, with the callback to copy', async () => {
  host();
  const { container } = await show(SetUpScreen);
  expect(await screen.findByText(/steps done, kept as you go/)).toBeTruthy();
  expect(await screen.findByText(String(values.callbacks[0]))).toBeTruthy();
  expect(screen.getByRole('textbox', { name: 'Consumer key' })).toBeTruthy();
  await expectAccessible(container);
});

test('an address is read as it is typed, and a wrong one is refused where it stands', async () => {
  host();
  await show(SetUpScreen);
  const address = await screen.findByRole('textbox', { name: 'Address of your Salesforce' });
  await userEvent.type(address, 'acme');
  expect(await screen.findByText('https://acme.my.salesforce.com')).toBeTruthy();
  await userEvent.type(address, ' corp');
  expect(await screen.findByText('This is no address.')).toBeTruthy();
});

test('what is typed is kept before the screen is left', async () => {
  const fake = host();
  await show(SetUpScreen);
  await userEvent.type(await screen.findByRole('textbox', { name: 'Consumer key' }), '3MVG9');
  await userEvent.click(screen.getByRole('button', { name: 'Finish later' }));
  await waitFor(() => {
    const kept = fake.calls.filter(({ name }) => name === 'connections.save_draft').at(-1);
    expect(kept?.params).toMatchObject({ client_id: '3MVG9' });
  });
});
