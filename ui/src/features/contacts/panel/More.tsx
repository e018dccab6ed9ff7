/** What is rarely done with a contact: deleting and erasing them. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconEraser, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { disabledFor } from '../../../components/disabled';
import { sentence } from '../../../components/Trouble';
import { offerUndo, say } from '../../../components/undo';
import type { ContactCard } from '../../../ipc/bindings';
import { useDo } from '../../../ipc/queries';
import { EraseDialog } from '../EraseDialog';

export function More({ card, onClose }: { card: ContactCard; onClose: () => void }) {
  const remove = useDo('contacts.delete');
  const undo = useDo('contacts.undo');
  const [erasing, setErasing] = useState(false);
  const takeOut = () =>
    remove.mutate(
      { contacts: [card.guid] },
      {
        onSuccess: ({ act }) => {
          offerUndo(`${card.name} deleted. Records in Salesforce stay.`, () => undo.mutate({ act }));
          onClose();
        },
        onError: ({ message, hint }) => say(`${sentence(message)} ${sentence(hint)}`),
      },
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label="More actions">
            <IconDots size={16} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconTrash size={14} stroke={1.75} />}
            {...disabledFor(card.deleted_at !== null && 'This contact is already deleted')}
            onClick={takeOut}
          >
            Delete contact
          </Menu.Item>
          <Menu.Item leftSection={<IconEraser size={14} stroke={1.75} />} onClick={() => setErasing(true)}>
            Erase contact…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {erasing && <EraseDialog card={card} onClose={() => setErasing(false)} onErased={onClose} />}
    </>
  );
}
