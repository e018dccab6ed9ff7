/** The steps in Salesforce: ticked by the user, and marked where a refused sign-in points at one. */
import { Anchor, Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconAlertTriangle, IconPrinter } from '@tabler/icons-react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { CopyText } from '../../components/CopyText';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { visible } from '../../components/visible';
import type {
  Draft,
  Generation,
  Guide,
  GuideRequest,
  GuideStep,
  GuideValue,
  ScopePreset,
  SetUpStep,
} from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Connections.module.css';

const presets: { value: ScopePreset; label: string }[] = [
  { value: 'needed', label: 'Only what Leadferry needs' },
  { value: 'full', label: 'Full access, as Kentico asks for' },
];

type Props = {
  guide: Guide;
  request: GuideRequest;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** The address that was entered, once it is one of an org. */
  address: string | null;
  /** The step at fault. */
  fault: SetUpStep | null;
};

export function Steps({ guide, request, draft, change, address, fault }: Props) {
  const open = useDo('connections.open_page');
  const toggle = (id: SetUpStep) =>
    change({
      ticked: draft.ticked.includes(id) ? draft.ticked.filter((one) => one !== id) : [...draft.ticked, id],
    });
  return (
    <Card title="In Salesforce" about="For a Salesforce administrator, or yourself in a sandbox">
      <Sheet guide={guide} request={request} />
      <Select
        label="Type of app in Salesforce"
        allowDeselect={false}
        data={guide.generations.map(({ generation, label }) => ({ value: generation, label }))}
        value={guide.generation}
        onChange={(value) => value && change({ generation: value as Generation })}
      />
      <ol className={classes.steps}>
        {guide.steps.map((step, at) => (
          <li key={step.id} data-fault={step.id === fault || undefined}>
            <div className={classes.step}>
              <Checkbox
                id={`step-${step.id}`}
                label={`${at + 1}. ${step.title}`}
                checked={draft.ticked.includes(step.id)}
                onChange={() => toggle(step.id)}
              />
              {step.id === fault && (
                <Chip tone="fail" icon={IconAlertTriangle}>
                  Check this step
                </Chip>
              )}
            </div>
            <div className={classes.how}>
              <p className={classes.quiet}>
                {step.how}{' '}
                {step.id === 'open' && address && (
                  <Anchor
                    component="button"
                    type="button"
                    onClick={() =>
                      open.mutate({ page: 'setup', host: address, generation: guide.generation })
                    }
                  >
                    Open Setup in the browser
                  </Anchor>
                )}
              </p>
              {step.id === 'scopes' && (
                <Select
                  aria-label="Which scopes"
                  allowDeselect={false}
                  data={presets}
                  value={draft.scopes}
                  onChange={(value) => value && change({ scopes: value as ScopePreset })}
                />
              )}
              <Values step={step} />
              {step.id === 'app' && (
                <TextInput
                  label="Contact email for the app"
                  description="Put it on the sheet for your administrator"
                  value={draft.contact_email}
                  onChange={(event) => change({ contact_email: event.currentTarget.value })}
                />
              )}
            </div>
          </li>
        ))}
      </ol>
      {open.error && <Trouble error={open.error} />}
      <p className={classes.quiet}>* Salesforce requires it.</p>
    </Card>
  );
}

/** The whole guide for somebody else: to paste, to print, to send. */
function Sheet({ guide, request }: { guide: Guide; request: GuideRequest }) {
  const clipboard = useClipboard({ timeout: 2000 });
  const pick = useDo('shell.pick_place');
  const save = useDo('connections.save_guide');
  const print = useDo('connections.print_guide');
  const error = save.error ?? print.error;
  const saveSheet = async () => {
    const place = await pick.mutateAsync({ what: 'page', name: `leadferry-setup-${guide.flow}.html` });
    if (!place) return;
    await save.mutateAsync({ guide: request, place });
    say(`Saved the sheet to ${place}.`);
  };
  return (
    <>
      <div className={classes.sheet} role="group" aria-label="Sheet for your administrator">
        <span className={classes.quiet}>Someone else sets up Salesforce?</span>
        <Button size="xs" variant="default" onClick={() => clipboard.copy(guide.text)}>
          {clipboard.copied ? 'Copied' : 'Copy for your administrator'}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPrinter size={14} stroke={1.75} aria-hidden />}
          loading={print.isPending}
          onClick={() => print.mutate(request)}
        >
          Print…
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={save.isPending}
          // What went wrong is shown below.
          onClick={() => void saveSheet().catch(() => {})}
        >
          Save as a page…
        </Button>
      </div>
      {error && <Trouble error={error} />}
    </>
  );
}

function Values({ step: { id, values } }: { step: GuideStep }) {
  if (values.length === 0) return null;
  // Several values of one field stand below its name, with room for each.
  const isList = values.length > 1 && values.every(({ field }) => field === values[0]?.field);
  return (
    <dl className={isList ? `${classes.values} ${classes.list}` : classes.values}>
      {values.map((value, at) => (
        <div key={`${id}-${value.field}-${value.value}`}>
          <dt hidden={isList && at > 0}>
            {value.field}
            {value.required && (
              <abbr title="Salesforce requires it" className={classes.required}>
                *
              </abbr>
            )}
          </dt>
          <dd>
            <Value value={value} isOneOfSeveral={isList} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({
  value: { field, value, note },
  isOneOfSeveral,
}: {
  value: GuideValue;
  isOneOfSeveral: boolean;
}) {
  if (value === '') return <span className={classes.quiet}>{note}</span>;
  return (
    <>
      <CopyText
        text={value}
        label={isOneOfSeveral ? `${field} ${visible(value)}` : field}
        mono={value.startsWith('http')}
      />
      {note && <span className={classes.quiet}>{note}</span>}
    </>
  );
}
