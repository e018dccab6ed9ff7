/** What a run would do: six numbers, what it costs, the contacts behind them, and the button that does it. */
import { Anchor, Button } from '@mantine/core';
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
import { ChangedFields, howManyChanged } from '../../components/ChangedFields';
import { disabledFor } from '../../components/disabled';
import { Empty } from '../../components/Empty';
import { clockTime } from '../../components/moments';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { Code, HostError, KeptPlan, ReplicationInfo, UnsentField } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Needs } from './Needs';
import { PartnerSides } from './PartnerSides';
import classes from './Plan.module.css';
import { PlannedList } from './PlannedList';
import { BlockedReasons, LeftOutReasons, type Reason, Remarks } from './Reasons';
import { RunButton, type Wish } from './RunButton';
import type { Tile } from './usePlanned';
import { wayWords } from './words';

type Props = {
  replication: ReplicationInfo;
  running: boolean;
  failed: HostError | null;
  onRun: (wish: Wish) => void;
};

const tiles: readonly { id: Exclude<Tile, 'remarked'>; name: string; icon: typeof IconPlus }[] = [
  { id: 'create', name: 'Create', icon: IconPlus },
  { id: 'update', name: 'Update', icon: IconPencil },
  { id: 'match_pending', name: 'Not matched yet', icon: IconEyeSearch },
  { id: 'unchanged', name: 'Unchanged', icon: IconEqual },
  { id: 'blocked', name: 'Blocked', icon: IconAlertTriangle },
  { id: 'left_out', name: 'Left out', icon: IconUserOff },
];

/** Why Salesforce can't be asked although a plan could be made without it. */
const unreachable: ReadonlySet<Code> = new Set(['limit', 'no_network']);

export function PlanTab({ replication, running, failed, onRun }: Props) {
  const { name, standing } = replication;
  const kept = useAsk('replications.latest_plan', { name });
  const plan = useDo('replications.plan');
  const match = useDo('replications.match');
  const [chosen, setChosen] = useState<Tile | null>(null);
  const [reason, setReason] = useState<Reason>({});
  const choose = (tile: Tile) => {
    setChosen(tile);
    setReason({});
  };
  const planHere = () => {
    match.reset();
    plan.mutate({ name });
  };
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

  const beginning = wanted && !begun.current;

  if (kept.isError) return <Trouble error={kept.error} retry={() => void kept.refetch()} />;
  if (kept.isPending) return <Rows />;
  const found = kept.data;
  const tile = chosen ?? first(found);
  const last = standing.last_run;
  const since = found && last && last.started_at >= found.made_at && !running ? last : null;
  // A run that stopped has left some to the next one.
  const waiting = since && since.state !== 'finished' ? standing.waiting : 0;
  const carriedOut = waiting > 0 ? null : since;
  return (
    <>
      {error && (
        <Trouble
          error={error}
          retry={() => match.mutate({ name })}
          {...(error === match.error && unreachable.has(error.code)
            ? { cure: { label: 'Plan without Salesforce', act: planHere } }
            : {})}
        />
      )}
      {!ready && <Needs replication={replication} />}
      {!found && !busy && !beginning && ready && (
        <Empty
          title="Not planned yet"
          action={<Button onClick={() => plan.mutate({ name })}>Make a plan</Button>}
        >
          A plan counts what a run would create, update and leave alone. Nothing is sent.
        </Empty>
      )}
      {!found && (busy || beginning) && <Rows />}
      {found && (
        <>
          <PlanBar
            replication={replication}
            plan={found}
            since={since}
            waiting={waiting}
            running={running}
            busy={busy}
            onRemarked={() => choose('remarked')}
            onPlan={() => match.mutate({ name })}
            onRun={onRun}
          />
          {found.stale && !since && (
            <p className={classes.stale} role="status">
              Contacts, settings or the mapping have changed since this plan was made. The run will use the
              current data.
            </p>
          )}
          <Tiles plan={found} chosen={tile} onChoose={choose} />
          <Partners name={name} />
          <Drift name={name} />
          <Unsent fields={found.unsent} />
          <Reasons name={name} plan={found} tile={tile} chosen={reason} onChoose={setReason} />
          <PlannedList
            key={`${tile}-${found.made_at}`}
            replication={replication}
            tile={tile}
            reason={reason}
            carriedOut={carriedOut !== null}
            total={tile === 'remarked' ? found.remarked : found.counts[tile]}
          />
        </>
      )}
    </>
  );
}

