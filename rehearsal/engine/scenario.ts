import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub } from '../hub/index.ts';
import type { Hub, HubOptions, LogEntry, Permissions } from '../hub/index.ts';
import type { Git } from '../hub/git.ts';
import { createArtifacts } from './artifacts.ts';
import { createBoard } from './board.ts';
import type { Board, JobView, RunView, TimelineEntry } from './board.ts';
import { createConcurrency } from './concurrency.ts';
import { RehearsalError } from './errors.ts';
import { followRuns } from './followers.ts';
import type { Values } from './expressions.ts';
import { RESTRICTED } from './permissions.ts';
import { createPulls } from './pull-requests.ts';
import type { Pulls } from './pull-requests.ts';
import { createReviews } from './reviews.ts';
import type { Reviews } from './reviews.ts';
import { createRuns } from './runs.ts';
import type { Rerun, Runs } from './runs.ts';
import type { ActionMap, EnvironmentSetup, Site, Texts } from './site.ts';
import { openGit } from './sources.ts';
import { createTriggers } from './triggers.ts';
import type { Pushed, PushOptions, Triggers } from './triggers.ts';
import { watchCancellations } from './watch.ts';
import { createWaiting } from './wait-for.ts';
import type { Awaited } from './wait-for.ts';

export interface RehearsalOptions {
  /** A commit on the default branch; it starts nothing. None where there are no files. */
  readonly files: Readonly<Record<string, string>>;
  readonly executable?: readonly string[];
  readonly actionMap?: ActionMap;
  /** `owner/repo` (or `owner/repo@ref`) -> a folder with its reusable workflows. */
  readonly repositories?: Texts;
  readonly environments?: Readonly<Record<string, EnvironmentSetup>>;
  readonly vars?: Texts;
  readonly secrets?: Texts;
  /** What a token may where the file says nothing. Default: the restricted setting. */
  readonly defaultPermissions?: Permissions;
  /** Variables every machine has. */
  readonly machineEnvironment?: Texts;
  /** Default: the Node that runs us. */
  readonly node?: string;
  readonly hub?: Omit<HubOptions, 'clock'>;
  /** How long a cancelled step may take, in milliseconds. Default: as GitHub's runner, 7.5 s and 2.5 s. */
  readonly patience?: { readonly interrupt: number; readonly terminate: number };
}

export interface Rehearsal extends Reviews, Triggers, Pulls {
  readonly hub: Hub;
  /** Everything the rehearsal keeps on disk; gone when it closes. */
  readonly directory: string;
  /** SHA of the commit the rehearsal began with; empty in an empty repository. */
  readonly first: string;
  /** Resolves when the run has come so far; rejects when it cannot any more, or something in it is not known to the engine. */
  waitFor(run: RunView, what: Awaited, withinMs?: number): Promise<RunView>;
  rerun(run: RunView, how?: Rerun): RunView;
  cancel(run: RunView): void;
  /** All there are, oldest first. */
  runs(): readonly RunView[];
  /** The run of this workflow that the end of another one started (`on: workflow_run`), once there is one. */
  follower(run: RunView, workflow: string): Promise<RunView>;
  run(run: RunView): RunView;
  jobs(run: Pick<RunView, 'id'>): readonly JobView[];
  /** By its key: `deploy / staging (eu)`. Throws when there is none. */
  job(run: RunView, key: string): JobView;
  timeline(run: RunView): readonly TimelineEntry[];
  /** Of all steps of the attempt, in the order of the jobs. */
  summaries(run: RunView): readonly string[];
  /** API calls of the run's own tokens, or of one of its jobs'; the platform's are not among them. */
  calls(run: Pick<RunView, 'id'>, job?: string): readonly LogEntry[];
  /** Lets the hub's clock leap, for wait timers. */
  advance(minutes: number): void;
  close(): Promise<void>;
}

export type { JobView, Pushed, PushOptions, RunView, TimelineEntry, Values };

interface Parts {
  readonly site: Site;
  readonly runs: Runs;
  readonly git: Git;
}

const MINUTE_MS = 60_000;

/** What the runs' pages show, the API tells. */
const reporting = (board: Board, hub: Hub): Board => ({
  ...board,
  setJob: (id, key, change) => {
    board.setJob(id, key, change);
    const job = board.job(id, key);
    if (job === undefined || job.calls || (change.status === undefined && change.conclusion === undefined)) return;
    hub.reportJob(id, { name: key, status: job.status, conclusion: job.conclusion ?? null });
  }
});

