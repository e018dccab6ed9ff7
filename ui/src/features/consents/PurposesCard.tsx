/** The purposes, preferences and preference values: how many contacts gave, refused or never answered each. */
import { ActionIcon, Button, Select, Stack, TextInput } from '@mantine/core';
import { IconPencil, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { disabledFor } from '../../components/disabled';
import { count, counted } from '../../components/numbers';
import { NumberCell, SpareCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type { ConsentStanding, ConsentSummary, PurposeInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { answerWords } from '../../words/consents';
import classes from './Consents.module.css';
import { RemovePurpose, RenamePurpose } from './dialogs';
import { Reach, share } from './Glance';
import { lastName, withAllBelow } from './paths';

const indents = { purpose: undefined, preference: classes.preference, preference_value: classes.value };

type Props = { purposes: readonly PurposeInfo[]; summary: ConsentSummary | undefined };

export function PurposesCard({ purposes, summary }: Props) {
  const [renaming, setRenaming] = useState<PurposeInfo>();
  const [removing, setRemoving] = useState<PurposeInfo>();
  const add = useDo('consents.add');
  const remove = useDo('consents.remove');
  const takeOut = (purpose: PurposeInfo) => {
    const lost = withAllBelow(purposes, purpose.path);
    if (lost.length > 1 || purpose.given + purpose.refused > 0) return setRemoving(purpose);
    const { path } = purpose;
    remove.mutate({ path }, { onSuccess: () => offerUndo(`${path} removed.`, () => add.mutate({ path })) });
  };
  return (
    <Card
      title="Purposes"
      about="What contacts can agree to. Purposes can have preferences, and preferences can have values. Contacts answer each one separately."
    >
      {summary && <Reach summary={summary} />}
      {remove.error && <Trouble error={remove.error} />}
      <Table
        label="Purposes"
        heads={[
          { name: 'Purpose' },
          { name: 'Answers', spare: true },
          { name: answerWords.given, number: true },
          { name: answerWords.refused, number: true },
          { name: answerWords.not_asked, number: true, spare: true },
          { name: 'Change', hidden: true },
        ]}
      >
        {purposes.map((purpose) => (
          <Line
            key={purpose.path}
            purpose={purpose}
            contacts={summary?.contacts}
            onRename={() => setRenaming(purpose)}
            onRemove={() => takeOut(purpose)}
          />
        ))}
      </Table>
      {renaming && <RenamePurpose purpose={renaming} onClose={() => setRenaming(undefined)} />}
      {removing && (
        <RemovePurpose
          purpose={removing}
          lost={withAllBelow(purposes, removing.path)}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Card>
  );
}

type LineProps = {
  purpose: PurposeInfo;
  contacts: number | undefined;
  onRename: () => void;
  onRemove: () => void;
};

function Line({ purpose: { path, level, given, refused }, contacts, onRename, onRemove }: LineProps) {
  const open = Math.max((contacts ?? 0) - given - refused, 0);
  return (
    <tr>
      <td title={path} className={classes.purpose}>
        <span className={indents[level]}>{lastName(path)}</span>
      </td>
      <SpareCell>
        {contacts !== undefined && (
          <span className={classes.share}>
            <span
              className={classes.bar}
              role="img"
              aria-label={`${count(given)} given, ${count(refused)} refused, ${count(open)} not asked`}
            >
              <span className={classes.given} style={{ flexGrow: given }} />
              <span className={classes.refused} style={{ flexGrow: refused }} />
              <span style={{ flexGrow: open }} />
            </span>
            <span className={`num ${classes.quiet}`}>{share(given, contacts)} given</span>
          </span>
        )}
      </SpareCell>
      <NumberCell>
        <Answered path={path} is="given" contacts={given} />
      </NumberCell>
      <NumberCell>
        <Answered path={path} is="refused" contacts={refused} />
      </NumberCell>
      <SpareCell number>
        {contacts !== undefined && <Answered path={path} is="not_asked" contacts={open} />}
      </SpareCell>
      <td>
        <span className={classes.acts}>
          <ActionIcon aria-label={`Rename ${path}`} title="Rename" onClick={onRename}>
            <IconPencil size={14} stroke={1.75} />
          </ActionIcon>
          <ActionIcon aria-label={`Remove ${path}`} title="Remove" onClick={onRemove}>
            <IconX size={14} stroke={1.75} />
          </ActionIcon>
        </span>
      </td>
    </tr>
  );
}

type AnsweredProps = { path: string; is: ConsentStanding; contacts: number };

/** How many gave an answer, leading to them. */
function Answered({ path, is, contacts }: AnsweredProps) {
  if (contacts === 0) return '0';
  return (
    <Link
      to="/contacts"
      search={{ consent: { consent: path, is } }}
      className={classes.link}
      aria-label={`Open ${counted(contacts, 'contact')}: ${path}, ${answerWords[is].toLowerCase()}`}
    >
      {count(contacts)}
    </Link>
  );
}

/** The form for the first purpose, and the one of the dialog for the others. */
function useAdd(purposes: readonly PurposeInfo[], onAdded?: () => void) {
  const add = useDo('consents.add');
  const [name, setName] = useState('');
  const [above, setAbove] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ path: above ? `${above} > ${name}` : name }, { onSuccess: onAdded });
  };
  const fields = (
    <>
      <TextInput
        label="Name"
        data-autofocus
        placeholder="For example, Newsletter"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {purposes.length > 0 && (
        <Select
          label="Parent"
          placeholder="None (top level)"
          clearable
          searchable
          data={purposes.filter((one) => one.level !== 'preference_value').map((one) => one.path)}
          value={above}
          onChange={setAbove}
        />
      )}
      {add.error && <Trouble error={add.error} />}
    </>
  );
  return { fields, submit, busy: add.isPending, missing: !name.trim() && 'Enter a name' };
}

export function FirstPurpose() {
  const { fields, submit, busy, missing } = useAdd([]);
  return (
    <form onSubmit={submit} className={classes.form}>
      {fields}
      <Button type="submit" {...disabledFor(missing)} loading={busy}>
        Add purpose
      </Button>
    </form>
  );
}

export function NewPurpose({ purposes, onClose }: { purposes: readonly PurposeInfo[]; onClose: () => void }) {
  const { fields, submit, busy, missing } = useAdd(purposes, onClose);
  return (
    <Dialog opened onClose={onClose} title="New purpose" size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {fields}
          <DialogButtons onCancel={onClose} busy={busy} disabled={missing}>
            Add purpose
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
