/** The template that a field is filled with. */
import { inWords, sentence } from '../../components/Trouble';
import type { GridRow, HostError, MappingGrid } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { type Check, TemplateForm } from './TemplateForm';
import type { Mapping } from './useMapping';
import { ValueShown } from './ValueShown';

type Props = { row: GridRow; text: string; mapping: Mapping; onClose: () => void };

export function TemplateDialog({ row, text, mapping, onClose }: Props) {
  const { target, label, source } = row;
  const { sample } = mapping.work;
  const useCheck = (template: string): Check => {
    const tried = useAsk(
      'mappings.try',
      {
        name: mapping.name,
        text,
        edits: [{ kind: 'template', target, text: template }],
        ...(sample ? { sample } : {}),
      },
      { enabled: template.trim() !== '', keep: true },
    );
    const shown = rowOf(target, tried.data);
    return {
      fault: faultOf(target, tried.data, tried.error),
      isChecking: tried.isFetching,
      contact: tried.data?.sample?.name,
      preview: shown && <ValueShown sends={shown.sends} />,
    };
  };
  return (
    <TemplateForm
      name={mapping.name}
      sample={sample}
      was={source?.kind === 'template' ? (source.body ?? '') : ''}
      about="Write text, and insert fields where their values belong."
      useCheck={useCheck}
      onSave={(template) => {
        void mapping.edit(
          [{ kind: 'template', target, text: template }],
          `${label} filled from a template`,
          target,
        );
        onClose();
      }}
      onClose={onClose}
    />
  );
}

function rowOf(target: string, grid: MappingGrid | undefined): GridRow | undefined {
  return grid?.rows.find((row) => row.target === target);
}

function faultOf(target: string, grid: MappingGrid | undefined, error: HostError | null): string | null {
  if (error) return inWords(error);
  const fault = rowOf(target, grid)?.findings.find((finding) => finding.severity === 'error');
  return fault ? `${sentence(fault.message)} ${sentence(fault.cure)}` : null;
}
