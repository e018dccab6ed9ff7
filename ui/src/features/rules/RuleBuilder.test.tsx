import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import type { RuleTree } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { RuleBuilder } from './RuleBuilder';

const text = { kind: 'text', scale: null, writable: true, custom: false };
const host = {
  'contacts.fields': [
    { name: 'email', label: 'Email', ...text },
    { name: 'city', label: 'City', ...text },
  ],
  'scores.list': [],
  'activities.types': [],
  'segments.list': [],
  'segments.email_lists': [],
  'consents.paths': [],
  'mirror.askable': {
    fields: [],
    opportunities: false,
    opportunity_fields: [],
    campaigns: false,
    campaign_names: [],
  },
};

function Edited() {
  const [tree, setTree] = useState<RuleTree>({
    all: [
      { field: 'city', op: 'equals', value: 'Bonn' },
      { field: 'city', op: 'equals', value: 'Oslo' },
    ],
  });
  return (
    <>
      <RuleBuilder tree={tree} onChange={setTree} place="rule" />
      <output>{JSON.stringify(tree)}</output>
    </>
  );
}

const values = () => {
  const { all } = JSON.parse(screen.getByRole('status').textContent ?? '{}');
  return all.map((rule: { value?: string }) => rule.value ?? null);
};

const focused = () => document.activeElement?.getAttribute('aria-label');

// The order of rules is the page's own: no host is asked.
test('rules are moved and added by keyboard, and the focus stays where one types', async () => {
  fakeHost(host);
  const { container } = await show(Edited);
  await userEvent.click(await screen.findByRole('textbox', { name: 'Value, rule 2' }));
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(values()).toEqual(['Oslo', 'Bonn']);
  await waitFor(() => expect(focused()).toBe('Value, rule 1'));
  await userEvent.keyboard('{Enter}');
  expect(values()).toHaveLength(3);
  await waitFor(() => expect(focused()).toBe('Field, rule 2'));
  await expectAccessible(container);
  const value = screen.getByRole('textbox', { name: 'Value, rule 1' });
  await userEvent.clear(value);
  await userEvent.keyboard('{Backspace}');
  expect(values()).toHaveLength(3);
  expect(focused()).toBe('Value, rule 1');
});

test('a grip moves its rule from a menu, too', async () => {
  fakeHost(host);
  await show(Edited);
  await userEvent.click(await screen.findByRole('button', { name: 'Move rule 1' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: /^Move down/ }));
  await waitFor(() => expect(values()).toEqual(['Oslo', 'Bonn']));
});
