import { expect, test } from 'vitest';
import type { Look } from '../../ipc/bindings';
import { lookWords } from './looks';

const look = (part: Partial<Look>): Look => ({
  kind: 'waiting',
  replication: 'Leads',
  connection: null,
  run: null,
  contacts: 0,
  code: null,
  text: '',
  ...part,
});

test('after a stop it is said why, and how many wait, with the way on', () => {
  const { says, act } = lookWords(
    look({ kind: 'run_stopped', contacts: 310, text: 'the daily limit is reached' }),
  );
  expect(says).toBe(
    'The last run of Leads stopped. The daily limit is reached. 310 contacts wait to be sent.',
  );
  expect(act).toBe('Review and continue');
});

test('what says nothing of itself is put into words', () => {
  expect(lookWords(look({ contacts: 1 })).says).toBe('1 contact waits for the next run of Leads.');
  expect(lookWords(look({ kind: 'sign_in', connection: 'Acme' })).says).toBe('Acme isn’t signed in yet.');
  const refused = look({ kind: 'sign_in_refused', connection: 'Acme', text: 'the key is unknown' });
  expect(lookWords(refused).says).toBe(
    'Salesforce no longer accepts the sign-in of Acme. The key is unknown.',
  );
  const lapses = look({
    kind: 'sign_in_lapses',
    connection: 'Acme',
    text: 'the sign-in can expire tomorrow',
  });
  expect(lookWords(lapses).says).toBe('Acme: The sign-in can expire tomorrow.');
});
