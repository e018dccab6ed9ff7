/** Writes a template: fields are inserted at the cursor, and what the sample contact would send is shown at once. */
import { Stack, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import type { HostError } from '../../ipc/bindings';
import classes from './Dialogs.module.css';
import { FieldChips } from './FieldChips';

/** What the host says of a template. */
export type Check = {
  /** What is wrong with it, in words; null where nothing is. */
  fault: string | null;
  isChecking: boolean;
  /** The contact of the preview. */
  contact: string | undefined;
  preview: ReactNode;
};

type Props = {
  /** The replication. */
  name: string;
  /** The contact whose values are shown; the first one where it is null. */
  sample: string | null;
  /** What was saved last. */
  was: string;
  about: string;
  useCheck: (template: string) => Check;
  busy?: boolean;
  error?: HostError | null;
  onSave: (template: string) => void;
  onClose: () => void;
};

const TYPING_MS = 200;

export function TemplateForm({ name, sample, was, about, useCheck, busy, error, onSave, onClose }: Props) {
  const [typed, setTyped] = useState(was);
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  const area = useRef<HTMLTextAreaElement>(null);
  const { fault, isChecking, contact, preview } = useCheck(settled);
  const isEmpty = typed.trim() === '';
  const said = isEmpty ? null : fault;
  const insert = (section: string) => {
    const from = area.current?.selectionStart ?? typed.length;
    const to = area.current?.selectionEnd ?? from;
    setTyped(typed.slice(0, from) + section + typed.slice(to));
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from + section.length, from + section.length);
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(typed);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Textarea
          ref={area}
          label="Template"
          description={about}
          autosize
          minRows={3}
          data-autofocus
          spellCheck={false}
          value={typed}
          error={said}
          onChange={(event) => setTyped(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
        <FieldChips name={name} sample={sample} onInsert={insert} />
        <div className={classes.preview} role="status" aria-label="Preview">
          <span className={classes.quiet}>{previewWords(contact, isEmpty)}</span>
          {!said && !isEmpty && <span className={classes.sends}>{preview}</span>}
        </div>
        {error && <Trouble error={error} focus />}
        <DialogButtons
          onCancel={onClose}
          busy={busy ?? false}
          disabled={isEmpty || typed === was || settled !== typed || isChecking || said !== null}
        >
          Save template
        </DialogButtons>
      </Stack>
    </form>
  );
}

function previewWords(contact: string | undefined, isEmpty: boolean): string {
  if (isEmpty) return 'The preview shows what one of your contacts would send.';
  return contact ? `Sent for ${contact}` : 'No contact to preview';
}
