/** An empty list of contacts: because of the filters, or because there are none yet. */
import { Button } from '@mantine/core';
import { Empty } from '../../components/Empty';

type Props = { isFiltered: boolean; onShowAll: () => void; onImport: () => void };

export function NoContacts({ isFiltered, onShowAll, onImport }: Props) {
  if (isFiltered) {
    return (
      <Empty
        title="No matching contacts"
        action={
          <Button variant="default" onClick={onShowAll}>
            Show all contacts
          </Button>
        }
      >
        Search matches the start of words in the name, email, company, phone number and address. Contacts must
        match every filter.
      </Empty>
    );
  }
  return (
    <Empty
      title="No contacts yet"
      action={
        <Button variant="default" onClick={onImport}>
          Import contacts
        </Button>
      }
    >
      Import a CSV, Excel or vCard file, or add contacts by hand. They stay on this computer.
    </Empty>
  );
}
