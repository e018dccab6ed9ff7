/** The orders in which a file may write its dates. */
import type { DateOrder } from '../ipc/bindings';

export const dateOrders: { value: DateOrder; label: string }[] = [
  { value: 'dmy', label: 'Day, month, year' },
  { value: 'mdy', label: 'Month, day, year' },
  { value: 'ymd', label: 'Year, month, day' },
];
