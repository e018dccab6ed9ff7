// A fake host: previews and faults in exact words.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { replication } from '../../testing/samples.replications';
import { DescriptionDialog } from './DescriptionDialog';

const dialog = () => <DescriptionDialog name={replication.name} sample={null} onClose={() => {}} />;

test('a description template is previewed for a contact before it is saved', async () => {
  const fake = fakeHost({
    'replications.show': replication,
    'mappings.template_names': [],
    'replications.set': replication,
    'mappings.preview_template': {
      text: 'Dear Ada',
      contact: { guid: '0123456789abcdef0123456789abcdef', name: 'Ada Lovelace' },
      fault: null,
    },
  });
  await show(dialog);
  const template = await screen.findByRole('textbox', { name: 'Template' });
  const preview = await screen.findByRole('status', { name: 'Preview' });
  await waitFor(() => expect(preview.textContent).toBe('Sent for Ada LovelaceDear Ada'));
  await expectAccessible(document.body);
  await userEvent.clear(template);
  await userEvent.type(template, 'Dear');
  const save = screen.getByRole('button', { name: 'Save template' }) as HTMLButtonElement;
  await waitFor(() => expect(save.disabled).toBe(false));
  await userEvent.click(save);
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.set',
      params: { name: replication.name, settings: { description: 'Dear' } },
    }),
  );
});

test('a description template that cannot be used says why and is not saved', async () => {
  fakeHost({
    'replications.show': replication,
    'mappings.template_names': [],
    'mappings.preview_template': {
      text: null,
      contact: null,
      fault: {
        line: null,
        severity: 'error',
        code: 'unknown_field',
        message: 'contacts have no field "Nickname"',
        cure: 'check the name',
      },
    },
  });
  await show(dialog);
  expect(await screen.findByText(/no field "Nickname"/)).toBeTruthy();
  expect((screen.getByRole('button', { name: 'Save template' }) as HTMLButtonElement).disabled).toBe(true);
});
