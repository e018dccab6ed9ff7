/** A text to be pasted elsewhere, with a button that copies it and says so. */
import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import classes from './CopyText.module.css';
import { visible } from './visible';

type Props = { text: string /** What it is, for those who do not see it. */; label: string; mono?: boolean };

export function CopyText({ text, label, mono = true }: Props) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <span className={classes.line}>
      <span className={mono ? `mono selectable ${classes.text}` : `selectable ${classes.text}`}>
        {visible(text)}
      </span>
      <Button
        size="xs"
        variant="default"
        className={classes.button}
        aria-label={clipboard.copied ? `${label} copied` : `Copy ${label}`}
        onClick={() => clipboard.copy(text)}
      >
        {clipboard.copied ? 'Copied' : 'Copy'}
      </Button>
      <span className="visually-hidden" role="status">
        {clipboard.copied ? `${label} copied` : ''}
      </span>
    </span>
  );
}
