/** What a run would do: six numbers, what it costs, who they are, and the button that does it. */
import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconEqual,
  IconEyeSearch,
  IconPencil,
  IconPlus,
  IconRefresh,
  IconUserOff,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Empty } from '../../components/Empty';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { HostError, KeptPlan, ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Needs } from './Needs';
import classes from './Plan.module.css';
import { PlannedList } from './PlannedList';
import { RunButton } from './RunButton';
import type { Tile } from './usePlanned';

type Props = {
  replication: ReplicationInfo;
  running: boolean;
  failed: HostError | null;
  onRun: () => void;
};

const tiles: readonly { id: Tile; name: string; icon: typeof IconPlus }[] = [
  { id: 'create', name: 'Create', icon: IconPlus },
  { id: 'update', name: 'Update', icon: IconPencil },
  { id: 'match_pending', name: 'Still to be matched', icon: IconEyeSearch },
  { id: 'unchanged', name: 'Unchanged', icon: IconEqual },
  { id: 'blocked', name: 'Blocked', icon: IconAlertTriangle },
  { id: 'left_out', name: 'Left out', icon: IconUserOff },
];

export function PlanTab({ replication, running, failed, onRun }: Props) {
  const { name, standing } = replication;
  const kept = useAsk('replications.latest_plan', { name });
  const plan = useDo('replications.plan');
  const match = useDo('replications.match');
  const [chosen, setChosen] = useState<Tile | null>(null);
  const ready = standing.needs.every((need) => need.done);
  const busy = plan.isPending || match.isPending;
  const error = failed ?? plan.error ?? match.error;
  // Asking the practice org costs nothing: the first plan of a rehearsal is there without a click.
  const begun = useRef(false);
  const wanted = kept.data === null && ready && standing.org_kind === 'practice' && !busy && !running;
  useEffect(() => {
    if (!wanted || begun.current) return;
    begun.current = true;
    match.mutate({ name });
  }, [wanted, match, name]);

  if (kept.isError) return <Trouble error={kept.error} retry={() => void kept.refetch()} />;
  if (kept.isPending) return <Rows />;
  const found = kept.data;
  const tile = chosen ?? first(found);
  return (
    <>
      {error && <Trouble error={error} retry={() => match.mutate({ name })} />}
      {!ready && <Needs replication={replication} />}
      {!found && !busy && ready && (
        <Empty title="Not planned yet" action={<Button onClick={() => plan.mutate({ name })}>Plan</Button>}>
          A plan counts what a run would create, update and leave alone. It sends nothing.
        </Empty>
      )}
      {!found && busy && <Rows />}
      {found && (
        <>
          <div className={classes.bar}>
            <p className={classes.cost}>
              <Cost plan={found} />
            </p>
            <Button
              variant={found.stale && !running ? 'filled' : 'default'}
              leftSection={<IconRefresh size={16} stroke={1.75} />}
              loading={busy}
              disabled={running}
              onClick={() => match.mutate({ name })}
            >
              Plan again
            </Button>
            <RunButton replication={replication} plan={found} running={running} busy={busy} onRun={onRun} />
          </div>
          {found.stale && (
            <p className={classes.stale} role="status">
              Contacts, settings or the mapping have changed since this plan was made. A run sends what holds
              then.
            </p>
          )}
          <div className={classes.tiles} role="radiogroup" aria-label="What would be done">
            {tiles.map(({ id, name: title, icon: Icon }) => {
              const number = found.counts[id];
              return (
                <label key={id} className={classes.tile} data-chosen={tile === id || undefined}>
                  <input
                    type="radio"
                    name="tile"
                    className="visually-hidden"
                    checked={tile === id}
                    onChange={() => setChosen(id)}
                  />
                  <span className={classes.tileName}>
                    <Icon size={14} stroke={1.75} aria-hidden />
                    {title}
                  </span>
                  <span
                    className={`num ${classes.number} ${id === 'blocked' && number > 0 ? classes.red : ''} ${number === 0 ? classes.zero : ''}`}
                  >
                    {count(number)}
                  </span>
                </label>
              );
            })}
          </div>
          {tile === 'left_out' && (
            <p className={classes.note}>
              Who goes is decided{' '}
              <Link to="/replications/$name/$tab" params={{ name, tab: 'who' }}>
                under Who
              </Link>
              .
            </p>
          )}
          <PlannedList
            key={`${tile}-${found.made_at}`}
            replication={replication}
            tile={tile}
            total={found.counts[tile]}
          />
        </>
      )}
    </>
  );
}

/** Returns the first tile that has anybody. */
function first(plan: KeptPlan | null): Tile {
  return tiles.find(({ id }) => id !== 'unchanged' && (plan?.counts[id] ?? 0) > 0)?.id ?? 'create';
}

function Cost({ plan: { counts, allowance, made_at, matched, cut } }: { plan: KeptPlan }) {
  const left = allowance ? allowance.max - allowance.used : null;
  return (
    <>
      <span>
        Costs <strong>{counted(counts.calls, 'call')}</strong>
      </span>
      {left !== null && (
        <span>
          Left afterwards <strong>{count(Math.max(0, left - counts.calls))}</strong>
        </span>
      )}
      {cut > 0 && (
        <span>
          <strong>{counted(cut, 'contact')}</strong> with a value cut
        </span>
      )}
      <span>
        {matched ? 'Matched and planned' : 'Planned without asking the org'} <Ago at={made_at} />
      </span>
    </>
  );
}
