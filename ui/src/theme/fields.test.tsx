import { MultiSelect, Textarea, TextInput } from '@mantine/core';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '../testing/render';

test('only fields of one line have a fixed height: pills and texts are not clipped', async () => {
  await show(() => (
    <>
      <TextInput label="City" />
      <Textarea label="Notes" />
      <MultiSelect label="Segments" data={['A', 'B']} defaultValue={['A', 'B']} />
    </>
  ));
  await screen.findByRole('textbox', { name: 'City' });
  const fixed = document.querySelectorAll('[data-multiline][style*="--input-size"]');
  expect([...fixed].map((field) => field.getAttribute('style'))).toEqual([]);
  const wrappers = [...document.querySelectorAll<HTMLElement>('[data-multiline]')];
  expect(wrappers.length).toBeGreaterThan(0);
});
