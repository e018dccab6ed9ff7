/** The settings of a replication as they are edited: all of them, so that a change is told by its difference. */
import type { ReplicationChange, ReplicationInfo } from '../../../ipc/bindings';

export type Kept = Required<
  Omit<ReplicationChange, 'score' | 'enabled' | 'minimum' | 'segments_any' | 'segments_all' | 'segments_none'>
>;

/** What each card of the settings gets. */
export type CardProps = {
  replication: ReplicationInfo;
  now: Kept;
  put: (part: Partial<Kept>) => void;
};

export function keptOf({ name, connection, settings }: ReplicationInfo): Kept {
  const { segments: _, consent_sync: __, ...others } = settings;
  return {
    ...others,
    name,
    connection: connection ?? '',
    about: settings.about ?? '',
    deleted_here: settings.deleted_here ?? '',
    default_company: settings.default_company ?? '',
    default_last_name: settings.default_last_name ?? '',
  };
}

/** Returns what differs; as text, so that lists count by what they hold. */
export function changesOf(was: Kept, now: Kept): ReplicationChange {
  return Object.fromEntries(
    Object.entries(now).filter(([key, value]) => String(value) !== String(was[key as keyof Kept])),
  );
}

type OnOff = { [Key in keyof Kept]: Kept[Key] extends boolean ? Key : never }[keyof Kept];

/** Returns what a switch needs to change a setting. */
export function onOff({ now, put }: Pick<CardProps, 'now' | 'put'>, key: OnOff) {
  return {
    checked: now[key],
    onChange: (event: { currentTarget: { checked: boolean } }) => put({ [key]: event.currentTarget.checked }),
  };
}
