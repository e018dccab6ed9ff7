/** How far a contact has got on the way to Salesforce: an icon and a word, never the color alone. */
import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconPencil } from '@tabler/icons-react';
import type { Delivery } from '../../ipc/bindings';
import { deliveryWords } from '../../words/sending';
import classes from './ContactsScreen.module.css';

export const deliveryIcons: Record<Delivery, typeof IconCheck> = {
  blocked: IconAlertTriangle,
  given_up: IconAlertTriangle,
  waiting: IconClock,
  changed: IconPencil,
  linked: IconCheck,
  left_out: IconBan,
  not_sent: IconClock,
};

export function DeliveryMark({ delivery }: { delivery: Delivery }) {
  const { word, short, tone } = deliveryWords[delivery];
  const Icon = deliveryIcons[delivery];
  return (
    <>
      <Icon size={14} stroke={1.75} aria-hidden className={`${classes.mark} ${classes[tone] ?? ''}`} />
      {short ? (
        <>
          <span className={classes.long}>{word}</span>
          <span className={classes.short} title={word} aria-hidden>
            {short}
          </span>
        </>
      ) : (
        word
      )}
    </>
  );
}
