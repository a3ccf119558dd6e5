import type { Access } from './access.ts';
import { byId, replaced } from './call.ts';
import { commitFiles } from './commit-files.ts';
import type { NewCommit } from './commit-files.ts';
import { arriveAtGate, bypassGates, gateState, reviewGates } from './gates.ts';
import type { GateState } from './gates.ts';
import type { Run } from './records.ts';
import { changePull, openPull } from './pulls.ts';
import type { NewPull, PullChange } from './pulls.ts';
import { keepArtifact } from './resources/artifacts.ts';
import type { NewArtifact } from './resources/artifacts.ts';
import { setEnvironment } from './resources/environments.ts';
import type { EnvironmentRules } from './resources/environments.ts';
import { reportJob } from './resources/jobs.ts';
import type { JobReport } from './resources/jobs.ts';
import { endRun } from './resources/runs.ts';
import { addRuleset } from './resources/settings.ts';
import type { NewRuleset } from './resources/settings.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import type { World } from './world.ts';
import { nowStamp } from './world.ts';

export type RunRef = number | { readonly id: number };

export interface NewRun {
  readonly event: string;
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  /** File name below `.github/workflows`. */
  readonly workflow?: string;
}

export interface StartedRun {
  readonly id: number;
  readonly attempt: number;
}

export interface GivenReview {
  readonly environment: string;
  readonly user: string;
  readonly state: 'approved' | 'rejected';
  readonly comment?: string;
}

/** What people, runners and the platform do around the API; nothing of it is counted as a call. */
export interface Scenario {
  /** Puts a commit onto a branch of the bare repository. Its SHA. */
  commit(commit: NewCommit): Promise<string>;
  defineEnvironment(name: string, rules?: EnvironmentRules): void;
  defineRuleset(ruleset: NewRuleset): void;
  /** A pull request as it stands after its merge. Its number. */
  openPull(pull: NewPull): number;
  /** Somebody pushes to it, closes it, merges it or opens it again. */
  changePull(number: number, change: PullChange): void;
  startRun(run: NewRun): StartedRun;
  /** The next attempt of a run that ended. */
  rerun(run: RunRef): StartedRun;
  /** The run ends and its tokens die with it. */
  finishRun(run: RunRef, conclusion: string): void;
  /** A job that names an environment arrives at its rules; a name nobody defined becomes an unprotected environment. */
  gate(run: RunRef, at: { readonly environment: string; readonly job?: string }): GateState;
  /**
   * A person presses the button. Throws when the platform would refuse: not a reviewer, self-review prevented, nothing
   * to review. A run that has not arrived at the gate yet arrives there first.
   */
  review(run: RunRef, review: GivenReview): void;
  /** An administrator overrides the rules. */
  bypass(run: RunRef, environment: string): void;
  /** How far a job of the run's present attempt has come. Once one is reported, the list of jobs holds the reported ones. */
  reportJob(run: RunRef, job: JobReport): void;
  /** A run leaves a file behind. The number of the artifact. */
  keepArtifact(artifact: NewArtifact): number;
  snapshot(): Promise<Snapshot>;
}

const idOf = (run: RunRef): number => (typeof run === 'number' ? run : run.id);

const startRun = (world: World, given: NewRun): Run => {
  const now = nowStamp(world);
  const run: Run = {
    id: world.state.nextId(),
    attempt: 1,
    number: world.state.now().data.runs.length + 1,
    event: given.event,
    actor: given.actor,
    sha: given.sha,
    ref: given.ref,
    workflow: given.workflow ?? 'delivery.yml',
    status: 'in_progress',
    conclusion: null,
    createdAt: now,
    updatedAt: now
  };
  world.state.write((data) => ({ ...data, runs: [...data.runs, run] }));
  return run;
};

const rerun = (world: World, run: Run): Run => {
  if (run.status !== 'completed') throw new Error(`run ${run.id} has not ended`);
  const again: Run = {
    ...run,
    attempt: run.attempt + 1,
    status: 'in_progress',
    conclusion: null,
    updatedAt: nowStamp(world)
  };
  world.state.write((data) => ({ ...data, runs: replaced(data.runs, again) }));
  return again;
};

const review = (world: World, run: Run, { environment, user, state, comment = '' }: GivenReview): void => {
  const { gates } = world.state.now().data;
  const waits = gates.some((gate) => gate.run === run.id && gate.attempt === run.attempt && gate.review === 'waiting');
  if (!waits) arriveAtGate(world, run, { environment, job: 'deploy' });
  reviewGates(world, run, { environments: [environment], user, state, comment });
};

export const createScenario = (world: World, access: Access): Scenario => {
  let commits = 0;
  const runOf = (run: RunRef): Run => byId(world.state.now().data.runs, idOf(run));
  const context = {
    git: world.git,
    directory: world.store,
    defaultBranch: world.settings.defaultBranch,
    now: world.now
  };
  return {
    commit: (commit) => {
      commits += 1;
      return commitFiles({ ...context, number: commits }, commit);
    },
    defineEnvironment: (name, rules = {}) => void setEnvironment(world, name, rules),
    defineRuleset: (ruleset) => addRuleset(world, ruleset),
    openPull: (given) => openPull(world, given),
    changePull: (number, change) => changePull(world, number, change),
    startRun: (given) => startRun(world, given),
    rerun: (run) => rerun(world, runOf(run)),
    finishRun: (run, conclusion) => {
      endRun(world, runOf(run), conclusion);
      access.expire(idOf(run));
    },
    gate: (run, { environment, job = 'deploy' }) =>
      gateState(world, arriveAtGate(world, runOf(run), { environment, job })),
    review: (run, given) => review(world, runOf(run), given),
    bypass: (run, environment) => bypassGates(world, runOf(run), environment),
    reportJob: (run, job) => reportJob(world, runOf(run), job),
    keepArtifact: (artifact) => keepArtifact(world, artifact),
    snapshot: () => takeSnapshot(world)
  };
};
