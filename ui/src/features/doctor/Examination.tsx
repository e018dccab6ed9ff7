/** Looks at everything that can be wrong: workspace, secrets, connections, fields, replications and queues. */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { Chip, type Tone } from '../../components/Chip';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { DoctorFinding } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Doctor.module.css';

const states: Record<DoctorFinding, { tone: Tone; icon: typeof IconCheck; name: string }> = {
  ok: { tone: 'done', icon: IconCheck, name: 'OK' },
  look: { tone: 'look', icon: IconAlertTriangle, name: 'Check' },
  failed: { tone: 'fail', icon: IconX, name: 'Failed' },
};

export function Examination() {
  const workspace = useAsk('workspaces.current', {}).data;
  const [offline, setOffline] = useState<boolean | null>(null);
  const report = useAsk('doctor.examine', { offline: offline ?? true }, { enabled: offline !== null });
  const wrong = report.data?.lines.filter((line) => line.finding !== 'ok').length ?? 0;
  const look = (without: boolean) => {
    if (offline === without) void report.refetch();
    else setOffline(without);
  };
  if (!workspace) return null;
  return (
    <Card
      title="Check everything"
      about="Workspace, secrets, connections, fields, replications and queues"
      aside={
        <div className={classes.buttons}>
          <Button size="xs" variant="default" loading={report.isFetching} onClick={() => look(true)}>
            Check offline
          </Button>
          <Button size="xs" variant="default" loading={report.isFetching} onClick={() => look(false)}>
            Check with the orgs
          </Button>
        </div>
      }
    >
      {offline === null && (
        <p className={classes.quiet}>Checking with the orgs uses about 7 API calls for each connection.</p>
      )}
      {report.isFetching && !report.data && <Rows />}
      {report.isError && <Trouble error={report.error} retry={() => void report.refetch()} />}
      {report.data && (
        <>
          <p role="status" className={classes.quiet}>
            {wrong === 0 ? 'Everything works.' : `${counted(wrong, 'thing')} to look at.`}
          </p>
          <ul className={classes.lines}>
            {report.data.lines.map((line, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the report is replaced as a whole.
              <li key={at}>
                <Chip
                  tone={states[line.finding].tone}
                  icon={states[line.finding].icon}
                  bare={line.finding === 'ok'}
                >
                  {states[line.finding].name}
                </Chip>
                <span>
                  <strong>{sentence(line.what).replace(/\.$/, '')}</strong>: {visible(line.text)}
                  {line.cure && <span className={classes.cure}>{sentence(line.cure)}</span>}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
