/** Erasing what still names somebody who isn't a contact any more: rules, notes and names that changed only after the erase. */
import { Button, Stack, TagsInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ErasedInfo, Traces } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { Erased, hasMoreToSay } from './Erased';

const NOTHING: Traces = { emails: [], phones: [], first_name: '', last_name: '' };

export function EraseTraces() {
  const [open, setOpen] = useState(false);
  return (
    <Card
      title="Traces of erased contacts"
      about="If you change a note, a rule or a name only after you erase a contact, history and backups until then still say who it was about."
    >
      <Button variant="default" onClick={() => setOpen(true)}>
        Erase traces…
      </Button>
      {open && <EraseTracesDialog onClose={() => setOpen(false)} />}
    </Card>
  );
}

function EraseTracesDialog({ onClose }: { onClose: () => void }) {
  const erase = useDo('contacts.erase_traces');
  const [traces, setTraces] = useState(NOTHING);
  const set = (change: Partial<Traces>) => setTraces({ ...traces, ...change });
  const isFilled = traces.emails.length + traces.phones.length > 0 || Boolean(traces.last_name.trim());
  if (erase.data) return <Erased title="Traces erased" erased={erase.data} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = (erased: ErasedInfo) => {
      if (hasMoreToSay(erased)) return;
      say(hasErased(erased) ? 'Traces erased.' : 'Nothing here names this person. Check the spelling.');
      onClose();
    };
    erase.mutate(traces, { onSuccess });
  };
  return (
    <Dialog opened onClose={onClose} title="Erase traces" size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <p>Enter what you know of the person. This can’t be undone.</p>
          <TagsInput
            label="Emails"
            data-autofocus
            acceptValueOnBlur
            splitChars={[',', ';', ' ']}
            value={traces.emails}
            onChange={(emails) => set({ emails })}
          />
          <TagsInput
            label="Phone numbers"
            acceptValueOnBlur
            splitChars={[',', ';']}
            value={traces.phones}
            onChange={(phones) => set({ phones })}
          />
          <TextInput
            label="First name"
            value={traces.first_name}
            onChange={(event) => set({ first_name: event.currentTarget.value })}
          />
          <TextInput
            label="Last name"
            description="Counts only together with the first name"
            value={traces.last_name}
            onChange={(event) => set({ last_name: event.currentTarget.value })}
          />
          {erase.error && <Trouble error={erase.error} />}
          <DialogButtons
            onCancel={onClose}
            destroys
            disabled={!isFilled && 'Enter an email, a phone number or a full name'}
            busy={erase.isPending}
          >
            Erase traces
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}

function hasErased(erased: ErasedInfo): boolean {
  return erased.removed.length + erased.backups_rewritten + erased.backups_dropped > 0;
}
