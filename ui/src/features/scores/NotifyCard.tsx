/** At how many points a contact raises an alert. */
import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { NumberField } from '../../components/NumberField';
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
    set.mutate({ score: card.name, change: { notify_at } }, { onSuccess: () => say('Alert saved.') });
  };
  return (
    <Card title="Alert" about="Shown on the desktop and under the bell when a contact reaches the points.">
      <form onSubmit={submit} className={classes.notify}>
        <NumberField
          label="Alert me when a contact reaches"
          placeholder="Never"
          rightSection="points"
          rightSectionWidth={60}
          rightSectionPointerEvents="none"
          whole
          value={points}
          onChange={setPoints}
        />
        <Button type="submit" variant="default" loading={set.isPending}>
          Save alert
        </Button>
      </form>
      {set.error && <Trouble error={set.error} focus />}
    </Card>
  );
}
