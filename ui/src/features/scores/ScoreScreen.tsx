/** One score: its rules with who meets them, how the points are spread, and which replications it decides. */
import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
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
  const count = () => recalculate.mutate({ name: card.name });
  const save = () => {
    const before = card.rule_list;
    const named = rules.map(saved);
    set.mutate(
      { score: card.name, change: { rules: named } },
      {
        onSuccess: () => {
          setEdited(null);
          count();
          offerUndo('The rules were saved.', () =>
            set.mutate({ score: card.name, change: { rules: before } }, { onSuccess: count }),
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
            {card.enabled ? 'Switch off' : 'Switch on'}
          </Button>
          {edited ? (
            <Button loading={set.isPending} onClick={save}>
              Save the rules
            </Button>
          ) : (
            <Button loading={recalculate.isPending} disabled={!card.enabled} onClick={count}>
              Count the points
            </Button>
          )}
        </>
      }
    >
      <div className={classes.stack}>
        {!card.enabled && (
          <p>
            <Chip tone="idle">Off</Chip> The points stay as they are until it is switched on.
          </p>
        )}
        {(set.error ?? recalculate.error) && (
          <Trouble error={(set.error ?? recalculate.error) as NonNullable<typeof set.error>} focus />
        )}
        <Card
          title="Rules"
          about="A contact's points are the sum over the rules that it meets."
          aside={
            edited && (
              <Button size="xs" variant="default" onClick={() => setEdited(null)}>
                Discard the changes
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
              Counted <Ago at={Date.parse(card.calculated_at)} />
              {card.stale > 0 && `; ${counted(card.stale, 'contact')} changed since`}.
            </>
          ) : (
            'Not counted yet.'
          )}
        </p>
        <NotifyCard key={String(card.notify_at)} card={card} />
        <Card title="Decides">
          {card.users.length === 0 ? (
            <p className={classes.quiet}>No replication asks for its points.</p>
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
                  takes those with at least {counted(user.minimum, 'point')}:{' '}
                  {counted(user.marked, 'contact has', 'contacts have')} reached it.
                </li>
              ))}
            </ul>
          )}
        </Card>
        <div>
          <Button size="xs" variant="default" onClick={() => setDialog('remove')}>
            Remove the score…
          </Button>
        </div>
      </div>
      {dialog === 'rename' && <RenameScore card={card} onClose={() => setDialog(null)} />}
      {dialog === 'remove' && <RemoveScore card={card} onClose={() => setDialog(null)} />}
    </Page>
  );
}
