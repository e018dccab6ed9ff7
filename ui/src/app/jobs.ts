/** Work under way, in words. */
import { bytes, count } from '../components/numbers';
import type { Job, JobKind } from '../ipc/bindings';

const verbs: Record<JobKind, string> = {
  import: 'Import',
  recalculation: 'Recalculate',
  plan: 'Plan',
  run: 'Run',
  pull: 'Pull',
  sign_in: 'Sign in',
  org: 'Salesforce',
  export: 'Export',
};

export function jobTitle(job: Job): string {
  const verb = verbs[job.kind];
  return job.title === verb ? verb : `${verb}: ${job.title}`;
}

/** Returns how far it is, in its own unit: bytes of a file, otherwise contacts. */
export function jobUnits(job: Job): string {
  if (job.total === 0) return job.stage;
  if (job.kind === 'pull') return `${Math.floor((job.done * 100) / job.total)} %`;
  const unit = job.kind === 'import' ? bytes : count;
  return `${unit(job.done)} of ${unit(job.total)}`;
}
