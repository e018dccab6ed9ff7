/** One score: its rules and who matches them, how points are distributed, and what uses it. */
import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { disabledFor } from '../../components/disabled';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import { showWrongField } from '../../components/wrongField';
import type { Rule, ScoreCard } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { RemoveScore, RenameScore } from './dialogs';
import { NotifyCard } from './NotifyCard';
import { type Builder, RuleRows } from './RuleRows';
import { saved } from './rules';
import classes from './Scores.module.css';
import { Spread } from './Spread';

const parent = { title: 'Scores', to: '/scores' };

export function ScoreScreen({ Builder }: { Builder: Builder }) {
  const { name } = useParams({ strict: false }) as { name: string };
  const card = useAsk('scores.show', { name });
  if (!card.data) {
    return (
      <Page title={name} parent={parent}>
        {card.isError ? <Trouble error={card.error} retry={() => void card.refetch()} /> : <Rows />}
      </Page>
    );
  }
  return <Score key={name} card={card.data} Builder={Builder} />;
}

function Score({ card, Builder }: { card: ScoreCard; Builder: Builder }) {
  const [edited, setEdited] = useState<readonly Rule[] | null>(null);
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null);
  const set = useDo('scores.set');
  const recalculate = useDo('scores.recalculate');
  const rules = edited ?? card.rule_list;
  const recalculateNow = () => recalculate.mutate({ name: card.name });
  const save = () => {
    if (showWrongField()) return;
    const before = card.rule_list;
    const named = rules.map(saved);
    set.mutate(
      { score: card.name, change: { rules: named } },
      {
        onSuccess: () => {
          setEdited(null);
          recalculateNow();
          offerUndo('Rules saved.', () =>
            set.mutate({ score: card.name, change: { rules: before } }, { onSuccess: recalculateNow }),
          );
        },
      },
    );
  };
  return (
    <Page
      title={card.name}
      parent={parent}
      about={card.description}
      actions={
        <>
          <Button variant="default" onClick={() => setDialog('rename')}>
            Rename
          </Button>
          <Button
            variant="default"
            loading={set.isPending && set.variables?.change.enabled !== undefined}
            onClick={() => set.mutate({ score: card.name, change: { enabled: !card.enabled } })}
          >
            {card.enabled ? 'Disable' : 'Resume'}
          </Button>
          {edited ? (
            <Button loading={set.isPending} onClick={save}>
              Save rules
            </Button>
          ) : (
            <Button
              variant={card.stale > 0 || !card.calculated_at ? 'filled' : 'default'}
              loading={recalculate.isPending}
              {...disabledFor(
                (card.unread !== null && 'Give this score new rules first') ||
                  (!card.enabled && 'Resume this score first'),
              )}
              onClick={recalculateNow}
            >
              Recalculate
            </Button>
          )}
        </>
      }
    >
      <div className={classes.stack}>
        {!card.enabled && (
          <p>
            <Chip tone="idle">Disabled</Chip> Points stay as they are until you resume this score.
          </p>
        )}
        {card.unread && (
          <p role="alert">
            <Chip tone="fail">Rules can’t be read</Chip> {sentence(card.unread)} Add new rules and save them,
            or remove the score.
          </p>
        )}
        {card.unfit && (
          <p role="alert">
            <Chip tone="fail">Rules can’t be used</Chip> {sentence(card.unfit)} Points stay as they are until
            you change the rules.
          </p>
        )}
        {(set.error ?? recalculate.error) && (
          <Trouble error={(set.error ?? recalculate.error) as NonNullable<typeof set.error>} focus />
        )}
        <Card
          title="Rules"
          about="A contact gets the points of every rule it matches."
          aside={
            edited && (
              <Button size="xs" variant="default" onClick={() => setEdited(null)}>
                Discard changes
              </Button>
            )
          }
        >
          <RuleRows rules={rules} Builder={Builder} onChange={setEdited} />
        </Card>
        <Spread spread={card.spread} />
        <p className={classes.quiet}>
          {card.calculated_at ? (
            <>
              Calculated <Ago at={Date.parse(card.calculated_at)} />
              {card.stale > 0 && `. ${counted(card.stale, 'contact has', 'contacts have')} changed since`}.
            </>
          ) : (
            'Not calculated yet.'
          )}
        </p>
        <NotifyCard key={String(card.notify_at)} card={card} />
        <Card title="Used by">
          {card.users.length === 0 ? (
            <p className={classes.quiet}>No replication uses this score yet.</p>
          ) : (
            <ul className={classes.users}>
              {card.users.map((user) => (
                <li key={user.replication}>
                  <Link
                    to="/replications/$name/$tab"
                    params={{ name: user.replication, tab: 'who' }}
                    className={classes.name}
                  >
                    {user.replication}
                  </Link>{' '}
                  sends contacts with at least {counted(user.minimum, 'point')}.{' '}
                  {counted(user.marked, 'contact has', 'contacts have')} reached that.
                </li>
              ))}
            </ul>
          )}
        </Card>
        <div>
          <Button size="xs" variant="default" onClick={() => setDialog('remove')}>
            Remove score…
          </Button>
        </div>
      </div>
      {dialog === 'rename' && <RenameScore card={card} onClose={() => setDialog(null)} />}
      {dialog === 'remove' && <RemoveScore card={card} onClose={() => setDialog(null)} />}
    </Page>
  );
}
