/** Searches under a name: opened, saved, renamed, removed. */
import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import { asked } from '../../criteria/criteria';
import type { OrgSearch, SavedSearch } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Search.module.css';

type Props = {
  connection: string;
  search: OrgSearch;
  onOpen: (saved: SavedSearch) => void;
};

export function SavedSearches({ connection, search, onOpen }: Props) {
  const saved = useAsk('search.saved', {});
  const remove = useDo('search.remove');
  const save = useDo('search.save');
  const [naming, setNaming] = useState(false);
  const all = saved.data ?? [];
  const drop = (one: SavedSearch) =>
    remove.mutate(
      { id: one.id },
      {
        onSuccess: () =>
          offerUndo(`${one.name} removed.`, () =>
            save.mutate({
              name: one.name,
              search: one.search,
              ...(one.connection ? { connection: one.connection } : {}),
            }),
          ),
      },
    );
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} stroke={1.75} />}>
            Saved searches
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {all.map((one) => (
            <div key={one.id} className={classes.saved}>
              <Menu.Item onClick={() => onOpen(one)}>{one.name}</Menu.Item>
              <ActionIcon aria-label={`Remove the search ${one.name}`} onClick={() => drop(one)}>
                <IconTrash size={14} stroke={1.75} />
              </ActionIcon>
            </div>
          ))}
          {all.length > 0 && <Menu.Divider />}
          <Menu.Item onClick={() => setNaming(true)}>Save this search…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog connection={connection} search={search} all={all} onClose={() => setNaming(false)} />
      )}
    </>
  );
}

type NameProps = {
  connection: string;
  search: OrgSearch;
  all: readonly SavedSearch[];
  onClose: () => void;
};

function NameDialog({ connection, search, all, onClose }: NameProps) {
  const save = useDo('search.save');
  const [name, setName] = useState('');
  const same = all.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { name: name.trim(), connection, search: asked(search), ...(same ? { id: same.id } : {}) },
      {
        onSuccess: () => {
          say(`${name.trim()} saved.`);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title="Save this search" size={420}>
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {save.error && <Trouble error={save.error} />}
        <DialogButtons onCancel={onClose} disabled={!name.trim() && 'Enter a name'} busy={save.isPending}>
          {same ? `Replace ${same.name}` : 'Save search'}
        </DialogButtons>
      </form>
    </Dialog>
  );
}
