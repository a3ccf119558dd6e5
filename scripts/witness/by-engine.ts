import { openRehearsal } from '../../rehearsal/engine/index.ts';
import type { JobView, Rehearsal, RunView } from '../../rehearsal/engine/index.ts';
import { openGit } from '../../rehearsal/engine/sources.ts';
import { plainJobs } from './names.ts';
import type { Names } from './names.ts';
import type { Made, Move, Scenario } from './scenario.ts';
import { callsOf, noProblems, ownNames, plain, stateOf, stepLines } from './seen.ts';
import type { Seen } from './seen.ts';

export interface Places {
  /** Folder with our `action.yml` and `dist`. */
  readonly action: string;
  /** Where deliveries of this runner go, and whatever else its jobs write outside their workspace. */
  readonly target: string;
  /** `owner/repo@ref` -> folder. */
  readonly repositories: Readonly<Record<string, string>>;
}

export interface Played {
  readonly seen: Seen;
  readonly made: Made;
}

export interface EnginePlayer {
  readonly first: Made;
  play(move: Move, names: Names): Promise<Played>;
  close(): Promise<void>;
}

const WITHIN_MS = 120_000;

const only = (runs: readonly RunView[], { workflow }: Move): RunView => {
  const [run] = runs;
  if (run === undefined || runs.length > 1 || run.workflow !== workflow) {
    throw new Error(`the engine started ${runs.map((each) => each.workflow).join(', ') || 'nothing'}, not ${workflow}`);
  }
  return run;
};

const start = async (rehearsal: Rehearsal, move: Move): Promise<RunView> => {
  switch (move.kind) {
    case 'push':
      return only((await rehearsal.push(move.files, move.message)).runs, move);
    case 'dispatch':
      return rehearsal.dispatch(move.workflow, move.inputs);
    case 'pull-request': {
      await rehearsal.push(move.files, move.message, { branch: move.branch });
      return only((await rehearsal.pullRequest({ branch: move.branch, number: move.number })).runs, move);
    }
  }
};

const finish = async (rehearsal: Rehearsal, run: RunView, { approve }: Move): Promise<RunView> => {
  if (approve !== undefined) {
    await rehearsal.waitFor(run, { environment: approve.environment }, WITHIN_MS);
    rehearsal.approve(run, approve.environment, approve.by);
  }
  return rehearsal.waitFor(run, 'completed', WITHIN_MS);
};

const stepId = (id: string): string => id.replace(/^__(?:run|uses)_(\d+)$/, '#$1');

const stepsOf = ({ steps }: Pick<JobView, 'steps'>): readonly string[] =>
  steps.filter(({ outcome }) => outcome !== 'skipped').flatMap((step) => stepLines({ ...step, id: stepId(step.id) }));

const seenOf = async (rehearsal: Rehearsal, run: RunView, names: Names): Promise<Seen> => {
  const jobs = rehearsal.jobs(run);
  const ran = jobs.filter((job) => stepsOf(job).length > 0);
  const snapshot = await rehearsal.hub.snapshot();
  noProblems(rehearsal.hub);
  return plain(
    {
      result: run.conclusion ?? run.status,
      jobs: plainJobs(
        names,
        jobs.map(({ key, result = '', outputs }) => [key, { result, outputs }])
      ),
      steps: Object.fromEntries(ran.map((job) => [names.idOf(job.key), stepsOf(job)])),
      calls: callsOf(rehearsal.hub.log, run.id, names.idOf),
      state: stateOf(snapshot)
    },
    ownNames(rehearsal.hub, run.sha, snapshot)
  );
};

/** The commit at the tip of a branch, with its date. */
const tipOf = async (rehearsal: Rehearsal, branch: string): Promise<Made> => {
  const git = openGit(rehearsal.hub);
  const shown = await git.run(['show', '--no-patch', '--format=%H %cI', branch]);
  git.stop();
  const [commit = '', date = ''] = shown.trim().split(' ');
  return { commit, date: new Date(date) };
};

/** The repository on our own engine: every file as it is. */
export const openOnEngine = async (scenario: Scenario, places: Places): Promise<EnginePlayer> => {
  const { name: _name, moves: _moves, repositories: _repositories, actions, ...given } = scenario;
  const rehearsal = await openRehearsal({
    ...given,
    actionMap: { ...actions, 'OWNER/esteira': places.action },
    repositories: places.repositories,
    machineEnvironment: { TARGET: places.target }
  });
  return {
    first: await tipOf(rehearsal, 'main'),
    play: async (move, names) => {
      const run = await finish(rehearsal, await start(rehearsal, move), move);
      const made = await tipOf(rehearsal, move.kind === 'pull-request' ? move.branch : 'main');
      return { seen: await seenOf(rehearsal, run, names), made };
    },
    close: () => rehearsal.close()
  };
};
