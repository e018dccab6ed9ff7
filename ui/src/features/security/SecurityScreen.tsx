/** What is kept where on this computer, what Leadferry protects you from, and what it can't. `docs/security.md` in short. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { CopyText } from '../../components/CopyText';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { KeptSecrets, SecurityFacts } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Security.module.css';

const leaves = [
  'Contacts: only the fields that a replication maps, only for the contacts of its runs, and only to the org of its connection.',
  'Questions to Salesforce: searches, pulls, plans that look for matches, tests and checks send their conditions to that org.',
  'Sign-ins: with the browser, you enter your password on your org’s own page. A client secret, or a password that you entered here, goes only to the host it was entered for. A private key leaves this computer only in a file that you export. Salesforce gets only what was signed with it.',
  'Each request carries Leadferry’s name and version. It travels over TLS 1.2 or newer, through the proxy that you chose or the system’s.',
  'No usage statistics and no crash reports.',
] as const;

const forgetting = [
  'Remove it under Connections. Leadferry signs out in Salesforce and deletes the sign-in and the client secret from this computer, unless another of your workspaces uses them.',
  'If Salesforce can’t be reached at that moment, the sign-in stays valid there. An admin ends it in Setup > Connected Apps OAuth Usage, or on the user’s page under OAuth Apps.',
  'Records in Salesforce stay, and so do the links, fields and run history that the workspace keeps.',
] as const;

const protectedFrom = [
  'A workspace from someone else can’t use your sign-ins, run schedules or send anything until you approve it. Its triggers and views never run, and no file path in it is ever written to.',
  'A sign-in goes only to the host that issued it. If a connection’s host changes, you sign in again.',
  'Contact files, Salesforce’s answers and browser callbacks are checked before they’re used. Sizes are limited, so a bad file can’t fill your memory, or your disk with invalid rows.',
  'CSV exports are safe to open in a spreadsheet: no cell is run as a formula.',
  'Other users of this computer can’t read your workspace, secrets, backups or logs.',
  'Erasing a contact removes them from the workspace, its history, its backups and the practice org.',
] as const;

const notProtectedFrom = [
  'Programs that run under your own user account. They can read what you can read.',
  'Anyone who has your workspace file. It isn’t encrypted, so keep it on an encrypted disk.',
  'Copies you made yourself, and records already in Salesforce. Erase them there.',
  'A disk that fails. Leadferry notices damage and keeps backups, but it can’t get rows back from a damaged file.',
] as const;

/** `erasing` is where traces of erased contacts are removed. */
export function SecurityScreen({ erasing }: { erasing?: ReactNode } = {}) {
  const workspace = useAsk('workspaces.current', {}).data;
  const facts = useAsk('connections.security', {}, { enabled: Boolean(workspace) });
  return (
    <Page title="Security" about="What’s kept where, and what Leadferry protects you from">
      {facts.isError && <Trouble error={facts.error} retry={() => void facts.refetch()} />}
      {workspace && facts.isPending && <Rows />}
      {workspace && facts.data && <Kept facts={facts.data} approved={workspace.approved} />}
      <Card title="What leaves this computer">
        <List lines={leaves} />
      </Card>
      <Card title="Forget a connection" aside={<ConnectionsButton />}>
        <List lines={forgetting} />
      </Card>
      {workspace && erasing}
      <Card title="What you’re protected from">
        <List lines={protectedFrom} />
      </Card>
      <Card title="What Leadferry can’t protect you from">
        <List lines={notProtectedFrom} />
      </Card>
      <Card title="Report a problem">
        <p>
          If you find a way around any of this, don’t open a public issue. Report it privately to the
          maintainers where you got Leadferry, with the version and what you did. A workspace with invented
          contacts that shows it helps most.
        </p>
      </Card>
    </Page>
  );
}

function Kept({ facts, approved }: { facts: SecurityFacts; approved: boolean }) {
  return (
    <Card title="What’s kept where">
      <dl className={classes.places}>
        <dt>This workspace</dt>
        <dd>
          <Chip tone={approved ? 'done' : 'look'}>
            {approved ? 'Approved on this computer' : 'Not approved on this computer'}
          </Chip>
        </dd>
        <dt>Contacts, mappings, queue and history</dt>
        <dd>
          <CopyText text={facts.workspace} label="the workspace’s path" />
        </dd>
        <dt>New secrets go to</dt>
        <dd>
          {facts.vault === 'keychain' ? (
            'Your system’s keychain'
          ) : (
            <>
              <span>
                A file encrypted with your passphrase, because{' '}
                {facts.keychain ? 'this computer’s keychain can’t be used' : 'the keychain is turned off'}
              </span>
              <CopyText text={facts.sealed_file} label="the path of the encrypted file" />
            </>
          )}
        </dd>
        <dt>Approved workspaces, proxy and locks</dt>
        <dd>
          <CopyText text={facts.data_folder} label="the data folder" />
        </dd>
      </dl>
      {facts.connections.length > 0 && <Connections all={facts.connections} keychain={facts.keychain} />}
    </Card>
  );
}

function Connections({ all, keychain }: { all: readonly KeptSecrets[]; keychain: boolean }) {
  return (
    <Table
      label="Secrets by connection"
      heads={[{ name: 'Connection' }, { name: 'Secrets go only to' }, { name: 'Kept' }, { name: 'Kept in' }]}
    >
      {all.map((one) => (
        <tr key={one.name}>
          <td>{visible(one.name)}</td>
          <td>{visible(one.host ?? 'This computer (practice org)')}</td>
          <td>{keptOf(one)}</td>
          <td>{keptOf(one) === 'nothing' ? '—' : placeOf(one, keychain)}</td>
        </tr>
      ))}
    </Table>
  );
}

function keptOf({ has_secret, has_sign_in, has_key, has_password }: KeptSecrets): string {
  const kept = [
    has_sign_in && 'sign-in',
    has_key && 'private key',
    has_password && 'password',
    has_secret && 'client secret',
  ].filter(Boolean);
  return kept.join(', ') || 'nothing';
}

/** Returns where the secrets of a connection are, as it was recorded when they were stored. */
function placeOf({ vault }: KeptSecrets, keychain: boolean): string {
  if (vault === 'keychain') return keychain ? 'Keychain' : 'Keychain, which is turned off';
  return vault === 'file' ? 'Encrypted file' : '—';
}

function ConnectionsButton() {
  const navigate = useNavigate();
  return (
    <Button size="xs" variant="default" onClick={() => void navigate({ to: '/connections' })}>
      Open connections
    </Button>
  );
}

function List({ lines }: { lines: readonly string[] }) {
  return (
    <ul className={classes.list}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
