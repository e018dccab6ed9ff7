/** A text of several lines to be pasted elsewhere, folded, with a button that copies it and says so. */
import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import classes from './CopyBlock.module.css';
import { visible } from './visible';

type Props = {
  text: string /** What it is: the summary, and what the button says it copies. */;
  label: string;
};

export function CopyBlock({ text, label }: Props) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <details className={classes.block}>
      <summary>{label}</summary>
      <p className={`selectable ${classes.text}`}>{text.split('\n').map(visible).join('\n')}</p>
      <Button
        size="xs"
        variant="default"
        aria-label={clipboard.copied ? `${label}: copied` : `Copy: ${label}`}
        onClick={() => clipboard.copy(text)}
      >
        {clipboard.copied ? 'Copied' : 'Copy'}
      </Button>
      <span className="visually-hidden" role="status">
        {clipboard.copied ? `${label}: copied` : ''}
      </span>
    </details>
  );
}
