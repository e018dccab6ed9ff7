// A fake host: an address that is refused, and computers that keep secrets in another way.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { security, values } from '../../testing/samples.connections';
import { acme } from '../../testing/samples.search';
import { SetUpScreen } from './SetUpScreen';
import { newDraft } from './steps';

function host() {
  return fakeHost({
    'connections.values': values,
    'connections.drafts': [],
    'connections.security': security,
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
  expect(await screen.findByText(/steps done. Saved automatically/)).toBeTruthy();
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

test('where a secret is kept is said as it is on this computer', async () => {
  const fake = host();
  fake.answer({ 'connections.security': { ...security, vault: 'file' } });
  await show(SetUpScreen);
  expect(await screen.findByText(/in a file encrypted with your passphrase/)).toBeTruthy();
  expect(screen.queryByText(/keychain/)).toBeNull();
});

test('an app that signs in by itself asks for no browser', async () => {
  const fake = host();
  fake.answer({
    'connections.drafts': [
      {
        ...newDraft(),
        number: 3,
        name: 'Acme',
        flow: 'client_credentials',
        host: 'acme',
        client_id: '3MVG9',
      },
    ],
    'connections.add': { ...acme, name: 'Acme' },
    'connections.authorize': () => new Promise<never>(() => {}),
    'connections.sign_in_state': null,
  });
  await show(SetUpScreen, '/?draft=3');
  expect(await screen.findByText('Enable the Client Credentials Flow', { exact: false })).toBeTruthy();
  expect(screen.queryByText(/(in|Opens) your browser/)).toBeNull();
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('Signing in to Salesforce…')).toBeTruthy();
  expect(screen.queryByText(/(in|Opens) your browser/)).toBeNull();
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
