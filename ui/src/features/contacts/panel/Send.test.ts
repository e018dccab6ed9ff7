import { expect, test } from 'vitest';
import { setLocale } from '../../../components/locale';
import { said } from './Send';

test('values that were sent are read as people write them', () => {
  setLocale('de-DE');
  const read = (value: Parameters<typeof said>[0]) => said(value, 'Europe/Berlin');
  expect([null, true, 1234.5, '2026-01-31', '2026-01-31T09:30:00.000Z', '2026', 'a-b'].map(read)).toEqual([
    'Cleared',
    'Yes',
    '1.234,5',
    '31.01.2026',
    '31.01.2026, 10:30',
    '2026',
    'a-b',
  ]);
  setLocale(null);
});
