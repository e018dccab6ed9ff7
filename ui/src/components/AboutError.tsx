/** A way from an error to what the error doctor says of it. */
import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';

const Link = createLink((props: AnchorProps & { href?: string }) => <Anchor size="sm" {...props} />);

type Props = { code: string /** What was said with it. */; words?: string };

export function AboutError({ code, words }: Props) {
  const q = [code, words].filter(Boolean).join(': ');
  return (
    <Link to="/doctor" search={{ q }}>
      About this error
    </Link>
  );
}
