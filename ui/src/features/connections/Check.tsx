/** What a check of a connection has found: each thing with its state, what was seen, who can fix it, and how. */
import { Anchor, Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Chip, type Tone } from '../../components/Chip';
import { CopyBlock } from '../../components/CopyBlock';
import { counted } from '../../components/numbers';
import { sentence } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { CheckFix, CheckLine, ConnectionCheck, DoctorFinding } from '../../ipc/bindings';
import { whoNames } from '../../words/who';
import classes from './Check.module.css';
import { SignIn, useSignIn } from './SignIn';

const states: Record<DoctorFinding, { tone: Tone; icon: typeof IconCheck; name: string }> = {
  ok: { tone: 'done', icon: IconCheck, name: 'OK' },
  look: { tone: 'look', icon: IconAlertTriangle, name: 'Check' },
  failed: { tone: 'fail', icon: IconX, name: 'Failed' },
};

export function Check({ check }: { check: ConnectionCheck }) {
  const wrong = check.lines.filter((line) => line.finding !== 'ok').length;
  return (
    <section className={classes.check} aria-label={`Check of ${check.connection.name}`}>
      <p role="status" className={classes.sum}>
        {wrong === 0 ? 'Everything works.' : `${counted(wrong, 'thing')} to look at.`}{' '}
        <span className={classes.quiet}>
          Checked <Ago at={check.at} />, {counted(check.calls, 'API call')} used.
        </span>
      </p>
      <ul className={classes.lines}>
        {check.lines.map((line) => (
          <Line key={line.what} line={line} check={check} />
        ))}
      </ul>
    </section>
  );
}

function Line({ line, check }: { line: CheckLine; check: ConnectionCheck }) {
  const { tone, icon, name } = states[line.finding];
  return (
    <li className={classes.line}>
      <Chip tone={tone} icon={icon} bare={line.finding === 'ok'}>
        {name}
      </Chip>
      <div className={classes.words}>
        <strong>{visible(line.what)}</strong>
        <span className="selectable">{sentence(line.text)}</span>
        {line.cure && (
          <span>
            <span className={classes.quiet}>What to do:</span> {sentence(line.cure)}
          </span>
        )}
        {line.who && line.cure && (
          <span>
            <span className={classes.quiet}>Who can fix it:</span> {whoNames[line.who]}
          </span>
        )}
        {line.note && <CopyBlock text={line.note} label="Note for your admin" />}
        {line.fix && line.finding !== 'ok' && <Fix fix={line.fix} check={check} />}
        {line.fix?.kind === 'proxy' && check.connection.flow !== 'practice' && <ChangeProxy />}
      </div>
    </li>
  );
}

/** Leads to the proxy, further down this screen. */
function ChangeProxy() {
  const go = () => {
    const proxy = document.getElementById('proxy');
    proxy?.scrollIntoView({ block: 'nearest' });
    proxy?.focus();
  };
  return (
    <Anchor component="button" type="button" size="sm" onClick={go}>
      Change proxy
    </Anchor>
  );
}

function Again({ check }: { check: ConnectionCheck }) {
  const { name, flow } = check.connection;
  const signIn = useSignIn(name, flow, () => {});
  return <SignIn signIn={signIn} name={name} flow={flow} />;
}

function Fix({ fix, check }: { fix: CheckFix; check: ConnectionCheck }) {
  const navigate = useNavigate();
  switch (fix.kind) {
    case 'sign_in':
      return <Again check={check} />;
    case 'mapping':
    case 'prepare_org': {
      const tab = fix.kind === 'mapping' ? 'mapping' : 'plan';
      return (
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            void navigate({
              to: '/replications/$name/$tab',
              params: { name: fix.replication, tab },
            })
          }
        >
          {fix.kind === 'mapping' ? 'Open mapping' : 'Prepare the org'}
        </Button>
      );
    }
    case 'proxy':
      return null;
  }
}