type BarProps = Pick<Props, 'replication' | 'running' | 'onRun'> & {
  plan: KeptPlan;
  /** The run that began after the plan was made. */
  since: ReplicationInfo['standing']['last_run'];
  /** Contacts that it left to the next one. */
  waiting: number;
  busy: boolean;
  onRemarked: () => void;
  onPlan: () => void;
};

/** What the plan costs, what became of it, and the buttons that plan again and run. */
function PlanBar(props: BarProps) {
  const { replication, plan, since, waiting, running, busy, onRemarked, onPlan, onRun } = props;
  const carriedOut = waiting > 0 ? null : since;
  return (
    <div className={classes.bar}>
      <p className={classes.cost}>
        <Cost plan={plan} carriedOut={carriedOut !== null} onRemarked={onRemarked} />
      </p>
      {since && (
        <p className={classes.carriedOut}>
          {waiting > 0 ? `${counted(waiting, 'contact')} left waiting by` : 'Carried out in'}{' '}
          <Link
            to="/replications/$name/$tab"
            params={{ name: replication.name, tab: 'runs' }}
            search={{ run: since.run }}
          >
            run {since.run}
          </Link>
          .
        </p>
      )}
      <Button
        variant={(plan.stale || carriedOut) && !running && waiting === 0 ? 'filled' : 'default'}
        leftSection={<IconRefresh size={16} stroke={1.75} />}
        loading={busy}
        {...disabledFor(running && 'A run is in progress')}
        onClick={onPlan}
      >
        Plan again
      </Button>
      {!carriedOut && (
        <RunButton
          replication={replication}
          plan={plan}
          waiting={waiting}
          running={running}
          busy={busy}
          onRun={onRun}
        />
      )}
    </div>
  );
}

type TilesProps = { plan: KeptPlan; chosen: Tile; onChoose: (tile: Tile) => void };

