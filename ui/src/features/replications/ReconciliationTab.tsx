/** Whether Salesforce has what was sent: totals here and there, and what differs. */
import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { disabledFor } from '../../components/disabled';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type {
  DifferingContact,
  Passage,
  Reconciled,
  Reconciliation,
  ReplicationInfo,
} from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Replications.module.css';
import { shown } from './values';

/** Contacts listed at once; *Send again* takes the others, too. */
const LISTED = 100;

export function ReconciliationTab({ replication }: { replication: ReplicationInfo }) {
  const { name } = replication;
  const shown = useAsk('replications.reconciliation', { name });
  if (!shown.data) {
    return shown.isError ? <Trouble error={shown.error} retry={() => void shown.refetch()} /> : <Rows />;
  }
  return (
    <>
      <CountsCard replication={replication} shown={shown.data} />
      {shown.data.differing > 0 && <DifferencesCard name={name} differing={shown.data.differing} />}
    </>
  );
}

function CountsCard({ replication, shown }: { replication: ReplicationInfo; shown: Reconciliation }) {
  const reconcile = useDo('replications.reconcile');
  const { cost, last } = shown;
  const ask = (read_back: boolean) => reconcile.mutate({ name: replication.name, read_back });
  const busy = (read_back: boolean) => reconcile.isPending && reconcile.variables?.read_back === read_back;
  return (
    <Card
      title="Here and in Salesforce"
      about="Count compares totals. Read back checks every record that was sent and lists what differs."
    >
      {last ? <Counts last={last} /> : <p className={classes.help}>Not checked yet.</p>}
      {reconcile.error && <Trouble error={reconcile.error} focus />}
      {!replication.connection && <p className={classes.help}>Choose a connection in Settings first.</p>}
      {replication.connection && !cost && (
        <p className={classes.help}>The mapping can’t be used yet. Correct it under Mapping first.</p>
      )}
      {replication.connection && cost && (
        <div className={classes.activate}>
          <Button variant="default" loading={busy(false)} disabled={busy(true)} onClick={() => ask(false)}>
            Count · {counted(cost.count_calls, 'API call')}
          </Button>
          <Button
            variant="default"
            loading={busy(true)}
            {...disabledFor(
              (busy(false) && 'Counting…') || (cost.records === 0 && 'No records were sent yet'),
            )}
            onClick={() => ask(true)}
          >
            Read back {counted(cost.records, 'record')} · {counted(cost.read_calls, 'API call')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Counts({ last }: { last: Reconciled }) {
  const { records } = last;
  return (
    <>
      <Table
        label="Here and in Salesforce"
        heads={[
          { name: 'Contacts' },
          { name: 'Field' },
          { name: 'Here', number: true },
          { name: 'Queued', number: true },
          { name: 'With a record', number: true },
          { name: 'In Salesforce', number: true },
        ]}
      >
        <Line who="All contacts" field="" counts={last.all} />
        {last.segments.map((one) => (
          <Line key={one.mapping_id} who={one.segment} field={one.mapping_id} counts={one.counts} />
        ))}
      </Table>
      <p className={classes.help}>
        {records === null ? 'Counted' : `${counted(records, 'record')} read back`} <Ago at={last.at} /> with{' '}
        {counted(last.calls, 'API call')}. Members that aren’t selected or are blocked aren’t sent.
      </p>
    </>
  );
}

function Line({ who, field, counts }: { who: string; field: string; counts: Passage }) {
  const { confirmed, sent } = counts;
  return (
    <tr>
      <td>{who}</td>
      <td className="mono">{field}</td>
      <NumberCell>{count(counts.members)}</NumberCell>
      <NumberCell>{count(counts.queued)}</NumberCell>
      <NumberCell>{count(sent)}</NumberCell>
      <NumberCell>
        {confirmed === null ? (
          <span title="This field cannot be filtered on in Salesforce">Read back to compare</span>
        ) : (
          <span className={confirmed === sent ? undefined : classes.fail}>
            {count(confirmed)}
            {confirmed !== sent && ` (${confirmed > sent ? '+' : '−'}${count(Math.abs(confirmed - sent))})`}
          </span>
        )}
      </NumberCell>
    </tr>
  );
}

function DifferencesCard({ name, differing }: { name: string; differing: number }) {
  const navigate = useNavigate();
  const page = useAsk('replications.differing', { name, limit: LISTED });
  const again = useDo('replications.send_again');
  const send = () =>
    again.mutate(
      { name },
      {
        onSuccess: ({ contacts }) => {
          say(`The next run sends ${counted(contacts, 'contact')} again.`);
          void navigate({ to: '/replications/$name/$tab', params: { name, tab: 'plan' } });
        },
      },
    );
  return (
    <Card
      title="Differences"
      about="Values that were changed in Salesforce after they were sent, and deleted records"
      aside={
        <Button loading={again.isPending} onClick={send}>
          Send {counted(differing, 'contact')} again
        </Button>
      }
    >
      {again.error && <Trouble error={again.error} focus />}
      {page.isError && <Trouble error={page.error} retry={() => void page.refetch()} />}
      <Table
        label="Differences"
        heads={[{ name: 'Contact' }, { name: 'Field' }, { name: 'Sent' }, { name: 'In Salesforce' }]}
      >
        {(page.data?.contacts ?? []).flatMap(linesOf)}
      </Table>
      {differing > LISTED && <p className={classes.help}>Only the first {LISTED} are listed.</p>}
    </Card>
  );
}

function linesOf(one: DifferingContact) {
  const who = (
    <Link to="/contacts" search={{ open: one.contact }} className={classes.name}>
      {one.name}
    </Link>
  );
  if (one.gone) {
    return [
      <tr key={one.contact}>
        <td>{who}</td>
        <td />
        <td>Record</td>
        <td>Deleted</td>
      </tr>,
    ];
  }
  return one.fields.map((field) => (
    <tr key={`${one.contact} ${field.field}`}>
      <td>{who}</td>
      <td className="mono">{field.field}</td>
      <td>{shown(field.sent)}</td>
      <td>{shown(field.held)}</td>
    </tr>
  ));
}
