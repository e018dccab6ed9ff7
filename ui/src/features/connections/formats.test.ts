import { expect, test } from 'vitest';
import { aboutKey, aboutSecret, doubtIn, wrongIn } from './formats';

const KEY = `3MVG9${'lKcPoNINVBIPJjdw1J9LLM82HnFVVX19KY1uA5mu0Qqs'.repeat(2)}`.slice(0, 85);
const SECRET = '1955279925675241571CBA'.repeat(3).slice(0, 64);

test('a key and a secret as Salesforce shows them pass without a word', () => {
  expect(aboutKey(KEY)).toBeNull();
  expect(aboutKey(` ${KEY}\n`)).toBeNull();
  expect(aboutSecret(SECRET)).toBeNull();
  expect(aboutKey('')).toBeNull();
  expect(aboutSecret(' ')).toBeNull();
});

test('what can be neither is refused before it is sent', () => {
  expect(wrongIn(aboutKey(`Consumer Key ${KEY}`))).toMatch(/without spaces/);
  expect(wrongIn(aboutSecret('one two'))).toMatch(/without spaces/);
  expect(wrongIn(aboutKey('x'.repeat(1001)))).toMatch(/too long/);
});

test('one pasted for the other, or cut short, is pointed out and can be kept', () => {
  expect(doubtIn(aboutKey('A1B2'.repeat(16)))).toMatch(/consumer secret/);
  expect(doubtIn(aboutKey('1955279925675241571'))).toMatch(/consumer secret/);
  expect(doubtIn(aboutSecret(KEY))).toMatch(/consumer key/);
  expect(doubtIn(aboutKey(KEY.slice(0, 20)))).toMatch(/all of it/);
  expect(doubtIn(aboutSecret('abc'))).toMatch(/all of it/);
});
