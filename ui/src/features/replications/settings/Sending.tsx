/** How many contacts go at a time, and how many API calls are left to others. */
import { Select } from '@mantine/core';
import { Card } from '../../../components/Card';
import { NumberField } from '../../../components/NumberField';
import type { Api } from '../../../ipc/bindings';
import { Line, Lines } from '../Lines';
import type { CardProps } from './kept';

const apis: { value: Api; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'collections', label: 'Collections (up to 200 contacts per call)' },
  { value: 'bulk', label: 'Bulk API (about 10 calls per 50,000 contacts)' },
];

export function Sending({ now, put }: CardProps) {
  const only = now.api === 'bulk' && onlyCollections(now);
  return (
    <Card title="Sending">
      <Lines>
        <Line label="Contacts in a batch" help="Each batch uses one API call. Salesforce takes up to 200.">
          <NumberField
            aria-label="Contacts in a batch"
            min={1}
            max={200}
            whole
            value={now.batch_size}
            onChange={(value) => put({ batch_size: Number(value) })}
          />
        </Line>
        <Line label="Batches at a time">
          <NumberField
            aria-label="Batches at a time"
            min={1}
            max={10}
            whole
            value={now.in_flight}
            onChange={(value) => put({ in_flight: Number(value) })}
          />
        </Line>
        <Line
          label="API"
          help="Automatic uses Bulk API when it needs fewer API calls, for more than 2,000 contacts."
        >
          <Select
            aria-label="API"
            allowDeselect={false}
            data={apis}
            error={only}
            value={now.api}
            onChange={(value) => value && put({ api: value as Api })}
          />
        </Line>
        <Line label="API calls kept for other tools" help="A run waits before it uses these.">
          <NumberField
            aria-label="API calls kept for other tools"
            min={0}
            whole
            value={now.api_reserve}
            onChange={(value) => put({ api_reserve: Number(value) })}
          />
        </Line>
      </Lines>
    </Card>
  );
}

/** Says why Bulk API can't be chosen together with other settings. */
function onlyCollections(now: CardProps['now']): string | false {
  if (now.assignment_rules) return 'Bulk API can’t run assignment rules. Turn them off, or use another API.';
  if (now.allow_duplicates) return 'Bulk API can’t save duplicates. Turn this off, or use another API.';
  return false;
}
