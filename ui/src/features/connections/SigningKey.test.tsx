// A fake host: key files that no test has, and certificates that are about to expire.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import type { SigningKey as Key, KeyFile } from '../../ipc/bindings';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { signingKey } from '../../testing/samples.connections';
import { ImportKey } from './ImportKey';
import { SigningKey } from './SigningKey';

const DAY_MS = 86_400_000;
const certificate = signingKey.certificate as NonNullable<Key['certificate']>;

function Choosing({ first }: { first: string | null }) {
  const [key, setKey] = useState(first);
  const [importing, setImporting] = useState(false);
  return (
    <>
      <SigningKey value={key} onChange={setKey} name="Acme" onImport={() => setImporting(true)} />
      {importing && (
        <ImportKey
          onImported={(id) => {
            setImporting(false);
            setKey(id);
          }}
          onClose={() => setImporting(false)}
        />
      )}
      <output>{key}</output>
    </>
  );
}

const store: KeyFile = {
  kind: 'java_keystore',
  entries: [
    { alias: 'jwtcert', has_key: true, bits: 4096, problem: '', certificate },
    { alias: 'old', has_key: true, bits: null, problem: 'the key is shorter than 2048 bits', certificate },
    { alias: 'root', has_key: false, bits: null, problem: '', certificate },
  ],
};

test('a key file shows what it holds before one of its keys is taken', async () => {
  let opened = false;
  const fake = fakeHost({
    'connections.keys': [],
    'shell.pick_file': '/home/mia/salesforce.jks',
    'connections.inspect_key': ({ passphrase }) => {
      opened = passphrase === 'right';
      if (!opened) throw hostError({ message: 'the passphrase is wrong', hint: 'enter it again' });
      return store;
    },
    'connections.import_key': signingKey,
  });
  await show(() => <Choosing first={null} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Import a key file…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Import a key' });
  const inside = within(dialog);
  await userEvent.click(inside.getByRole('button', { name: 'Choose a key file…' }));
  expect(await inside.findByText('The passphrase is wrong.')).toBeTruthy();
  await userEvent.type(inside.getByLabelText('Passphrase of the file'), 'right');
  await userEvent.click(inside.getByRole('button', { name: 'Open file' }));
  expect(await inside.findByText('Java keystore')).toBeTruthy();
  expect(inside.getByText('root')).toBeTruthy();
  const take = inside.getByRole('button', { name: 'Open file' });
  await userEvent.click(inside.getByRole('radio', { name: 'old' }));
  expect(inside.getByText('The key is shorter than 2048 bits.')).toBeTruthy();
  expect(take.textContent).toBe('Open file');
  await userEvent.click(inside.getByRole('radio', { name: 'jwtcert' }));
  await expectAccessible(dialog);
  fake.answer({ 'connections.keys': [signingKey] });
  await userEvent.click(inside.getByRole('button', { name: 'Import key' }));
  await waitFor(() => {
    const taken = fake.calls.find(({ name }) => name === 'connections.import_key');
    expect(taken?.params).toEqual({
      path: '/home/mia/salesforce.jks',
      passphrase: 'right',
      alias: 'jwtcert',
    });
  });
  expect(await screen.findByText(signingKey.id)).toBeTruthy();
});

test('a certificate that ends within a month, and a key of another computer, are pointed out', async () => {
  const ending: Key = {
    ...signingKey,
    is_here: false,
    certificate: { ...certificate, expires_at: Date.now() + 10.5 * DAY_MS },
  };
  fakeHost({ 'connections.keys': [ending] });
  const { container } = await show(() => <Choosing first={ending.id} />);
  expect(await screen.findByText('Expires in 10 days')).toBeTruthy();
  expect(screen.getByText('The private key isn’t on this computer')).toBeTruthy();
  await expectAccessible(container);
});

test('the certificate is saved for upload, and another key can be chosen', async () => {
  const fake = fakeHost({
    'connections.keys': [signingKey],
    'connections.save_certificate': '/home/mia/cert.pem',
  });
  await show(() => <Choosing first={signingKey.id} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Save certificate…' }));
  expect(await screen.findByText(/Saved the certificate to \/home\/mia\/cert.pem/)).toBeTruthy();
  expect(fake.calls.at(-1)).toEqual({ name: 'connections.save_certificate', params: { key: signingKey.id } });
  await userEvent.click(screen.getByRole('button', { name: 'Use another key' }));
  expect(await screen.findByRole('button', { name: 'Create a key' })).toBeTruthy();
});
