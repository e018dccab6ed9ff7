/** From which points on a contact is told of. */
import { Button, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { NotifyAt, ScoreCard } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Scores.module.css';

export function NotifyCard({ card }: { card: ScoreCard }) {
  const set = useDo('scores.set');
  const [points, setPoints] = useState<string | number>(card.notify_at ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const notify_at: NotifyAt = points === '' ? 'never' : { points: Number(points) };
    set.mutate({ score: card.name, change: { notify_at } }, { onSuccess: () => say('Saved.') });
  };
  return (
    <Card title="Alert" about="On the desktop and behind the bell, when a contact comes to the points.">
      <form onSubmit={submit} className={classes.notify}>
        <NumberInput
          label="Tell me when a contact reaches"
          placeholder="Never"
          suffix=" points"
          allowDecimal={false}
          value={points}
          onChange={setPoints}
        />
        <Button type="submit" variant="default" loading={set.isPending}>
          Save the alert
        </Button>
      </form>
      {set.error && <Trouble error={set.error} focus />}
    </Card>
  );
}
