import type { Annotation } from '../runner/transcript.ts';

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface StepView {
  readonly name: string;
  readonly id: string;
  /** Before `continue-on-error`; `conclusion` is after it. */
  readonly outcome: Result;
  readonly conclusion: Result;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface JobView {
  /** `build`, `test (1, a)`, `deploy / staging`: callers first, as the run's page shows it. */
  readonly key: string;
  readonly name: string;
  /** It calls a workflow: it has no machine of its own, and GitHub lists the jobs of that workflow instead. */
  readonly calls: boolean;
  /** `pending` waits for a concurrency group, `waiting` for the rules of an environment. */
  readonly status: 'queued' | 'pending' | 'waiting' | 'in_progress' | 'completed';
  /** What `needs.<job>.result` says; `conclusion` is before `continue-on-error`. */
  readonly result: Result | undefined;
  readonly conclusion: Result | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: string | undefined;
  readonly environmentUrl: string | undefined;
  readonly steps: readonly StepView[];
  readonly annotations: readonly Annotation[];
  /** What people read, masks applied. */
  readonly log: readonly string[];
  /** When the job got its machine; undefined while it waits, and for ever when it never ran. */
  readonly startedAt: Date | undefined;
  readonly completedAt: Date | undefined;
  /** Time on a machine, in milliseconds of the clock of the wall: what GitHub bills. */
  readonly machineMs: number;
  /** Taken over from an earlier attempt. */
  readonly reused: boolean;
}

export interface RunView {
  readonly id: number;
  readonly attempt: number;
  readonly workflow: string;
  readonly event: string;
  readonly actor: string;
  readonly title: string;
  readonly sha: string;
  readonly status: 'pending' | 'in_progress' | 'waiting' | 'completed';
  readonly conclusion: Result | undefined;
  /** The ended run that started this one (`on: workflow_run`). */
  readonly follows: number | undefined;
}

export interface TimelineEntry {
  readonly at: Date;
  readonly run: number;
  readonly attempt: number;
  /** The job's key; undefined for the run itself. */
  readonly job: string | undefined;
  readonly what: string;
}

/** What can be seen of all runs, and who waits for a change of it. */
export interface Board {
  /** Oldest first. */
  runs(): readonly RunView[];
  run(id: number): RunView | undefined;
  jobs(id: number): readonly JobView[];
  job(id: number, key: string): JobView | undefined;
  timeline(id: number): readonly TimelineEntry[];
  setRun(run: RunView): void;
  setJob(id: number, key: string, change: Partial<JobView>): void;
  /** A new attempt shows its own jobs only. */
  clearJobs(id: number): void;
  note(entry: Omit<TimelineEntry, 'at'>): void;
  /** Resolves as soon as `seen` gives something. */
  until<T>(seen: () => T | undefined): Promise<T>;
}

const NEW_JOB: Omit<JobView, 'key' | 'name'> = {
  status: 'queued',
  calls: false,
  result: undefined,
  conclusion: undefined,
  outputs: {},
  environment: undefined,
  environmentUrl: undefined,
  steps: [],
  annotations: [],
  log: [],
  startedAt: undefined,
  completedAt: undefined,
  machineMs: 0,
  reused: false
};

interface Waiter {
  look(): boolean;
  fail(error: unknown): void;
}

const createWaiters = (): { readonly changed: () => void; readonly until: Board['until'] } => {
  const waiters = new Set<Waiter>();
  const changed = (): void => {
    for (const waiter of waiters) {
      try {
        if (waiter.look()) waiters.delete(waiter);
      } catch (error) {
        waiters.delete(waiter);
        waiter.fail(error);
      }
    }
  };
  const until = <T>(seen: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      waiters.add({
        look: () => {
          const found = seen();
          if (found !== undefined) resolve(found);
          return found !== undefined;
        },
        fail: reject
      });
      changed();
    });
  return { changed, until };
};

export const createBoard = (now: () => Date): Board => {
  const runs = new Map<number, RunView>();
  const jobs = new Map<number, Map<string, JobView>>();
  const entries: TimelineEntry[] = [];
  const { changed, until } = createWaiters();
  return {
    runs: () => [...runs.values()],
    run: (id) => runs.get(id),
    jobs: (id) => [...(jobs.get(id)?.values() ?? [])],
    job: (id, key) => jobs.get(id)?.get(key),
    timeline: (id) => entries.filter(({ run }) => run === id),
    setRun: (run) => {
      runs.set(run.id, run);
      changed();
    },
    setJob: (id, key, change) => {
      const all = jobs.get(id) ?? new Map<string, JobView>();
      all.set(key, { ...(all.get(key) ?? { ...NEW_JOB, key, name: key }), ...change });
      jobs.set(id, all);
      changed();
    },
    clearJobs: (id) => void jobs.delete(id),
    note: (entry) => {
      entries.push({ at: now(), ...entry });
      changed();
    },
    until
  };
};
