/** Whether a contact may be written to, called and faxed, changed in place. */
import { Select } from '@mantine/core';
import { inWords } from '../../components/Trouble';
import type { ContactCard, ContactFieldInfo } from '../../ipc/bindings';
import { useSaveField } from './panel/useSaveField';

const answers = [
  { value: '', label: 'Not asked' },
  { value: 'no', label: 'Allowed' },
  { value: 'yes', label: 'Opted out' },
];

/** What each field is called here: the field says who is opted out, the answer says it by itself. */
const names: Record<string, string> = {
  email_opt_out: 'Email',
  phone_opt_out: 'Phone calls',
  fax_opt_out: 'Fax',
};

export function OptOut({ card, field }: { card: ContactCard; field: ContactFieldInfo }) {
  const { save, error, busy } = useSaveField(card, field);
  const value = card.fields[field.name];
  return (
    <Select
      label={names[field.name] ?? field.label}
      size="xs"
      disabled={card.deleted_at !== null || busy}
      allowDeselect={false}
      data={answers}
      error={error && inWords(error)}
      value={typeof value === 'boolean' ? (value ? 'yes' : 'no') : ''}
      onChange={(chosen) => save(chosen ?? '')}
    />
  );
}
