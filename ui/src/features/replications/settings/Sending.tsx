/** How many contacts go at a time, and how many API calls are left to others. */
import { Card } from '../../../components/Card';
import { NumberField } from '../../../components/NumberField';
import { Line, Lines } from '../Lines';
import type { CardProps } from './kept';

export function Sending({ now, put }: CardProps) {
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
