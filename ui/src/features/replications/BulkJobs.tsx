/** The bulk jobs of a run: how far Salesforce is with each. */
import { Chip } from '../../components/Chip';
import { count, counted } from '../../components/numbers';
import { sentence } from '../../components/Trouble';
import type { BulkJobState, RunJob } from '../../ipc/bindings';
import type { Word } from '../../words/sending';
import classes from './BulkJobs.module.css';

const jobWords: Record<BulkJobState, Word> = {
  gathering: { word: 'Preparing', tone: 'idle' },
  creating: { word: 'Uploading', tone: 'accent' },
  open: { word: 'Uploading', tone: 'accent' },
  processing: { word: 'Processing', tone: 'accent' },
  complete: { word: 'Completed', tone: 'done' },
  aborted: { word: 'Aborted', tone: 'look' },
  failed: { word: 'Failed', tone: 'fail' },
  gone: { word: 'Deleted in Salesforce', tone: 'look' },
  withdrawn: { word: 'Withdrawn', tone: 'idle' },
};

export function BulkJobs({ jobs }: { jobs: readonly RunJob[] }) {
  if (jobs.length === 0) return null;
  return (
    <section className={classes.card} aria-label="Bulk jobs">
      <h3 className={classes.title}>Bulk jobs</h3>
      <ul className={classes.list}>
        {jobs.map((job, at) => (
          <li key={job.job_id ?? `new ${at}`} className={classes.job}>
            <Chip tone={jobWords[job.state].tone}>{jobWords[job.state].word}</Chip>
            <span>
              <strong className="num">{count(job.processed)}</strong> of {counted(job.rows, 'contact')}{' '}
              processed
              {job.failed > 0 && `, ${count(job.failed)} rejected`}
            </span>
            {job.message && <span>{sentence(job.message)}</span>}
            {job.job_id && <span className={`mono ${classes.id}`}>{job.job_id}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
