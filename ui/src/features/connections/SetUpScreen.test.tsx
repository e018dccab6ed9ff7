// A fake host: an address that is refused, apps that are still being activated, and computers that keep secrets in another way.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Draft, SignInFailure, SigningIn } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { flows, guide, security, signingKey } from '../../testing/samples.connections';
import { acme } from '../../testing/samples.search';
import { newDraft } from './draft';
import { SetUpScreen } from './SetUpScreen';

/** What is typed is looked at after a pause, which a busy machine draws out. */
const PATIENCE = { timeout: 10_000 };

function host() {
  return fakeHost({
    'connections.flows': flows,
    'connections.guide': guide,
    'connections.drafts': [],
    'connections.list': [],
    'connections.security': security,
    'connections.save_draft': (draft) => ({ ...draft, number: 1 }),
    'connections.host': ({ text }) =>
      text.includes(' ')
        ? { address: null, kind: null, note: '', refusal: 'this is no address' }
        : { address: `https://${text}.my.salesforce.com`, kind: 'my_domain', note: '', refusal: '' },
  });
}

/** Opens a set-up that was begun with these values. */
async function resumed(draft: Partial<Draft>) {
  const fake = host();
  fake.answer({
    'connections.drafts': [
      { ...newDraft(), number: 3, name: 'Acme', host: 'acme', client_id: '3MVG9', ...draft },
    ],
    'connections.sign_in_state': { under_way: null, refused: null },
  });
  const shown = await show(SetUpScreen, '/?draft=3');
  await screen.findByRole('textbox', { name: 'Consumer key' });
  return { fake, ...shown };
}

