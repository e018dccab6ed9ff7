/** Salesforce's data beside the contact: the mirrored records that it is linked to, with the fields that the user chose. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../../components/Ago';
import { Chip } from '../../../components/Chip';
import { count, counted } from '../../../components/numbers';
import { PanelPart } from '../../../components/Panel';
import { Trouble } from '../../../components/Trouble';
import { say } from '../../../components/undo';
import type { ContactCard, MirroredRecord, RecordBeside } from '../../../ipc/bindings';
import { usePreference } from '../../../ipc/preferences';
import { stateWords, valueText } from '../../../words/mirror';
import { ChosenFields } from './ChosenFields';
import { LinkToRecord } from './LinkToRecord';
import classes from './Panel.module.css';
import { SalesforceSteps } from './SalesforceSteps';
import { SecondRecords } from './SecondRecords';
import { useFreshRecords } from './useFreshRecords';

/** Fields that are shown until the user chooses others. */
const usual = [
  'Lead.Status',
  'Lead.Rating',
  'Lead.LeadSource',
  'Lead.Company',
  'Contact.Title',
  'Contact.LeadSource',
  'Account.Name',
  'Account.Industry',
  'Account.Type',
];

export function FromSalesforce({ card }: { card: ContactCard }) {
  const { beside, isReading, error, readAt, read } = useFreshRecords(card.guid);
  const [hidden, setHidden] = usePreference<boolean>('salesforce steps hidden', false);
  const [linking, setLinking] = useState(false);
  const [chosen, setChosen] = usePreference<string[]>('salesforce fields', usual);
  const [choosing, setChoosing] = useState(false);
  const linked = card.links.length > 0;
  const records = beside.data?.records ?? [];
  const mirrored = records.filter(({ record }) => record !== null);
  const readNow = () => read((calls) => say(`Refreshed with ${counted(calls, 'API call')}.`));
  return (
    <PanelPart title="From Salesforce">
      {beside.isError && <Trouble error={beside.error} retry={() => void beside.refetch()} />}
      {!linked && <p className={classes.quiet}>Off. This contact isn’t linked to a Salesforce record.</p>}
      {!hidden && beside.data && (
        <SalesforceSteps
          isLinked={linked}
          isRead={mirrored.length > 0}
          onLink={() => setLinking(true)}
          onChoose={() => setChoosing(true)}
          onDismiss={() => setHidden(true)}
        />
      )}
      <SecondRecords card={card} />
      {linked && beside.data && mirrored.length === 0 && (
        <p className={classes.quiet}>
          Not read yet. <Link to="/pulls">Run a pull</Link> of{' '}
          {records.map(({ object }) => object).join(' and ')} to see its fields here.
        </p>
      )}
      {mirrored.map((one) => (
        <Beside key={one.record_id} beside={one} chosen={chosen} readAt={readAt} />
      ))}
      {mirrored.length > 0 && (
        <>
          {choosing && <ChosenFields choices={choices(mirrored)} chosen={chosen} onChange={setChosen} />}
          <div className={`${classes.line} ${classes.acts}`}>
            <Button
              size="xs"
              variant="default"
              aria-expanded={choosing}
              onClick={() => setChoosing(!choosing)}
            >
              Choose fields
            </Button>
            <Button
              size="xs"
              variant="default"
              title={`Uses ${counted(mirrored.filter(({ link }) => link === 'linked').length, 'API call')}`}
              loading={isReading}
              onClick={readNow}
            >
              Refresh
            </Button>
          </div>
          {error && <Trouble error={error} retry={readNow} />}
        </>
      )}
      <div className={`${classes.line} ${classes.acts}`}>
        <Button size="xs" variant="default" onClick={() => setLinking(true)}>
          {linked ? 'Link another record…' : 'Link…'}
        </Button>
      </div>
      {linking && <LinkToRecord card={card} onClose={() => setLinking(false)} />}
    </PanelPart>
  );
}

type BesideProps = { beside: RecordBeside; chosen: readonly string[]; readAt: number | null };

function Beside({ beside, chosen, readAt }: BesideProps) {
  const { record, account, owner, read_at: pulledAt } = beside;
  if (!record) return null;
  const parts = [record, account, owner].filter((one): one is MirroredRecord => one !== null);
  const read_at = Math.max(pulledAt ?? 0, readAt ?? 0) || null;
  const shown = chosen.flatMap((name) => {
    const part = parts.find(({ object }) => name.startsWith(`${object}.`));
    const field = part?.fields.find((one) => `${part.object}.${one.name}` === name);
    return part && field ? [{ key: name, part, field }] : [];
  });
  return (
    <div role="group" aria-label={`${record.object} ${record.id}`}>
      <div className={classes.line}>
        <span>{record.object}</span>
        {record.state !== 'live' && (
          <Chip tone={stateWords[record.state].tone}>
            {record.winner ? 'Merged' : stateWords[record.state].word}
          </Chip>
        )}
        {read_at !== null && (
          <span className={`${classes.quiet} ${classes.push}`}>
            Read <Ago at={read_at} />
          </span>
        )}
      </div>
      {shown.length === 0 && (
        <p className={classes.quiet}>None of the {count(chosen.length)} chosen fields is in this record.</p>
      )}
      {shown.map(({ key, part, field }) => (
        <div key={key} className={classes.line}>
          <span className={classes.quiet} title={key}>
            {part === record ? field.label : `${part.object}: ${field.label}`}
          </span>
          <span className={`selectable ${classes.push}`}>{valueText(field.value, field.kind) || '–'}</span>
        </div>
      ))}
    </div>
  );
}

/** Returns every field of these records and their accounts. */
function choices(records: readonly RecordBeside[]): { value: string; label: string }[] {
  const parts = records.flatMap(({ record, account, owner }) => [record, account, owner]);
  const known = new Map<string, string>();
  for (const part of parts.filter((one): one is MirroredRecord => one !== null)) {
    for (const { name, label } of part.fields)
      known.set(`${part.object}.${name}`, `${part.object}: ${label}`);
  }
  return [...known].map(([value, label]) => ({ value, label }));
}
