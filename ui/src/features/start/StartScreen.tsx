/** What can be set up with Salesforce: found by typing, in groups by what becomes of the data. */
import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { Empty } from '../../components/Empty';
import { Page } from '../../components/Page';
import classes from './Start.module.css';

type Kind = 'leads' | 'contacts' | 'pull' | 'consent of leads' | 'consent of contacts';
type Choice = { kind: Kind; title: string; about: string };
type Group = { title: string; choices: readonly Choice[] };

const groups: readonly Group[] = [
  {
    title: 'Send to leads',
    choices: [
      {
        kind: 'leads',
        title: 'Replication to leads',
        about: 'Creates and updates a lead for each contact you choose.',
      },
    ],
  },
  {
    title: 'Send to contacts',
    choices: [
      {
        kind: 'contacts',
        title: 'Replication to contacts',
        about: 'Creates and updates a Salesforce contact for each contact you choose.',
      },
    ],
  },
  {
    title: 'Read from Salesforce',
    choices: [
      {
        kind: 'pull',
        title: 'Pull',
        about:
          'Reads leads, contacts, accounts, opportunities, campaigns and other objects into the workspace.',
      },
    ],
  },
  {
    title: 'Sync consent',
    choices: [
      {
        kind: 'consent of leads',
        title: 'Consent sync to leads',
        about: 'Writes what people agreed to into fields of their leads.',
      },
      {
        kind: 'consent of contacts',
        title: 'Consent sync to contacts',
        about: 'Writes what people agreed to into fields of their Salesforce contacts.',
      },
    ],
  },
];

export function StartScreen() {
  const [typed, setTyped] = useState('');
  const begin = useBegin();
  const found = search(typed);
  return (
    <Page title="New" about="What to set up with Salesforce">
      <div className={classes.start}>
        <TextInput
          type="search"
          aria-label="Search what to set up"
          placeholder="Search: leads, consent, pull…"
          data-autofocus
          leftSection={<IconSearch size={14} stroke={1.75} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {found.map((group) => (
          <Choices key={group.title} group={group} onChoose={begin} />
        ))}
        {found.length === 0 && (
          <Empty
            title="No results"
            action={
              <Button variant="default" onClick={() => setTyped('')}>
                Clear search
              </Button>
            }
          />
        )}
      </div>
    </Page>
  );
}

function Choices({ group, onChoose }: { group: Group; onChoose: (kind: Kind) => void }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={classes.group}>
        {group.title}
      </h2>
      <ul className={classes.choices}>
        {group.choices.map(({ kind, title, about }) => (
          <li key={kind} className={classes.choice}>
            <button
              type="button"
              className={classes.name}
              aria-describedby={`${id}-${kind}`}
              onClick={() => onChoose(kind)}
            >
              {title}
            </button>
            <span id={`${id}-${kind}`} className={classes.about}>
              {about}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Returns the groups with what has all the words; a group's title counts for all in it. */
function search(typed: string): Group[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  return groups
    .map(({ title, choices }) => ({
      title,
      choices: choices.filter((one) => matches(`${title} ${one.title} ${one.about}`)),
    }))
    .filter(({ choices }) => choices.length > 0);
}

function useBegin() {
  const navigate = useNavigate();
  return (kind: Kind) => {
    const object = kind.endsWith('contacts') ? 'Contact' : 'Lead';
    const fresh = { new: true, object } as const;
    if (kind === 'pull') void navigate({ to: '/new-pull' });
    else if (kind.startsWith('consent')) void navigate({ to: '/consents', search: fresh });
    else void navigate({ to: '/replications', search: fresh });
  };
}