/** How many contacts a run would treat in each way; the chosen ones are listed below. */
function Tiles({ plan, chosen, onChoose }: TilesProps) {
  return (
    <div className={classes.tiles} role="radiogroup" aria-label="What a run would do">
      {tiles.map(({ id, name: title, icon: Icon }) => {
        const number = plan.counts[id];
        return (
          <label key={id} className={classes.tile} data-chosen={chosen === id || undefined}>
            <input
              type="radio"
              name="tile"
              className="visually-hidden"
              aria-label={`${title}: ${count(number)}`}
              checked={chosen === id}
              onChange={() => onChoose(id)}
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
  );
}

type ReasonsProps = {
  name: string;
  plan: KeptPlan;
  tile: Tile;
  chosen: Reason;
  onChoose: (reason: Reason) => void;
};

/** Why the contacts of a tile are there, by how many. */
function Reasons({ name, plan, tile, chosen, onChoose }: ReasonsProps) {
  return (
    <>
      {tile === 'remarked' && plan.remarked > 0 && (
        <Remarks name={name} chosen={chosen} onChoose={onChoose} />
      )}
      {tile === 'match_pending' && plan.counts.match_pending > 0 && (
        <p className={classes.note}>
          The run looks for these contacts in Salesforce, then creates, updates or leaves out each of them.
          Plan again to see which.
        </p>
      )}
      {tile === 'blocked' && plan.counts.blocked > 0 && (
        <BlockedReasons name={name} chosen={chosen} onChoose={onChoose} />
      )}
      {tile === 'left_out' && plan.counts.left_out > 0 && (
        <>
          <LeftOutReasons name={name} chosen={chosen} onChoose={onChoose} />
          <p className={classes.note}>
            You choose which contacts are sent under{' '}
            <Link to="/replications/$name/$tab" params={{ name, tab: 'who' }}>
              Who
            </Link>
            .
          </p>
        </>
      )}
    </>
  );
}

/** Returns the first tile that has anybody. */
function first(plan: KeptPlan | null): Tile {
  return tiles.find(({ id }) => id !== 'unchanged' && (plan?.counts[id] ?? 0) > 0)?.id ?? 'create';
}

/** Who goes through this replication and who through its partner. */
function Partners({ name }: { name: string }) {
  const info = useAsk('replications.partner', { name }).data;
  const segment = info?.contacts_segment;
  const request = { name, partner: info?.partner ?? '', ...(segment ? { contacts_segment: segment } : {}) };
  const preview = useAsk('replications.preview_partner', request, { enabled: Boolean(info?.partner) });
  if (!preview.data) return null;
  return (
    <details className={classes.unsent} open>
      <summary>Leads and contacts</summary>
      <PartnerSides preview={preview.data} />
    </details>
  );
}

/** Names the fields that have changed in Salesforce and are used here. */
function Drift({ name }: { name: string }) {
  const fields = useAsk('connections.drift_of_replication', { name }).data ?? [];
  if (fields.length === 0) return null;
  return (
    <details className={classes.unsent} open>
      <summary>{howManyChanged(fields)}</summary>
      <ChangedFields fields={fields} />
    </details>
  );
}

/** Names the fields that hold values and go nowhere: nobody notices what is missing in Salesforce. */
function Unsent({ fields }: { fields: readonly UnsentField[] }) {
  if (fields.length === 0) return null;
  return (
    <details className={classes.unsent}>
      <summary>
        {fields.length === 1
          ? '1 field with values isn’t sent'
          : `${fields.length} fields with values aren’t sent`}
        : {fields.map(({ label }) => label).join(', ')}
      </summary>
      <ul>
        {fields.map(({ field, label, contacts, cure }) => (
          <li key={field}>
            <strong>{label}.</strong> {counted(contacts, 'contact')} {contacts === 1 ? 'has' : 'have'} a
            value, and the field isn’t mapped. {cure}
          </li>
        ))}
      </ul>
    </details>
  );
}

type CostProps = {
  plan: KeptPlan;
  /** Its calls are made already, and show in what is left. */
  carriedOut: boolean;
  onRemarked: () => void;
};

function Cost({ plan, carriedOut, onRemarked }: CostProps) {
  const { made_at, matched, remarked } = plan;
  return (
    <>
      {!carriedOut && <Calls plan={plan} />}
      {remarked > 0 && (
        <Anchor component="button" type="button" onClick={onRemarked}>
          {remarked === 1
            ? '1 contact has values that are shortened, left out or changed'
            : `${count(remarked)} contacts have values that are shortened, left out or changed`}
        </Anchor>
      )}
      <span>
        {matched ? 'Planned' : 'Planned without asking Salesforce'} <Ago at={made_at} />
      </span>
    </>
  );
}

/** The API calls of a run that is still to come. */
function Calls({ plan: { api, counts, budget } }: { plan: KeptPlan }) {
  const short = budget !== null && counts.calls > budget.room;
  return (
    <>
      <span>
        Uses <strong>{counted(counts.calls, 'API call')}</strong>
      </span>
      {api && counts.calls > 0 && <span>{wayWords(api)}</span>}
      {budget && !short && (
        <span>
          Remaining <strong>{count(budget.max - budget.used - counts.calls)}</strong>
        </span>
      )}
      {budget && short && (
        <span role="alert">
          Only <strong>{counted(budget.room, 'call')}</strong> available
        </span>
      )}
      {budget && budget.reserve > 0 && (
        <span>
          <strong>{count(budget.reserve)}</strong> kept for other tools
        </span>
      )}
      {budget?.lasts_until && (
        <span>
          At the current rate, calls last until <strong>{clockTime(budget.lasts_until)}</strong>
        </span>
      )}
    </>
  );
}
