import type { JobView, RunView } from './board.ts';
import { RehearsalError } from './errors.ts';
import type { Runs } from './runs.ts';
import type { Site } from './site.ts';

/** How far a run is to come. */
export type Awaited =
  | 'completed'
  | 'pending'
  /** A job waits for the rules of this environment. */
  | { readonly environment: string }
  | { readonly job: string; readonly status: JobView['status'] };

const reached = (site: Site, run: RunView, what: Awaited): boolean => {
  if (typeof what === 'string') return run.status === what;
  const jobs = site.board.jobs(run.id);
  if ('job' in what) return jobs.some(({ key, status }) => key === what.job && status === what.status);
  const name = what.environment.toLowerCase();
  return jobs.some(({ status, environment }) => status === 'waiting' && environment?.toLowerCase() === name);
};

/** What a reader of a failed test needs to know. */
const story = ({ board }: Site, { id }: RunView): string => {
  const jobs = board
    .jobs(id)
    .map(({ key, status, conclusion, annotations, log }) =>
      [`${key}: ${conclusion ?? status}`, ...annotations.map(({ message }) => `  ${message}`), ...log.slice(-20)].join(
        '\n'
      )
    );
  const entries = board.timeline(id).map(({ job, what }) => `${job ?? 'run'}: ${what}`);
  return [...jobs, '', ...entries].join('\n');
};

const WITHIN_MS = 30_000;

/** Woken by every change, so nothing is asked again and again. */
export const createWaiting =
  (site: Site, runs: Runs) =>
  async (run: RunView, what: Awaited, withinMs = WITHIN_MS): Promise<RunView> => {
    const wanted = JSON.stringify(what);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      site.board.note({ run: run.id, attempt: run.attempt, job: undefined, what: `not ${wanted} in time` });
    }, withinMs);
    try {
      return await site.board.until(() => {
        runs.check(run.id);
        const now = site.board.run(run.id);
        if (now === undefined) return undefined;
        if (reached(site, now, what)) return now;
        if (late) throw new RehearsalError(`run ${run.id} is not ${wanted} after ${withinMs} ms:\n${story(site, now)}`);
        if (now.status === 'completed') {
          throw new RehearsalError(`run ${run.id} ended before it was ${wanted}:\n${story(site, now)}`);
        }
        return undefined;
      });
    } finally {
      clearTimeout(timer);
    }
  };
