/** One contact: how it stands in Salesforce, what it has earned and agreed to, and its fields, changed in place. */
import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { type ComponentType, useCallback, useState } from 'react';
import { Panel } from '../../components/Panel';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { ContactCard } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { Activities } from './Activities';
import { Consents } from './Consents';
import { Conflicts } from './panel/Conflicts';
import { Fields } from './panel/Fields';
import { FromSalesforce } from './panel/FromSalesforce';
import { isFilled } from './panel/groups';
import { Header } from './panel/Header';
import { type CuresProps, InSalesforce } from './panel/InSalesforce';
import { More } from './panel/More';
import { Accounts, Scores, Segments } from './panel/Standing';
import { Steps } from './panel/Steps';
import type { ListQuery } from './useRows';

type Props = {
  guid: string;
  /** The replication in which the contact is blocked for want of a value that is to be filled in now. */
  fix: string | undefined;
  /** Where it was opened from to be fixed. */
  back: string | undefined;
  /** The list that it stands in. */
  query: ListQuery;
  total: number;
  Cures: ComponentType<CuresProps>;
  onOpen: (guid: string) => void;
  onClose: () => void;
};

export function ContactPanel({ guid, fix, back, query, total, Cures, onOpen, onClose }: Props) {
  const card = useAsk('contacts.show', { contact: guid });
  return (
    <Panel
      label="Contact"
      head={
        <Steps guid={guid} query={query} total={total} onOpen={onOpen}>
          {card.data && <More card={card.data} onClose={onClose} />}
        </Steps>
      }
      onClose={onClose}
    >
      {fix && back && <Back to={back} replication={fix} />}
      {card.isError && <Trouble error={card.error} retry={() => void card.refetch()} />}
      {card.isPending && <Rows />}
      {card.data && <Card card={card.data} fix={fix} Cures={Cures} />}
    </Panel>
  );
}

function Back({ to, replication }: { to: string; replication: string }) {
  const { history } = useRouter();
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconArrowLeft size={14} stroke={1.75} />}
      onClick={() => history.push(to)}
    >
      Back to {replication}
    </Button>
  );
}

function Card({ card, fix, Cures }: { card: ContactCard } & Pick<Props, 'fix' | 'Cures'>) {
  const [wanted, setWanted] = useState<string | null>(null);
  const taken = useCallback(() => setWanted(null), []);
  const want = (fields: readonly string[]) =>
    setWanted(fields.find((field) => !isFilled(card.fields[field])) ?? fields[0] ?? null);
  // Once per way here: what happens to the contact afterwards opens nothing by itself.
  const [opened, setOpened] = useState<string | undefined>(undefined);
  if (fix !== opened) {
    setOpened(fix);
    const entry = card.queue.find(({ replication }) => replication === fix);
    if (entry) want(entry.fields);
  }
  return (
    <>
      <Header card={card} />
      <Conflicts contact={card.guid} />
      <InSalesforce card={card} Cures={Cures} onFix={want} />
      <FromSalesforce card={card} />
      <Scores card={card} />
      <Segments card={card} />
      <Consents card={card} />
      <Activities card={card} />
      <Accounts card={card} />
      <Fields card={card} wanted={wanted} onTaken={taken} />
    </>
  );
}
