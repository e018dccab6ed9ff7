/** What needs attention, in words, and what the button beside it says. */
import { counted } from '../../components/numbers';
import { sentence } from '../../components/Trouble';
import type { Look } from '../../ipc/bindings';

export type LookWords = { says: string; act: string | null };

export function lookWords({ kind, replication, connection, contacts, text }: Look): LookWords {
  const why = text ? ` ${sentence(text)}` : '';
  const wait = `${counted(contacts, 'contact')} ${contacts === 1 ? 'waits' : 'wait'}`;
  switch (kind) {
    case 'read_only':
      return { says: `This workspace is read-only, so nothing can be changed or sent.${why}`, act: null };
    case 'on_network':
      return {
        says: `This workspace is on a network drive, so nothing is sent. Move it to this computer.${why}`,
        act: null,
      };
    case 'sign_in':
      return { says: `${connection} isn’t signed in yet.`, act: 'Sign in' };
    case 'sign_in_refused':
      return {
        says: `Salesforce no longer accepts the sign-in of ${connection}.${why}`,
        act: 'Sign in again',
      };
    case 'certificate_ends':
      return { says: `${connection}: ${why.trim()}`, act: 'Replace the key' };
    case 'sign_in_lapses':
      return { says: `${connection}: ${why.trim()}`, act: 'Renew' };
    case 'run_stopped':
      return {
        says: `The last run of ${replication} stopped.${why}${contacts > 0 ? ` ${wait} to be sent.` : ''}`,
        act: contacts > 0 ? 'Review and continue' : 'Open run',
      };
    case 'blocked':
      return { says: `${counted(contacts, 'contact')} can’t be sent by ${replication}.${why}`, act: 'Fix' };
    case 'backup_skipped':
      return { says: `The daily backup was skipped.${why}`, act: null };
    case 'waiting':
      return { says: `${wait} for the next run of ${replication}.`, act: 'Review and run' };
  }
}
