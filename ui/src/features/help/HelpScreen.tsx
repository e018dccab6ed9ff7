/** What every refusal means and what to do, in words to be searched; and which program this is. */
import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { CopyText } from '../../components/CopyText';
import { Empty } from '../../components/Empty';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import type { ErrorExplained } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Help.module.css';

const steps = [
  ['Bring contacts in', 'from a CSV or Excel file; faulty rows are listed, the good rest goes through.'],
  ['Score them', 'with rules whose points add up, if not everyone is to go.'],
  ['Connect an org', 'or the practice org, which behaves like Salesforce and costs nothing.'],
  ['Map the fields', 'with no network, too; what does not fit is said before anything is sent.'],
  ['Plan', 'shows who would be created, updated or held up, and what it costs.'],
  [
    'Run',
    'sends in batches. It can be cancelled or cut off at any moment: nothing is lost, nothing goes twice.',
  ],
] as const;

export function HelpScreen() {
  const errors = useAsk('help.errors', {});
  const about = useAsk('help.about', {});
  const [typed, setTyped] = useState('');
  const found = (errors.data ?? []).filter((error) => holds(error, typed));
  return (
    <Page title="Help" about="How the work goes, and what an error means">
      <div className={classes.stack}>
        <Card title="The way of the work">
          <ol className={classes.steps}>
            {steps.map(([what, how]) => (
              <li key={what}>
                <strong>{what}</strong> {how}
              </li>
            ))}
          </ol>
          <p className={classes.quiet}>Every key is listed when you press ? anywhere.</p>
        </Card>
        <Card
          title="Errors"
          about="Salesforce's own codes and ours, each with its cause and its cure."
          aside={
            <TextInput
              aria-label="Search errors"
              placeholder="A code or a word"
              type="search"
              leftSection={<IconSearch size={14} stroke={1.75} />}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          }
        >
          {errors.isPending && <Rows />}
          {errors.isError && <Trouble error={errors.error} retry={() => void errors.refetch()} />}
          {errors.data && (
            <p role="status" className={classes.quiet}>
              {counted(found.length, 'error')}
            </p>
          )}
          {errors.data && found.length === 0 && (
            <Empty
              title="No error holds that"
              action={
                <Button variant="default" onClick={() => setTyped('')}>
                  Show all
                </Button>
              }
            />
          )}
          <dl className={classes.errors}>
            {found.map((error) => (
              <div key={error.code}>
                <dt>
                  <strong>{sentence(error.label)}</strong>{' '}
                  <span className="mono selectable">{error.code}</span>
                </dt>
                <dd>{sentence(error.cause)}</dd>
                <dd className={classes.cure}>{sentence(error.cure)}</dd>
              </div>
            ))}
          </dl>
        </Card>
        <Card title="About Leadferry">
          {about.isError && <Trouble error={about.error} retry={() => void about.refetch()} />}
          {about.data && (
            <dl className={classes.about}>
              <dt>Version</dt>
              <dd className="selectable">{about.data.version}</dd>
              <dt>Licence</dt>
              <dd className="selectable">{about.data.licence}</dd>
              <dt>Its own files</dt>
              <dd>
                <CopyText text={about.data.data_folder} label="the folder of its files" />
              </dd>
              <dt>Logs</dt>
              <dd>
                <CopyText text={about.data.logs_folder} label="the folder of the logs" />
              </dd>
            </dl>
          )}
        </Card>
      </div>
    </Page>
  );
}

function holds({ code, label, cause, cure }: ErrorExplained, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${code} ${label} ${cause} ${cure}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