const siteOf = (options: RehearsalOptions, given: Pick<Site, 'hub' | 'directory' | 'closing'>): Site => ({
  ...given,
  board: reporting(
    createBoard(() => new Date()),
    given.hub
  ),
  groups: createConcurrency(),
  artifacts: createArtifacts(join(given.directory, 'artifacts'), (told) => given.hub.keepArtifact(told)),
  node: options.node ?? process.execPath,
  vars: options.vars ?? {},
  secrets: options.secrets ?? {},
  environments: options.environments ?? {},
  actions: options.actionMap ?? {},
  repositories: options.repositories ?? {},
  defaultPermissions: options.defaultPermissions ?? RESTRICTED,
  machineEnvironment: options.machineEnvironment ?? {},
  patience: options.patience
});

const looks = ({
  site,
  runs
}: Parts): Pick<Rehearsal, 'runs' | 'run' | 'jobs' | 'job' | 'timeline' | 'summaries' | 'calls'> => {
  const { board, hub } = site;
  return {
    runs: () => board.runs(),
    run: (run) => {
      runs.check(run.id);
      return board.run(run.id) ?? run;
    },
    jobs: (run) => board.jobs(run.id),
    job: (run, key) => {
      const found = board.job(run.id, key);
      const known = board.jobs(run.id).map((each) => each.key);
      if (found === undefined) throw new RehearsalError(`there is no job "${key}" but ${known.join(', ')}`);
      return found;
    },
    timeline: (run) => board.timeline(run.id),
    summaries: (run) =>
      board.jobs(run.id).flatMap(({ steps }) => steps.map(({ summary }) => summary).filter((text) => text !== '')),
    calls: (run, job) =>
      hub.log.filter(
        (entry) => entry.kind === 'api' && entry.run === run.id && (job === undefined || entry.job === job)
      )
  };
};

const defineEnvironments = (hub: Hub, environments: Site['environments']): void => {
  for (const [name, setup] of Object.entries(environments)) {
    const { reviewers, preventSelfReview, waitMinutes, adminsCanBypass } = setup;
    hub.defineEnvironment(name, {
      ...(reviewers === undefined ? {} : { reviewers }),
      ...(preventSelfReview === undefined ? {} : { preventSelfReview }),
      ...(waitMinutes === undefined ? {} : { waitMinutes }),
      ...(adminsCanBypass === undefined ? {} : { adminsCanBypass })
    });
  }
};

const beginWith = async (hub: Hub, git: Git, { files, executable = [] }: RehearsalOptions): Promise<string> =>
  Object.keys(files).length === 0
    ? ((await git.read('refs/heads/main'))?.oid ?? '')
    : hub.commit({ message: 'chore: first commit', files, executable });

/** Opens a repository on a GitHub of its own, on 127.0.0.1, whose workflows really run. */
export const openRehearsal = async (options: RehearsalOptions): Promise<Rehearsal> => {
  const directory = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  let leap = 0;
  const hub = await startHub({ ...options.hub, clock: () => new Date(Date.now() + leap) });
  const closing = new AbortController();
  const site = siteOf(options, { hub, directory, closing: closing.signal });
  defineEnvironments(hub, site.environments);
  const [runs, git] = [createRuns(site), openGit(hub)];
  const first = await beginWith(hub, git, options);
  const parts = { site, runs, git };
  const stopWatching = watchCancellations(site, runs);
  const following = followRuns(parts);
  return {
    hub,
    directory,
    first,
    ...looks(parts),
    ...createTriggers(parts),
    ...createPulls(parts),
    ...createReviews(site),
    waitFor: createWaiting(site, runs),
    follower: (run, workflow) => following.follower(run, workflow),
    rerun: (run, how = {}) => runs.rerun(run.id, how),
    cancel: (run) => runs.cancel(run.id),
    advance: (minutes) => void (leap += minutes * MINUTE_MS),
    close: async () => {
      stopWatching();
      closing.abort();
      await following.end();
      await runs.settled();
      git.stop();
      await hub.stop();
      await rm(directory, { recursive: true, force: true });
    }
  };
};
