/** The template of the generated description. */

import { Dialog } from '../../components/Dialog';
import { inWords, sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { useAsk, useDo } from '../../ipc/queries';
import { type Check, TemplateForm } from './TemplateForm';

type Props = { name: string; sample: string | null; onClose: () => void };

export function DescriptionDialog({ name, sample, onClose }: Props) {
  const kept = useAsk('replications.show', { name });
  const set = useDo('replications.set');
  const useCheck = (template: string): Check => {
    const params = { name, template, ...(sample ? { sample } : {}) };
    const { data, error, isFetching } = useAsk('mappings.preview_template', params, { keep: true });
    const fault = data?.fault;
    return {
      fault: error ? inWords(error) : fault ? `${sentence(fault.message)} ${sentence(fault.cure)}` : null,
      isChecking: isFetching,
      contact: data?.contact?.name,
      preview: data?.text || 'Nothing',
    };
  };
  return (
    <Dialog opened onClose={onClose} title="Description template" size={560}>
      {kept.error && <Trouble error={kept.error} />}
      {kept.data && (
        <TemplateForm
          name={name}
          sample={sample}
          was={kept.data.settings.description}
          about="What a field filled from Generated description gets. Write text, and insert fields."
          useCheck={useCheck}
          busy={set.isPending}
          error={set.error}
          onSave={(description) =>
            set.mutate(
              { name, settings: { description } },
              {
                onSuccess: () => {
                  say('Saved.');
                  onClose();
                },
              },
            )
          }
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
