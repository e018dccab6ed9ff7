/** Asks what becomes of work in progress when the window is closed. */
import { Button, Group, List } from '@mantine/core';
import { useCallback, useState } from 'react';
import { Dialog } from '../components/Dialog';
import { useHostEvent, useJobs } from '../ipc/events';
import { useDo } from '../ipc/queries';
import { jobTitle } from './jobs';

export function ClosingDialog() {
  const [asked, setAsked] = useState(false);
  const close = useDo('shell.close');
  const jobs = useJobs();
  useHostEvent(
    'closing',
    useCallback(() => setAsked(true), []),
  );
  const answer = (keep_running: boolean) => {
    setAsked(false);
    close.mutate({ keep_running });
  };
  return (
    <Dialog opened={asked} onClose={() => setAsked(false)} title="Work is still in progress" size={460}>
      <List mb="md">
        {jobs.map((job) => (
          <List.Item key={job.id}>{jobTitle(job)}</List.Item>
        ))}
      </List>
      <p>
        Keep it running in the background and open the window again from the tray. Or stop it now: nothing is
        lost, and it continues from there next time.
      </p>
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button variant="default" onClick={() => setAsked(false)}>
          Cancel
        </Button>
        <Button variant="default" onClick={() => answer(false)}>
          Stop and close
        </Button>
        <Button data-autofocus onClick={() => answer(true)}>
          Keep running
        </Button>
      </Group>
    </Dialog>
  );
}
