/** Writes contacts to a file that the user chooses; the work goes on while its dialog is closed. */
import { counted } from '../../components/numbers';
import { say } from '../../components/undo';
import type { ExportRequest } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

export type ExportFormat = 'csv' | 'xlsx';
type Wanted = Omit<ExportRequest, 'place'>;

export function useExport() {
  const pick = useDo('shell.pick_place');
  const write = useDo('contacts.export');
  const run = async (wanted: Wanted, format: ExportFormat) => {
    const place = await pick.mutateAsync({ what: format, name: `contacts.${format}` });
    if (!place) return;
    const contacts = await write.mutateAsync({ ...wanted, place } as ExportRequest);
    say(`Exported ${counted(contacts, 'contact')} to ${place}.`);
  };
  return {
    error: write.error ?? pick.error,
    busy: write.isPending,
    // What went wrong stands in `error`.
    run: (wanted: Wanted, format: ExportFormat) => void run(wanted, format).catch(() => {}),
  };
}