async function browserChosen() {
  const fake = host();
  const shown = await show(SetUpScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in with your browser' }));
  return { fake, ...shown };
}

const refused: SignInFailure = {
  flow: 'browser',
  code: 'sign_in',
  message: 'Salesforce refused the sign-in',
  cause: 'the app doesn’t list this callback URL',
  cure: 'copy the callback URL into the app exactly',
  step: 'callback',
  raw: { code: 'redirect_uri_mismatch', words: 'redirect_uri must match configuration' },
  at: 1_795_739_306_158,
};

test('how to sign in is asked first, with when to take each way', async () => {
  host();
  const { container } = await show(SetUpScreen);
  const browser = await screen.findByRole('button', { name: 'Sign in with your browser' });
  expect(browser.closest('li')?.textContent).toContain('Recommended');
  const password = screen.getByRole('button', { name: 'Username and password' });
  expect(password.closest('li')?.textContent).toContain('Not recommended');
  expect(screen.queryByRole('textbox')).toBeNull();
  await expectAccessible(container);
});

test('what is done in Salesforce stands beside what is entered here, with each value to copy', async () => {
  const { container } = await browserChosen();
  expect(await screen.findByText(/steps done. Saved automatically/)).toBeTruthy();
  expect(await screen.findByText(String(guide.callbacks[0]))).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Copy External Client App Name' })).toBeTruthy();
  expect(screen.getAllByTitle('Salesforce requires it')).toHaveLength(3);
  expect(screen.getByRole('textbox', { name: 'Consumer key' })).toBeTruthy();
  await expectAccessible(container);
});

test('an address is read as it is typed, and a wrong one is refused where it stands', async () => {
  await browserChosen();
  const address = await screen.findByRole('textbox', { name: 'Address of your Salesforce' });
  expect((address as HTMLInputElement).value).toBe('login.salesforce.com');
  await userEvent.clear(address);
  await userEvent.paste('acme');
  expect(await screen.findByText('https://acme.my.salesforce.com', {}, PATIENCE)).toBeTruthy();
  expect(screen.getByText('My Domain, production')).toBeTruthy();
  await userEvent.paste(' corp');
  expect(await screen.findByText('This is no address.', {}, PATIENCE)).toBeTruthy();
});

test('a key with spaces in it cannot be sent, and half a key is pointed out', async () => {
  await browserChosen();
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name of the connection' }), 'Acme');
  const key = screen.getByRole('textbox', { name: 'Consumer key' });
  await userEvent.click(key);
  await userEvent.paste('Consumer Key 3MVG9');
  expect(screen.getByText(/without spaces/)).toBeTruthy();
  const signIn = screen.getByRole('button', { name: 'Sign in' }) as HTMLButtonElement;
  expect(signIn.disabled).toBe(true);
  await userEvent.clear(key);
  await userEvent.type(key, '3MVG9');
  expect(screen.getByText(/about 85 characters/)).toBeTruthy();
  await waitFor(() => expect(signIn.disabled).toBe(false));
});

test('where a secret is kept is said as it is on this computer', async () => {
  const { fake } = await resumed({});
  expect(fake.calls.some(({ name }) => name === 'connections.flows')).toBe(false);
  expect(await screen.findByText(/in a file encrypted with your passphrase/)).toBeTruthy();
  expect(screen.queryByText(/keychain/)).toBeNull();
});

test('an app that signs in by itself asks for no browser', async () => {
  const { fake } = await resumed({ flow: 'client_credentials' });
  fake.answer({
    'connections.add': { ...acme, name: 'Acme' },
    'connections.authorize': () => new Promise<never>(() => {}),
  });
  expect(screen.queryByText(/(in|Opens) your browser/)).toBeNull();
  const signIn = (await screen.findByRole('button', { name: 'Sign in' })) as HTMLButtonElement;
  await waitFor(() => expect(signIn.disabled).toBe(false));
  await userEvent.click(signIn);
  expect(await screen.findByText('Signing in to Salesforce…')).toBeTruthy();
  expect(screen.queryByText(/(in|Opens) your browser/)).toBeNull();
});

test('a new app is waited for, with the time left, also when the screen is opened again', async () => {
  const fake = host();
  const waiting: SigningIn = {
    connection: 'Acme',
    phase: 'activating',
    address: null,
    callback: null,
    opened: false,
    until: Date.now() + 12.5 * 60_000,
  };
  fake.answer({
    'connections.drafts': [
      { ...newDraft(), number: 3, name: 'Acme', host: 'acme', client_id: '3MVG9', connection: 'Acme' },
    ],
    'connections.list': [{ ...acme, org_id: null }],
    'connections.sign_in_state': { under_way: waiting, refused: null },
    'connections.stop_sign_in': null,
  });
  await show(SetUpScreen, '/?draft=3');
  expect(await screen.findByText(/every 15 seconds, for 13 more min,/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Stop signing in' }));
  await waitFor(() => expect(fake.calls.some(({ name }) => name === 'connections.stop_sign_in')).toBe(true));
});

test('a refusal stands there with its cure when the screen is opened again, and nothing typed is lost', async () => {
  const fake = host();
  fake.answer({
    'connections.drafts': [
      { ...newDraft(), number: 3, name: 'Acme', host: 'acme', client_id: '3MVG9', connection: 'Acme' },
    ],
    'connections.list': [{ ...acme, org_id: null }],
    'connections.sign_in_state': { under_way: null, refused },
  });
  const { container } = await show(SetUpScreen, '/?draft=3');
  const told = await screen.findByRole('alert');
  expect(told.textContent).toContain('doesn’t list this callback URL');
  expect(told.textContent).toContain(guide.callbacks[0]);
  expect(screen.getByText('Check this step')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Go to step 2' }));
  expect(document.activeElement?.id).toBe('step-callback');
  const key = screen.getByRole('textbox', { name: 'Consumer key' }) as HTMLInputElement;
  expect(key.value).toBe('3MVG9');
  await expectAccessible(container);
});

test('what one way was refused for is gone with the way', async () => {
  const fake = host();
  const begun = {
    ...newDraft(),
    number: 3,
    name: 'Acme',
    host: 'acme',
    client_id: '3MVG9',
    connection: 'Acme',
  };
  fake.answer({
    'connections.drafts': [{ ...begun, flow: 'password', username: 'mia@halden.example' }],
    'connections.list': [{ ...acme, org_id: null, flow: 'password' }],
    'connections.sign_in_state': {
      under_way: null,
      refused: { ...refused, flow: 'password', step: 'password', cause: 'the password is wrong' },
    },
  });
  await show(SetUpScreen, '/?draft=3');
  const told = await screen.findByRole('alert');
  expect(told.textContent).toContain('password is wrong');
  await userEvent.click(within(told).getByRole('button', { name: 'Use the browser instead' }));
  expect(await screen.findByText('Signs in in the browser')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('another way to sign in keeps what was typed', async () => {
  await resumed({ flow: 'client_credentials', client_id: '3MVG9.typed' });
  await userEvent.click(screen.getByRole('button', { name: 'Change how it signs in' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in with your browser' }));
  const key = (await screen.findByRole('textbox', { name: 'Consumer key' })) as HTMLInputElement;
  expect(key.value).toBe('3MVG9.typed');
  const address = screen.getByRole('textbox', { name: 'Address of your Salesforce' }) as HTMLInputElement;
  expect(address.value).toBe('acme');
});

test('a password is the last resort, and the way to the browser keeps what was typed', async () => {
  const { fake } = await resumed({ flow: 'password', username: 'mia@halden.example' });
  expect(screen.getByText('Not recommended')).toBeTruthy();
  const signIn = screen.getByRole('button', { name: 'Sign in' }) as HTMLButtonElement;
  expect(signIn.disabled).toBe(true);
  await userEvent.type(screen.getByLabelText('Password'), 'hush');
  await waitFor(() => expect(signIn.disabled).toBe(false));
  await userEvent.click(screen.getByRole('button', { name: 'Use the browser instead' }));
  expect(screen.queryByText('Not recommended')).toBeNull();
  expect((screen.getByRole('textbox', { name: 'Consumer key' }) as HTMLInputElement).value).toBe('3MVG9');
  const kept = fake.calls.filter(({ name }) => name === 'connections.save_draft');
  expect(JSON.stringify(kept)).not.toContain('hush');
});

test('a connection with a key is added with its username and key, and without a secret', async () => {
  const fake = host();
  fake.answer({
    'connections.drafts': [
      {
        ...newDraft(),
        number: 3,
        name: 'Acme',
        flow: 'jwt',
        host: 'acme',
        client_id: '3MVG9',
        username: 'mia@halden.example',
      },
    ],
    'connections.keys': [],
    'connections.make_key': signingKey,
    'connections.add': { ...acme, name: 'Acme' },
    'connections.sign_in_state': { under_way: null, refused: null },
    'connections.authorize': () => new Promise<never>(() => {}),
  });
  await show(SetUpScreen, '/?draft=3');
  expect(await screen.findByText(/openssl req -x509 .*rsa:4096/)).toBeTruthy();
  expect(screen.queryByLabelText(/^Consumer secret/)).toBeNull();
  const signIn = screen.getByRole('button', { name: 'Sign in' }) as HTMLButtonElement;
  expect(signIn.disabled).toBe(true);
  fake.answer({ 'connections.keys': [signingKey] });
  await userEvent.click(screen.getByRole('button', { name: 'Create a key' }));
  expect(await screen.findByText('CN=Acme')).toBeTruthy();
  await waitFor(() => expect(signIn.disabled).toBe(false));
  await userEvent.click(signIn);
  await waitFor(() => {
    const added = fake.calls.find(({ name }) => name === 'connections.add');
    expect(added?.params).toEqual({
      name: 'Acme',
      flow: 'jwt',
      host: 'https://acme.my.salesforce.com',
      client_id: '3MVG9',
      username: 'mia@halden.example',
      key: signingKey.id,
    });
  });
});

test('a way to sign in that was only chosen leaves nothing behind', async () => {
  const { fake } = await browserChosen();
  await userEvent.click(await screen.findByRole('button', { name: 'Finish later' }));
  expect(fake.calls.some(({ name }) => name === 'connections.save_draft')).toBe(false);
});

test('what is typed is kept before the screen is left', async () => {
  const { fake } = await browserChosen();
  await userEvent.type(await screen.findByRole('textbox', { name: 'Consumer key' }), '3MVG9');
  await userEvent.click(screen.getByRole('button', { name: 'Finish later' }));
  await waitFor(() => {
    const kept = fake.calls.filter(({ name }) => name === 'connections.save_draft').at(-1);
    expect(kept?.params).toMatchObject({ client_id: '3MVG9' });
  });
});
