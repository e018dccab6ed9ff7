/** The dialogs of the mapping grid. */
import type { GridRow } from '../../ipc/bindings';
import { AddFieldDialog } from './AddFieldDialog';
import { DescriptionDialog } from './DescriptionDialog';
import { PasteDialog } from './PasteDialog';
import { RowDialog, type RowDialogKind } from './RowDialog';
import { TextDialog } from './TextDialog';
import type { Mapping } from './useMapping';

export type Dialog =
  | { kind: 'paste'; text: string }
  | { kind: 'text' }
  | { kind: 'description' }
  | { kind: 'add'; target: string }
  | { kind: RowDialogKind; row: GridRow };

type Props = { dialog: Dialog; mapping: Mapping; text: string; onClose: () => void };

export function MappingDialogs({ dialog, mapping, text, onClose }: Props) {
  switch (dialog.kind) {
    case 'paste':
      return <PasteDialog mapping={mapping} text={text} pasted={dialog.text} onClose={onClose} />;
    case 'text':
      return <TextDialog name={mapping.name} text={text} onClose={onClose} />;
    case 'description':
      return <DescriptionDialog name={mapping.name} sample={mapping.work.sample} onClose={onClose} />;
    case 'add':
      return <AddFieldDialog mapping={mapping} text={text} start={dialog.target} onClose={onClose} />;
    default:
      return (
        <RowDialog kind={dialog.kind} row={dialog.row} text={text} mapping={mapping} onClose={onClose} />
      );
  }
}
