import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { show } from '../testing/render';
import { Panel } from './Panel';

function List() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpened(true)}>
        Ada
      </button>
      {opened && (
        <Panel label="Contact" onClose={() => setOpened(false)}>
          <input aria-label="City" />
        </Panel>
      )}
    </>
  );
}

test('the focus is back on the row when the panel that it opened closes', async () => {
  await show(List);
  const row = await screen.findByRole('button', { name: 'Ada' });
  for (const close of ['{Escape}', '{Enter}']) {
    await userEvent.click(row);
    if (close === '{Enter}') screen.getByRole('button', { name: 'Close the panel' }).focus();
    else screen.getByRole('textbox', { name: 'City' }).focus();
    await userEvent.keyboard(close);
    expect(screen.queryByRole('complementary', { name: 'Contact' })).toBeNull();
    expect(document.activeElement).toBe(row);
  }
});

test('closing takes the focus from nothing that has it elsewhere', async () => {
  function Both() {
    const [opened, setOpened] = useState(true);
    return (
      <>
        {opened && (
          <Panel label="Contact" onClose={() => setOpened(false)}>
            Ada
          </Panel>
        )}
        <input aria-label="Search" onChange={() => setOpened(false)} />
      </>
    );
  }
  await show(Both);
  await userEvent.type(await screen.findByRole('textbox', { name: 'Search' }), 'a');
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Search' }));
});
