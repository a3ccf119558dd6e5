import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandName } from '../../src/contract.ts';
import { startHub } from '../hub/index.ts';
import type { Door, Hub, HubOptions, LogEntry, StartedRun } from '../hub/index.ts';
import { permissionsOf } from '../runner/job-permissions.ts';
import { runAction } from '../runner/run-action.ts';
import type { StepRun } from '../runner/run-action.ts';
import { surroundingsOf } from '../runner/surroundings.ts';
import { prepare } from './workspace.ts';
import type { Grounds } from './workspace.ts';

const MAIN = new URL('../../dist/index.js', import.meta.url);
const DIES_AT_WRITE = new URL('die-at-write.ts', import.meta.url);

/**
 * Only spares time, a tenth of the processor's: a job is over before it would pay to collect its garbage often and by
 * several threads. Options that change V8's code would make it refuse Node's own compiled modules.
 */
const SPARING = ['--min-semi-space-size=16', '--single-threaded-gc'];

/** One job of the line: an invocation of the action in its own workspace, as a workflow's job makes it. */
export interface Step {
  /** Unique among all steps. */
  readonly name: string;
  readonly command: CommandName;
  readonly inputs: Readonly<Record<string, string>>;
  /** Environment whose gate somebody opens before the job begins. */
  readonly gate?: string;
  /** The workspace: the whole checkout with its `.git`, or only its files. */
  readonly checkout: 'history' | 'files';
  /** The job fetches what the build job handed on. */
  readonly artifact: boolean;
}

/** Where a story stands: which run works on which commit. */
export interface Scene {
  readonly run: StartedRun;
  readonly sha: string;
  readonly event: string;
  readonly version: string;
}

/** A story at the moment before a step, on disk: hub, target, workspaces. */
export interface Checkpoint {
  readonly directory: string;
  readonly scene: Scene;
}

/** What a test does to one job while it runs. */
export interface Handling {
  readonly kill?: AbortSignal;
  readonly signal?: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
  /** The job finds the workspace its earlier attempt left, as on a machine of one's own. */
  readonly dirty?: boolean;
  /** A folder of its own, for jobs that run at the same time. */
  readonly folder?: string;
}

export interface Job extends StepRun {
  readonly decision: string;
  readonly reason: string;
  /** Every request of the job in order, downloads and git included. */
  readonly requests: readonly LogEntry[];
  /** What its scripts passed. */
  readonly points: readonly string[];
  /** Writes to the disk; 0 unless they were counted. */
  readonly writes: number;
}

/** A hub with everything around it. Each stage plays one scenario at a time. */
export interface Stage {
  readonly hub: Hub;
  readonly target: string;
  /** Where scripts tell their points: `FILE.reached` appears when one waits to be stopped. */
  readonly points: string;
  /** A word in the environment of every process a job starts. */
  readonly mark: string;
  /** Called for each request of a run before it is carried out, until it is set again. */
  onRequest(door: Door | undefined): void;
  load(checkpoint: Checkpoint): Promise<void>;
  save(directory: string, scene: Scene): Promise<Checkpoint>;
  job(step: Step, scene: Scene, handling?: Handling): Promise<Job>;
  /** What the build job of this story handed on. */
  readonly artifact: string;
  close(): Promise<void>;
}

interface Place extends Grounds {
  readonly mark: string;
}

const readLines = async (file: string): Promise<string[]> =>
  (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

const variablesOf = ({ hub, directory, work, mark }: Place, step: Step, scene: Scene): Record<string, string> => ({
  ...surroundingsOf({
    server: { serverUrl: hub.url, apiUrl: hub.apiUrl, graphqlUrl: hub.graphqlUrl },
    repository: `${hub.owner}/${hub.name}`,
    runId: scene.run.id,
    runAttempt: scene.run.attempt,
    runNumber: 1,
    workflow: 'delivery',
    job: step.command,
    actor: 'ana',
    triggeringActor: 'ana',
    event: scene.event,
    eventPath: join(directory, 'event.json'),
    sha: scene.sha,
    ref: 'refs/heads/main',
    workspace: join(work, 'workspace'),
    temporary: join(work, 'temporary')
  }),
  TARGET: join(directory, 'target'),
  POINTS: join(work, 'points'),
  ACTION_MAIN: MAIN.href,
  // only spares time: every job compiles the same file
  NODE_COMPILE_CACHE: join(directory, '..', 'compiled'),
  FAULTS_MARK: mark
});

const fresh = (path: string): void => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
};

