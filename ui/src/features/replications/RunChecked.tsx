/** What Salesforce holds of what a run has sent, field by field; and going on with the others. */
import { Button } from '@mantine/core';
import { IconEyeSearch, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { CheckedRecord, ReplicationInfo, RunCard } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Run.module.css';
import { shown } from './values';

/** The first few that a run sends to be looked at. */
export const FIRST = 20;

type Props = { run: RunCard; replication: ReplicationInfo; onContinue: () => void };

export function RunChecked({ run, replication, onContinue }: Props) {
  const check = useDo('runs.check');
  const isFirst = run.stop_kind === 'first';
  const look = () => check.mutate({ run: run.id, limit: FIRST });
  const isLatest = replication.standing.last_run?.run === run.id;
  // A run that was to be looked at is looked at without a click.
  const begun = useRef(false);
  useEffect(() => {
    if (!isFirst || begun.current) return;
    begun.current = true;
    check.mutate({ run: run.id, limit: FIRST });
  }, [isFirst, check, run.id]);
  if (run.undoes !== null || run.state === 'running' || run.figures.created + run.figures.updated === 0) {
    return null;
  }
  return (
    <section aria-label="Check in Salesforce" className={classes.part}>
      <div className={classes.cures}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconEyeSearch size={14} stroke={1.75} />}
          loading={check.isPending}
          onClick={look}
        >
          {check.data ? 'Check again' : `Check the first ${FIRST} in Salesforce`}
        </Button>
        {isFirst && isLatest && (
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} stroke={1.75} />}
            disabled={check.isPending}
            onClick={onContinue}
          >
            Continue with the others
          </Button>
        )}
      </div>
      {check.error && <Trouble error={check.error} />}
      {check.isPending && <Rows />}
      {check.data && (
        <>
          <p role="status">
            {check.data.differing === 0
              ? `Salesforce has all values of ${counted(check.data.same, 'record')} as they were sent.`
              : `${counted(check.data.differing, 'record')} of ${check.data.same + check.data.differing} ${check.data.differing === 1 ? 'differs' : 'differ'} from what was sent.`}
          </p>
          <Table
            label="Checked in Salesforce"
            heads={[{ name: 'Contact' }, { name: 'Record' }, { name: 'Result' }]}
          >
            {check.data.records.map((record) => (
              <tr key={record.record_id}>
                <td>{record.name}</td>
                <td className="mono selectable">{record.record_id}</td>
                <td>{result(record)}</td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </section>
  );
}

function result({ gone, created, fields }: CheckedRecord): string {
  if (gone) return 'The record isn’t in Salesforce anymore.';
  const differing = fields.filter((field) => !field.same);
  if (differing.length === 0) return created ? 'Created as sent' : 'Updated as sent';
  return differing
    .map(({ label, sent, held }) => `${label}: sent ${shown(sent)}, has ${shown(held)}`)
    .join('; ');
}
