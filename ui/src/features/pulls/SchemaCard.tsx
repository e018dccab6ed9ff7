/** The tables that a pull needs: shown first, made for the ticked objects, and unchanged when everything is in place. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { disabledFor } from '../../components/disabled';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import type { ObjectSchema, PullSchema } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Pulls.module.css';
import { stepText } from './words';

export function SchemaCard({ pull }: { pull: string }) {
  const [schema, setSchema] = useState<PullSchema | null>(null);
  const [unticked, setUnticked] = useState<readonly string[]>([]);
  const ask = useDo('pulls.schema');
  const look = () => ask.mutate({ pull }, { onSuccess: setSchema });
  const open = schema?.objects.filter((object) => !object.applied && object.steps.length > 0) ?? [];
  const ticked = open.map(({ object }) => object).filter((object) => !unticked.includes(object));
  const apply = () =>
    ask.mutate(
      { pull, apply: true, objects: ticked },
      { onSuccess: (made) => setSchema(merged(schema, made)) },
    );
  return (
    <Card
      title="Tables"
      about="A run creates missing tables and fields by itself. Review them here first if you like."
      aside={
        <>
          <Button size="xs" variant="default" loading={ask.isPending} onClick={look}>
            Review schema
          </Button>
          {open.length > 0 && (
            <Button
              size="xs"
              {...disabledFor(ticked.length === 0 && 'Select at least one object')}
              loading={ask.isPending}
              onClick={apply}
            >
              Generate schema
            </Button>
          )}
        </>
      }
    >
      {ask.error && <Trouble error={ask.error} />}
      {schema && (
        <div className={classes.stack}>
          {schema.objects.map((object) => (
            <Schema
              key={object.object}
              schema={object}
              ticked={ticked.includes(object.object)}
              onTick={(on) =>
                setUnticked(
                  on ? unticked.filter((one) => one !== object.object) : [...unticked, object.object],
                )
              }
            />
          ))}
          <p className={classes.quiet}>
            Records are identified as <code>{`<Id>@${schema.org_id}.Salesforce`}</code>. Reading the fields
            used {counted(schema.calls, 'API call')}.
          </p>
        </div>
      )}
    </Card>
  );
}

type SchemaProps = { schema: ObjectSchema; ticked: boolean; onTick: (on: boolean) => void };

function Schema({ schema, ticked, onTick }: SchemaProps) {
  const { object, applied, steps, fields, relations, unknown, error } = schema;
  const about = Object.entries(relations).map(
    ([field, targets]) => `${field} to ${(targets ?? []).join(', ')}`,
  );
  const waiting = !applied && steps.length > 0;
  return (
    <section aria-label={object}>
      {waiting ? (
        <Checkbox label={object} checked={ticked} onChange={(event) => onTick(event.currentTarget.checked)} />
      ) : (
        <strong>{object}</strong>
      )}
      {error && <p>{error}</p>}
      <ul className={classes.notes}>
        {steps.map((step) => (
          <li key={`${step.kind} ${step.field}`}>{stepText(step, applied)}</li>
        ))}
        {!error && steps.length === 0 && <li>Everything is in place ({counted(fields.length, 'field')}).</li>}
        {about.length > 0 && <li className={classes.quiet}>Relations: {about.join('; ')}</li>}
        {unknown.length > 0 && <li>Not visible in Salesforce: {unknown.join(', ')}</li>}
      </ul>
    </section>
  );
}

/** Puts what was made in the place of what was shown. */
function merged(shown: PullSchema | null, made: PullSchema): PullSchema {
  const objects = shown?.objects.map(
    (one) => made.objects.find(({ object }) => object === one.object) ?? one,
  );
  return { ...made, objects: objects ?? made.objects };
}