const resultOf = async ({ hub, work }: Place, step: StepRun, seen: number): Promise<Job> => ({
  ...step,
  decision: step.outputs['decision'] ?? '',
  reason: step.outputs['reason-code'] ?? '',
  requests: hub.log.slice(seen),
  points: await readLines(join(work, 'points')),
  writes: Number((await readLines(join(work, 'writes'))).at(0) ?? 0)
});

const tidy = ({ work }: Place): void => {
  fresh(join(work, 'temporary'));
  for (const file of ['points', 'points.reached', 'writes']) rmSync(join(work, file), { force: true });
};

/** What jobs of these commands upload. */
const HANDS_ON: readonly CommandName[] = ['build', 'report'];

/** Small trees, so in one go. */
const replace = (from: string, to: string): void => {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
};

const handOn = ({ directory, work }: Place): void =>
  replace(join(work, 'workspace', '.delivery'), join(directory, 'artifact'));

interface Order {
  readonly step: Step;
  readonly scene: Scene;
  readonly handling: Handling;
}

const play = async (place: Place, { step, scene, handling }: Order): Promise<Job> => {
  const { hub, work } = place;
  const { environment = {}, kill, signal, dirty = false } = handling;
  if (!dirty) await prepare(place, step, scene.sha);
  tidy(place);
  const token = hub.token({ permissions: permissionsOf(step.command), run: scene.run });
  const seen = hub.log.length;
  const watched = ['DIE_AT_WRITE', 'WAIT_AT_WRITE', 'COUNT_WRITES'].some((name) => name in environment);
  const ended = await runAction({
    action: (watched ? DIES_AT_WRITE : MAIN).pathname,
    options: SPARING,
    inputs: { command: step.command, token, ...step.inputs },
    environment: { ...variablesOf(place, step, scene), ...environment },
    workspace: join(work, 'workspace'),
    temporary: join(work, 'temporary'),
    secrets: [token],
    ...(kill === undefined ? {} : { kill }),
    ...(signal === undefined ? {} : { signal })
  });
  if (HANDS_ON.includes(step.command) && ended.exitCode === 0) handOn(place);
  return resultOf(place, ended, seen);
};

const KEPT = ['target', 'artifact'];

const load = async ({ hub, directory }: Place, checkpoint: Checkpoint): Promise<void> => {
  await hub.load({ directory: join(checkpoint.directory, 'hub') });
  for (const name of KEPT) replace(join(checkpoint.directory, name), join(directory, name));
};

const save = async ({ hub, directory }: Place, to: string, scene: Scene): Promise<Checkpoint> => {
  await hub.save(join(to, 'hub'));
  for (const name of KEPT) replace(join(directory, name), join(to, name));
  return { directory: to, scene };
};

/** `directory` is emptied; what is beside it may be shared between stages. `mark` must be its own. */
export const openStage = async (directory: string, mark: string, options: HubOptions = {}): Promise<Stage> => {
  fresh(directory);
  for (const name of KEPT) await mkdir(join(directory, name));
  await writeFile(join(directory, 'event.json'), '{}');
  await mkdir(join(directory, 'hub'));
  const fixed = { directory: join(directory, 'hub'), visibility: 'private', hourlyLimit: 10_000_000 } as const;
  let door = options.door;
  const hub = await startHub({ ...fixed, ...options, door: async (target, run) => door?.(target, run) });
  const place: Place = { hub, directory, work: directory, mark, templates: new Map() };
  return {
    hub,
    mark,
    target: join(directory, 'target'),
    points: join(directory, 'points'),
    artifact: join(directory, 'artifact'),
    onRequest: (next) => {
      door = next;
    },
    load: (checkpoint) => load(place, checkpoint),
    save: (to, scene) => save(place, to, scene),
    job: (step, scene, handling = {}) =>
      play({ ...place, work: join(directory, handling.folder ?? '.') }, { step, scene, handling }),
    close: async () => {
      await hub.stop();
      await rm(directory, { recursive: true, force: true });
    }
  };
};
