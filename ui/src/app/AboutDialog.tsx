/** Which Leadferry this is. */
import { Stack } from '@mantine/core';
import { CopyText } from '../components/CopyText';
import { Dialog } from '../components/Dialog';
import { useAsk } from '../ipc/queries';
import { useSummoned } from './summons';

export function AboutDialog() {
  const [opened, close] = useSummoned('about');
  const about = useAsk('help.about', {}, { enabled: opened }).data;
  return (
    <Dialog opened={opened} onClose={close} title="About Leadferry" size={420}>
      {about && (
        <Stack gap="xs">
          <div>
            Version <CopyText text={about.version} label="the version" />
          </div>
          <div>License: {about.licence}</div>
          <div>Your contacts stay in a file on this computer.</div>
        </Stack>
      )}
    </Dialog>
  );
}
