/** What a run would do: six numbers, what it costs, who they are, and the button that does it. */
import { Button, Modal, TextInput } from '@mantine/core';
import {
  IconAlertTriangle,
  IconEqual,
  IconEyeSearch,
  IconPencil,
  IconPlayerPlay,
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
import type { HostError, KeptPlan, PlanDecision, ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Needs } from './Needs';
import classes from './Plan.module.css';
import { PlannedList } from './PlannedList';
import { plural } from './words';

type Props = {
  replication: ReplicationInfo;
  running: boolean;
  failed: HostError | null;
  onRun: () => void;
};

type Tile = PlanDecision | 'unchanged' | 'left_out';

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
            <Run replication={replication} plan={found} running={running} busy={busy} onRun={onRun} />
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
          {tile === 'unchanged' || tile === 'left_out' ? (
            <p className={classes.note}>
              {tile === 'unchanged'
                ? `${counted(found.counts.unchanged, 'contact')} already in Salesforce as they are here. Nothing is sent for them.`
                : `${counted(found.counts.left_out, 'contact')} not selected: `}
              {tile === 'left_out' && (
                <Link to="/replications/$name/$tab" params={{ name, tab: 'who' }}>
                  see who goes
                </Link>
              )}
            </p>
          ) : (
            <PlannedList
              key={`${tile}-${found.made_at}`}
              replication={replication}
              decision={tile}
              total={found.counts[tile]}
            />
          )}
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

type RunProps = {
  replication: ReplicationInfo;
  plan: KeptPlan;
  running: boolean;
  busy: boolean;
  onRun: () => void;
};

function Run({ replication, plan: { counts }, running, busy, onRun }: RunProps) {
  const [asking, setAsking] = useState(false);
  const kind = replication.standing.org_kind;
  const due = counts.create + counts.update;
  const why = reason();
  const sentence = sentenceOf(replication, counts.create, counts.update);
  const start = () => (kind === 'practice' ? onRun() : setAsking(true));
  return (
    <>
      {why && <span className={classes.why}>{why}</span>}
      <Button
        leftSection={<IconPlayerPlay size={16} stroke={1.75} />}
        disabled={why !== null || busy}
        onClick={start}
        className={classes.run}
      >
        {due > 0 ? sentence : 'Run'}
      </Button>
      <Confirm
        replication={replication}
        sentence={sentence}
        opened={asking}
        onClose={() => setAsking(false)}
        onRun={() => {
          setAsking(false);
          onRun();
        }}
      />
    </>
  );

  function reason(): string | null {
    if (running) return 'A run is under way.';
    if (!replication.enabled) return 'It is paused.';
    if (counts.match_pending > 0)
      return `${counted(counts.match_pending, 'contact')} to be found in the org first.`;
    return due === 0 ? 'Nothing to send.' : null;
  }
}

/** Returns what the run would do, as the button says it. */
export function sentenceOf(
  { object, connection, standing }: ReplicationInfo,
  create: number,
  update: number,
): string {
  const doing = [create > 0 && `create ${count(create)}`, update > 0 && `update ${count(update)}`].filter(
    Boolean,
  );
  const words = `${doing.join(' and ')} ${create + update === 1 ? object.toLowerCase() : plural(object)} in ${connection}`;
  const kind =
    standing.org_kind === 'practice' || standing.org_kind === 'unknown' ? '' : ` (${standing.org_kind})`;
  return words.charAt(0).toUpperCase() + words.slice(1) + kind;
}

type ConfirmProps = {
  replication: ReplicationInfo;
  sentence: string;
  opened: boolean;
  onClose: () => void;
  onRun: () => void;
};

/** Asks once more; production by the connection's name. */
function Confirm({ replication: { connection, standing }, sentence, opened, onClose, onRun }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const byName = standing.org_kind !== 'sandbox';
  const fits = !byName || typed.trim().toLowerCase() === (connection ?? '').toLowerCase();
  return (
    <Modal opened={opened} onClose={onClose} title={`${sentence}?`} size={460}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) onRun();
        }}
      >
        <p>
          {byName
            ? 'This changes records that people work with. They can be deleted in Salesforce, but not taken back from here.'
            : 'This changes records in a sandbox.'}
        </p>
        {byName && (
          <TextInput
            label={`Type ${connection} to go on`}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={byName ? 'red' : undefined} disabled={!fits}>
            Run
          </Button>
        </div>
      </form>
    </Modal>
  );
}
