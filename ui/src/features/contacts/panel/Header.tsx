/** The contact’s name, email, company and status at a glance. */
import { IconBan, IconMailOff, IconTrash } from '@tabler/icons-react';
import { Chip } from '../../../components/Chip';
import type { ContactCard } from '../../../ipc/bindings';
import { deliveryWords } from '../../../words/sending';
import { deliveryIcons } from '../DeliveryMark';
import classes from './Panel.module.css';

export function Header({ card }: { card: ContactCard }) {
  const text = (name: string) => {
    const value = card.fields[name];
    return typeof value === 'string' ? value : null;
  };
  const email = text('email');
  const work = [text('job_title'), card.company?.name].filter((part) => part && part !== card.name);
  const { word, tone } = deliveryWords[card.delivery];
  return (
    <header className={classes.header}>
      <h2 className={`${classes.name} selectable`}>{card.name}</h2>
      {work.length > 0 && <p className={`${classes.work} selectable`}>{work.join(', ')}</p>}
      {email && email !== card.name && <p className={`${classes.email} selectable`}>{email}</p>}
      <p className={classes.chips}>
        <Chip tone={tone} icon={deliveryIcons[card.delivery]}>
          {word}
        </Chip>
        {card.do_not_send && (
          <Chip tone="look" icon={IconBan}>
            Do not send
          </Chip>
        )}
        {card.fields.email_opt_out === true && (
          <Chip tone="look" icon={IconMailOff}>
            Opted out of email
          </Chip>
        )}
        {card.deleted_at && (
          <Chip tone="idle" icon={IconTrash}>
            Deleted
          </Chip>
        )}
      </p>
    </header>
  );
}
