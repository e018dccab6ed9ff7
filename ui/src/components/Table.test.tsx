import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { show } from '../testing/render';
import { NameButton } from './NameButton';
import { NumberCell, Table } from './Table';

const opened = vi.fn();

beforeEach(() => opened.mockClear());

function People() {
  return (
    <Table label="People" heads={[{ name: 'Select' }, { name: 'Name' }, { name: 'City' }, { name: 'Acts' }]}>
      <tr>
        <td>
          <input type="checkbox" aria-label="Select Ada" />
        </td>
        <td>
          <NameButton onOpen={opened}>Ada</NameButton> <span>New</span>
        </td>
        <td>London</td>
        <td>
          Or <button type="button">Remove</button>
        </td>
      </tr>
      <tr>
        <td>Nobody</td>
      </tr>
    </Table>
  );
}

test('a row opens wherever it is clicked, once', async () => {
  await show(People);
  for (const part of ['London', 'New', 'Ada']) {
    opened.mockClear();
    await userEvent.click(await screen.findByText(part));
    expect(opened, part).toHaveBeenCalledTimes(1);
    expect(document.activeElement, part).toBe(screen.getByRole('button', { name: 'Ada' }));
  }
});

test('a row opens with Enter on its name and on its checkbox', async () => {
  await show(People);
  for (const focused of [screen.getByText('Ada'), screen.getByRole('checkbox')]) {
    opened.mockClear();
    focused.focus();
    await userEvent.keyboard('{Enter}');
    expect(opened).toHaveBeenCalledTimes(1);
  }
});

test('a row stays closed for its controls, the space beside them, and a row without a name to open', async () => {
  await show(People);
  for (const part of ['Remove', 'Or', 'Nobody']) await userEvent.click(await screen.findByText(part));
  await userEvent.click(screen.getByRole('checkbox'));
  expect(opened).not.toHaveBeenCalled();
});

test('a number leads to what it counts, and leaves its row alone', async () => {
  const followed = vi.fn((event: Event) => event.preventDefault());
  await show(() => (
    <Table label="Purposes" heads={[{ name: 'Purpose' }, { name: 'Given', number: true }]}>
      <tr>
        <td>Newsletter</td>
        <NumberCell>
          <a href="#/contacts">120</a>
        </NumberCell>
      </tr>
    </Table>
  ));
  const number = await screen.findByText('120');
  number.addEventListener('click', followed);
  await userEvent.click(screen.getByText('Newsletter'));
  expect(followed).not.toHaveBeenCalled();
  await userEvent.click(number);
  expect(followed).toHaveBeenCalledTimes(1);
});

test('selecting text in a row does not open it', async () => {
  await show(People);
  const city = await screen.findByText('London');
  window.getSelection()?.selectAllChildren(city);
  city.click();
  window.getSelection()?.removeAllRanges();
  expect(opened).not.toHaveBeenCalled();
});
