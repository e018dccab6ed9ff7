/** What the replication is called, and the org that it sends to. */
import { Select, TextInput } from '@mantine/core';
import { Card } from '../../../components/Card';
import { useAsk } from '../../../ipc/queries';
import { Line, Lines } from '../Lines';
import { orgWords } from '../words';
import type { CardProps } from './kept';

export function Destination({ replication, now, put }: CardProps) {
  const connections = useAsk('connections.list', {}).data ?? [];
  const kind = replication.standing.org_kind;
  const isSaved = now.connection === (replication.connection ?? '');
  return (
    <Card title="Destination">
      <Lines>
        <Line label="Name">
          <TextInput
            aria-label="Name"
            error={now.name.trim() === '' && 'Enter a name.'}
            value={now.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
        </Line>
        <Line label="Description">
          <TextInput
            aria-label="Description"
            placeholder="What this replication is for"
            value={now.about}
            onChange={(event) => put({ about: event.currentTarget.value })}
          />
        </Line>
        <Line label="Connection" help={kind && isSaved ? `Type of org: ${orgWords[kind]}.` : undefined}>
          <Select
            aria-label="Connection"
            placeholder="No connection yet"
            data={connections.map((one) => one.name)}
            value={now.connection || null}
            onChange={(value) => put({ connection: value ?? '' })}
          />
        </Line>
      </Lines>
    </Card>
  );
}
