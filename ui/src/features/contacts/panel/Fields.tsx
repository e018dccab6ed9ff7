/** The filled fields, by group; the empty ones on demand. */
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { PanelPart } from '../../../components/Panel';
import { Rows } from '../../../components/Rows';
import { Trouble } from '../../../components/Trouble';
import type { ContactCard, ContactFieldInfo } from '../../../ipc/bindings';
import { useAsk } from '../../../ipc/queries';
import { FieldRow } from './FieldRow';
import { groups, isFilled } from './groups';
import classes from './Panel.module.css';

type Props = {
  card: ContactCard;
  /** The name of a field that is to be filled in now. */
  wanted: string | null;
  onTaken: () => void;
};

export function Fields({ card, wanted, onTaken }: Props) {
  const fields = useAsk('contacts.fields', {});
  const timeZone = useAsk('workspaces.current', {}).data?.time_zone ?? 'UTC';
  const [showsEmpty, setShowsEmpty] = useState(false);
  const isHidden = wanted !== null && !isFilled(card.fields[wanted]);
  useEffect(() => {
    if (isHidden) setShowsEmpty(true);
  }, [isHidden]);
  if (fields.isError) return <Trouble error={fields.error} retry={() => void fields.refetch()} />;
  if (fields.isPending) return <Rows count={4} />;
  const all = groups(fields.data);
  const isSet = (field: ContactFieldInfo) => isFilled(card.fields[field.name]);
  const empty = all.flatMap((group) => group.fields).filter((field) => !isSet(field)).length;
  const row = (field: ContactFieldInfo) => (
    <FieldRow
      key={field.name}
      card={card}
      field={field}
      timeZone={timeZone}
      isWanted={field.name === wanted}
      onTaken={onTaken}
    />
  );
  return (
    <>
      {all.map((group) => {
        const shown = showsEmpty ? group.fields : group.fields.filter(isSet);
        if (shown.length === 0) return null;
        return (
          <PanelPart key={group.title} title={group.title}>
            {shown.map(row)}
          </PanelPart>
        );
      })}
      {empty > 0 && (
        <div className={classes.more}>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={showsEmpty}
            onClick={() => setShowsEmpty(!showsEmpty)}
          >
            {showsEmpty ? 'Hide empty fields' : `Show ${empty} empty`}
          </Button>
        </div>
      )}
    </>
  );
}
