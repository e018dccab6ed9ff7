/** Gives the practice org the fields of a real one. */
import { Button } from '@mantine/core';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import type { AdoptedObject } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

export function Rehearse({ name }: { name: string }) {
  const adopt = useDo('practice.adopt');
  const begin = () => adopt.mutate({ connection: name });
  return (
    <Card
      title="Rehearse on the fields of this org"
      about="No records are copied, and nothing changes in Salesforce."
      aside={
        <Button size="xs" variant="default" loading={adopt.isPending} onClick={begin}>
          Use in the practice org
        </Button>
      }
    >
      <p>
        The practice org takes over the fields, lengths, picklists and required fields that Leadferry has read
        here. A rehearsal then meets what this org would refuse.
      </p>
      {adopt.error && <Trouble error={adopt.error} retry={begin} />}
      {adopt.data && (
        <ul aria-label="Taken over">
          {adopt.data.objects.map((one) => (
            <li key={one.object}>{inWords(one)}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function inWords({ object, changed, added, hidden, left_out }: AdoptedObject): string {
  const parts = [`${counted(changed.length, 'field', 'fields')} as in this org`];
  if (added.length > 0) parts.push(`${added.length} added`);
  if (hidden.length > 0) parts.push(`${hidden.length} hidden`);
  if (left_out.length > 0) parts.push(`left out: ${left_out.join(', ')}`);
  return `${object}: ${parts.join('; ')}`;
}
