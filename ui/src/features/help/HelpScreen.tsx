/** How to use Leadferry, what each error means and what to do about it, and the version. */
import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
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
import { whoNames } from '../../words/who';
import classes from './Help.module.css';

const steps = [
  [
    'Import contacts',
    'from a CSV, Excel or vCard file. Leadferry skips invalid rows and lists them for you.',
  ],
  ['Score them', 'with rules that add points, to send only the contacts that are ready.'],
  ['Connect Salesforce', 'or the practice org, which behaves like Salesforce and costs nothing.'],
  ['Map the fields', 'even offline. Leadferry tells you what doesn’t fit before anything is sent.'],
  ['Plan', 'to see which contacts would be created, updated or blocked, and how many API calls it takes.'],
  ['Run', 'to send them in batches. You can cancel at any time: nothing is lost, and nothing is sent twice.'],
] as const;

export function HelpScreen() {
  const errors = useAsk('help.errors', {});
  const about = useAsk('help.about', {});
  const [typed, setTyped] = useState('');
  const found = (errors.data ?? []).filter((error) => holds(error, typed));
  return (
    <Page title="Help" about="How it works, and what errors mean">
      <div className={classes.stack}>
        <Card title="How it works">
          <ol className={classes.steps}>
            {steps.map(([what, how]) => (
              <li key={what}>
                <strong>{what}</strong> {how}
              </li>
            ))}
          </ol>
          <p className={classes.quiet}>Press ? anywhere to see all keyboard shortcuts.</p>
        </Card>
        <Network />
        <Card
          title="Errors"
          about="Salesforce’s error codes and Leadferry’s own, and what to do about each"
          aside={
            <TextInput
              aria-label="Search errors"
              placeholder="Search by code or word"
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
              title="No results"
              action={
                <Button variant="default" onClick={() => setTyped('')}>
                  Clear search
                </Button>
              }
            />
          )}
          <dl className={classes.errors}>
            {found.map((error) => (
              <div key={`${error.code} ${error.says}`}>
                <dt>
                  <strong>{sentence(error.label)}</strong>{' '}
                  <span className="mono selectable">{error.code}</span>
                </dt>
                <dd>{sentence(error.cause)}</dd>
                <dd className={classes.cure}>
                  {sentence(error.cure)} <span className={classes.quiet}>{whoNames[error.who]}</span>
                </dd>
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
              <dt>License</dt>
              <dd className="selectable">{about.data.licence}</dd>
              <dt>App data</dt>
              <dd>
                <CopyText text={about.data.data_folder} label="the data folder" />
              </dd>
              <dt>Log files (no contact data)</dt>
              <dd>
                <CopyText text={about.data.logs_folder} label="the logs folder" />
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

/** What an org that restricts addresses has to know of this computer. */
function Network() {
  return (
    <Card title="Network">
      <ul className={classes.network}>
        <li>
          Leadferry connects to login.salesforce.com, test.salesforce.com and your org’s My Domain on port
          443, with TLS 1.2 or newer.
        </li>
        <li>
          A desktop app has no fixed IP address. If your org allows only some addresses, ask your admin to
          relax IP restrictions for the app: an address that is allowed today can be another one tomorrow.
        </li>
        <li>
          To see this computer’s address as Salesforce sees it, run the checks under{' '}
          <Link to="/connections">Connections</Link>. They also explain a refused address, with a note for
          your admin.
        </li>
        <li>
          Behind a proxy? Leadferry uses the system’s. To set another one, open{' '}
          <Link to="/connections">Connections</Link>.
        </li>
      </ul>
    </Card>
  );
}
