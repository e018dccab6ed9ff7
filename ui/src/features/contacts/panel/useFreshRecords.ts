/** Reads the contact's records from Salesforce when the contact is opened: at most once a minute, and only when online. */
import { useEffect, useRef, useState } from 'react';
import { useAsk, useDo } from '../../../ipc/queries';

const EVERY_MS = 60_000;

/** When each contact's records were last asked for, in this window. */
const asked = new Map<string, number>();

/** Returns the records with when they were read by this window; `isMirrored` once there is something to refresh. */
export function useFreshRecords(contact: string) {
  const beside = useAsk('mirror.of_contact', { contact });
  const refresh = useDo('mirror.of_contact');
  const [readAt, setReadAt] = useState(() => asked.get(contact) ?? null);
  const [byHand, setByHand] = useState(false);
  const records = beside.data?.records ?? [];
  const isReadable = records.some(({ record, link }) => record !== null && link === 'linked');
  const read = (onDone?: (calls: number) => void) => {
    setByHand(onDone !== undefined);
    asked.set(contact, Date.now());
    refresh.mutate(
      { contact, refresh: true },
      {
        onSuccess: ({ calls }) => {
          setReadAt(Date.now());
          void beside.refetch();
          onDone?.(calls);
        },
      },
    );
  };
  const begin = useRef(read);
  begin.current = read;
  useEffect(() => {
    const isDue = Date.now() - (asked.get(contact) ?? 0) > EVERY_MS;
    if (isReadable && isDue && navigator.onLine) begin.current();
  }, [contact, isReadable]);
  // What nobody asked for needs no complaint: the data is shown with its age.
  return { beside, isReading: refresh.isPending, error: byHand ? refresh.error : null, readAt, read };
}
