/** Who goes: the score that decides, and how many contacts that is. */
import { Button, MultiSelect, NumberInput, Select } from '@mantine/core';
import { type FormEvent, Fragment, useState } from 'react';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import type { ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Needs } from './Needs';
import classes from './Replications.module.css';

const parts = [
  { part: 'any', label: 'In at least one of' },
  { part: 'all', label: 'In all of' },
  { part: 'none', label: 'In none of' },
] as const;

export function WhoTab({ replication }: { replication: ReplicationInfo }) {
  const { name, score, minimum, standing, settings } = replication;
  const scores = useAsk('scores.list', {}).data ?? [];
  const set = useDo('replications.set');
  const [chosen, setChosen] = useState(score ?? '');
  const [least, setLeast] = useState<number | string>(minimum ?? 10);
  const segments = useAsk('segments.list', {}).data ?? [];
  const [choice, setChoice] = useState(settings.segments);
  const otherChoice = JSON.stringify(choice) !== JSON.stringify(settings.segments);
  const changed = otherChoice || chosen !== (score ?? '') || (chosen !== '' && Number(least) !== minimum);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const points = chosen ? { score: chosen, minimum: Number(least) } : { score: '' };
    const { any, all, none } = choice;
    const inside = { segments_any: any, segments_all: all, segments_none: none };
    set.mutate({ name, settings: otherChoice ? { ...points, ...inside } : points });
  };
  return (
    <>
      {standing.needs.some((need) => !need.done) && <Needs replication={replication} />}
      <Card title="Who goes" about="Contacts marked “do not send” never go, whatever stands here.">
        <form onSubmit={save} className={classes.form}>
          <span className={classes.label}>Contacts</span>
          <div>
            <Select
              aria-label="Contacts that go"
              data={[
                { value: '', label: 'All contacts' },
                ...scores.map((one) => ({
                  value: one.name,
                  label: `Those with enough points in ${one.name}`,
                })),
              ]}
              value={chosen}
              onChange={(value) => setChosen(value ?? '')}
            />
            {chosen && (
              <NumberInput
                mt="xs"
                label="Points at least"
                min={0}
                allowDecimal={false}
                value={least}
                onChange={setLeast}
              />
            )}
          </div>
          {parts.map(({ part, label }) => (
            <Fragment key={part}>
              <span className={classes.label}>{label}</span>
              <MultiSelect
                aria-label={label}
                searchable
                placeholder={choice[part].length === 0 ? 'Does not matter' : undefined}
                data={segments.map((segment) => segment.name)}
                value={choice[part]}
                onChange={(names) => setChoice({ ...choice, [part]: names })}
              />
            </Fragment>
          ))}
          <span className={classes.label}>Now selected</span>
          <output className="num">{counted(standing.selected, 'contact')}</output>
          <span />
          <div>
            {set.error && <Trouble error={set.error} />}
            <Button type="submit" disabled={!changed} loading={set.isPending}>
              Save who goes
            </Button>
          </div>
        </form>
      </Card>
    </>
  );
}
