/** Consent: purposes, preferences and preference values, and recording answers. */
import { Button, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type { PurposeInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Consents.module.css';
import { RemovePurpose, RenamePurpose } from './dialogs';
import { LedgerCard } from './LedgerCard';
import { lastName, withAllBelow } from './paths';
import { RecordCard } from './RecordCard';
import { SyncsCard } from './SyncsCard';
import { WordingsCard } from './WordingsCard';

export function ConsentsScreen() {
  const purposes = useAsk('consents.purposes', {});
  const all = purposes.data ?? [];
  return (
    <Page
      title="Consent"
      about="What your contacts agreed to. Use it in segments, and send it to Salesforce."
    >
      {purposes.isError && <Trouble error={purposes.error} retry={() => void purposes.refetch()} />}
      {purposes.data?.length === 0 && (
        <Empty title="No purposes yet" action={<AddForm purposes={all} />}>
          A purpose is a reason to use contact data, such as a newsletter. It can have preferences, such as
          topics, and preferences can have values.
        </Empty>
      )}
      {all.length > 0 && (
        <>
          <PurposesCard purposes={all} />
          <RecordCard purposes={all} />
          <SyncsCard />
          <WordingsCard purposes={all} />
        </>
      )}
      {purposes.data && <LedgerCard />}
    </Page>
  );
}

const indents = { purpose: undefined, preference: classes.preference, preference_value: classes.value };

function PurposesCard({ purposes }: { purposes: readonly PurposeInfo[] }) {
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
      {remove.error && <Trouble error={remove.error} />}
      <Table
        label="Purposes"
        heads={[
          { name: 'Purpose' },
          { name: 'Given', number: true },
          { name: 'Refused', number: true },
          { name: 'Change', hidden: true },
        ]}
      >
        {purposes.map((purpose) => (
          <tr key={purpose.path}>
            <td title={purpose.path}>
              <span className={indents[purpose.level]}>{lastName(purpose.path)}</span>
            </td>
            <NumberCell>{count(purpose.given)}</NumberCell>
            <NumberCell>{count(purpose.refused)}</NumberCell>
            <td>
              <span className={classes.acts}>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Rename ${purpose.path}`}
                  onClick={() => setRenaming(purpose)}
                >
                  Rename…
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Remove ${purpose.path}`}
                  onClick={() => takeOut(purpose)}
                >
                  Remove
                </Button>
              </span>
            </td>
          </tr>
        ))}
      </Table>
      <AddForm purposes={purposes} />
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

function AddForm({ purposes }: { purposes: readonly PurposeInfo[] }) {
  const add = useDo('consents.add');
  const [name, setName] = useState('');
  const [above, setAbove] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ path: above ? `${above} > ${name}` : name }, { onSuccess: () => setName('') });
  };
  return (
    <>
      {add.error && <Trouble error={add.error} />}
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label="Name"
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
        <Button type="submit" variant="default" disabled={!name.trim()} loading={add.isPending}>
          Add purpose
        </Button>
      </form>
    </>
  );
}
