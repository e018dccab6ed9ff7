/** The buttons at the head of the list of contacts. */
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconFileExport, IconFileImport, IconForms, IconPlus } from '@tabler/icons-react';

export type Asked = 'export' | 'fields';

type Props = {
  onAdd: () => void;
  onImport: () => void;
  onAsk: (asked: Asked) => void;
  isExporting: boolean;
};

export function ContactsHead({ onAdd, onImport, onAsk, isExporting }: Props) {
  return (
    <>
      <Button variant="default" leftSection={<IconPlus size={16} stroke={1.75} />} onClick={onAdd}>
        New contact
      </Button>
      <Button leftSection={<IconFileImport size={16} stroke={1.75} />} onClick={onImport}>
        Import
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More actions for contacts">
            <IconDots size={16} stroke={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileExport size={14} stroke={1.75} />}
            disabled={isExporting}
            onClick={() => onAsk('export')}
          >
            Export contacts…
          </Menu.Item>
          <Menu.Item leftSection={<IconForms size={14} stroke={1.75} />} onClick={() => onAsk('fields')}>
            Custom fields…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
