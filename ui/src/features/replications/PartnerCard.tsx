/** The partner: the replication of the other object with which people are shared, by rule and with a preview. */
import { Button, Select } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { PartnerInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Line, Lines } from './Lines';
import { PartnerSides } from './PartnerSides';
import classes from './Replications.module.css';

const about =
  'Share contacts with a replication to the other object. Contacts with a record stay what they are; new ones go through exactly one of the two.';

export function PartnerCard({ name }: { name: string }) {
  const info = useAsk('replications.partner', { name });
  if (info.isPending) return null;
  if (info.isError) return <Trouble error={info.error} retry={() => void info.refetch()} />;
  if (info.data.possible.length === 0) return null;
  return (
    <Card title="Lead or contact" about={about}>
      <Form key={`${info.data.partner} ${info.data.contacts_segment}`} name={name} info={info.data} />
    </Card>
  );
}

function Form({ name, info }: { name: string; info: PartnerInfo }) {
  const segments = useAsk('segments.list', {}).data ?? [];
  const [partner, setPartner] = useState(info.partner ?? '');
  const [segment, setSegment] = useState(info.contacts_segment ?? '');
  const set = useDo('replications.set_partner');
  const end = useDo('replications.remove_partner');
  const request = { name, partner, ...(segment ? { contacts_segment: segment } : {}) };
  const preview = useAsk('replications.preview_partner', request, {
    enabled: partner !== '',
    keep: true,
  });
  const isChanged = partner !== (info.partner ?? '') || segment !== (info.contacts_segment ?? '');
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (partner === '') end.mutate({ name }, { onSuccess: () => say('Saved.') });
    else set.mutate(request, { onSuccess: () => say('Saved.') });
  };
  return (
    <form onSubmit={save}>
      <Lines>
        <Line label="Partner">
          <Select
            aria-label="Partner"
            allowDeselect={false}
            data={[{ value: '', label: 'None' }, ...info.possible.map((one) => ({ value: one, label: one }))]}
            value={partner}
            onChange={(next) => setPartner(next ?? '')}
          />
        </Line>
        {partner !== '' && (
          <Line label="Become contacts">
            <Select
              aria-label="New contacts that become contacts in Salesforce"
              allowDeselect={false}
              searchable
              data={[
                { value: '', label: 'Nobody: all become leads' },
                ...segments.map((one) => ({ value: one.name, label: `Members of ${one.name}` })),
              ]}
              value={segment}
              onChange={(next) => setSegment(next ?? '')}
            />
          </Line>
        )}
      </Lines>
      {partner !== '' && preview.isPending && <Rows count={2} />}
      {partner !== '' && preview.data && <PartnerSides preview={preview.data} />}
      {preview.isError && <Trouble error={preview.error} />}
      {(set.error ?? end.error) && (
        <Trouble error={(set.error ?? end.error) as NonNullable<typeof set.error>} focus />
      )}
      <div className={classes.buttons}>
        <Button
          variant="default"
          disabled={!isChanged}
          onClick={() => {
            setPartner(info.partner ?? '');
            setSegment(info.contacts_segment ?? '');
          }}
        >
          Discard changes
        </Button>
        <Button type="submit" disabled={!isChanged} loading={set.isPending || end.isPending}>
          Save partner
        </Button>
      </div>
    </form>
  );
}
