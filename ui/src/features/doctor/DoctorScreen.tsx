/** The error doctor: explains a code or a pasted message, and looks at everything that can be wrong. */
import { Button, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { CopyBlock } from '../../components/CopyBlock';
import { Empty } from '../../components/Empty';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { ErrorArea, ErrorExplained } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { areaNames, whoNames } from '../../words/who';
import classes from './Doctor.module.css';
import { Examination } from './Examination';

export function DoctorScreen() {
  const { q = '' } = useSearch({ strict: false }) as { q?: string };
  return (
    <Page title="Error doctor" about="What an error means, who can fix it, and how">
      <div className={classes.stack}>
        <Explain key={q} asked={q} />
        <Examination />
      </div>
    </Page>
  );
}

function Explain({ asked }: { asked: string }) {
  const [typed, setTyped] = useState(asked);
  const [text] = useDebouncedValue(typed.trim(), 200);
  const diagnosis = useAsk('doctor.explain', { text }, { enabled: text !== '', keep: true });
  const found = text === '' ? undefined : diagnosis.data?.found;
  return (
    <Card title="Explain an error">
      <Textarea
        label="Error code or message"
        description="Paste what Leadferry, Salesforce or a log says"
        autosize
        minRows={2}
        maxRows={8}
        classNames={{ input: 'mono' }}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {text !== '' && diagnosis.isPending && <Rows />}
      {diagnosis.isError && <Trouble error={diagnosis.error} retry={() => void diagnosis.refetch()} />}
      {found?.length === 0 && (
        <Empty title="No known error in this text">
          Enter the code, such as INVALID_FIELD, or paste the whole message.
        </Empty>
      )}
      {found?.map((error) => (
        <Explained key={`${error.code} ${error.says}`} error={error} />
      ))}
      {found && found.length > 0 && text !== found[0]?.code && (
        <details className={classes.said}>
          <summary>In its own words</summary>
          <p className="mono selectable">{text.split('\n').map(visible).join('\n')}</p>
        </details>
      )}
    </Card>
  );
}

/** Where an error is dealt with. */
const places: Record<ErrorArea, { label: string; to: string } | null> = {
  contacts: { label: 'Open replications', to: '/replications' },
  sign_in: { label: 'Open connections', to: '/connections' },
  network: { label: 'Open connections', to: '/connections' },
  leadferry: null,
};

function Explained({ error }: { error: ErrorExplained }) {
  const navigate = useNavigate();
  const place = places[error.area];
  return (
    <article className={classes.explained} aria-label={error.code}>
      <h3>
        {sentence(error.label)} <span className="mono selectable">{error.code}</span>{' '}
        <Chip tone="idle">{areaNames[error.area]}</Chip>
      </h3>
      <dl className={classes.parts}>
        <dt>Why</dt>
        <dd>{sentence(error.cause)}</dd>
        <dt>Who can fix it</dt>
        <dd>{whoNames[error.who]}</dd>
        <dt>What to do</dt>
        <dd>{sentence(error.cure)}</dd>
      </dl>
      {error.note && <CopyBlock text={error.note} label="Note for your admin" />}
      {place && (
        <Button size="xs" variant="default" onClick={() => void navigate({ to: place.to })}>
          {place.label}
        </Button>
      )}
    </article>
  );
}
