import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, jest } from '@jest/globals';
import { parsePayload } from '../../src/config/payload.ts';
import type { Payload } from '../../src/domain/deployment.ts';
import { openRehearsal } from '../../rehearsal/engine/index.ts';
import type { JobView, Rehearsal, RehearsalOptions, RunView } from '../../rehearsal/engine/index.ts';
import type { DeploymentSnapshot, Saved } from '../../rehearsal/hub/index.ts';
import { judge } from './judge.ts';
import { CONFIG, DELIVERY, EXECUTABLE, PROJECT, template } from './project.ts';

// whole lines of real processes, beside whatever else the machine does: only what hangs runs into these
jest.setTimeout(240_000);
const PATIENCE_MS = 100_000;

export interface Stage extends Rehearsal {
  readonly target: string;
  /** A file of the target's own folder: marks that hold a build or let a deployment go on. */
  mark(name: string, content?: string): Promise<void>;
  unmark(name: string): Promise<void>;
  /** Waits until a script has left this file. */
  marked(name: string): Promise<string>;
  /** What really runs there; empty where nothing was ever put. */
  running(environment: string): Promise<string>;
  /** Every deployment that touched the target, oldest first: `deploy 0.1.0`. */
  touched(environment: string): Promise<readonly string[]>;
  /** Pushes one change to main and gives the one run it starts. */
  deliver(message: string, files?: Readonly<Record<string, string | null>>): Promise<RunView>;
  /** Each job with how it ended and what our step said: `success done/delivered`. */
  told(run: RunView): Record<string, string>;
  /** The deployment records, oldest first: `0.2.0 deploy after 0.1.0 by bruno: ACTIVE`. */
  records(environment: string): Promise<readonly string[]>;
  /** What the newest record of an environment carries. */
  payload(environment: string): Promise<Payload>;
  /** Somebody opens the issue that stops the line. */
  stopTheLine(title: string): Promise<void>;
  /** Somebody closes every issue that stops the line; how many there were. */
  resume(): Promise<number>;
  /** The names of the API calls of a job, in order. */
  operations(run: RunView, job: string): readonly string[];
}

export type StageOptions = Omit<RehearsalOptions, 'files' | 'hub'> & {
  readonly files?: Readonly<Record<string, string>>;
  readonly from?: Past;
  readonly hub?: RehearsalOptions['hub'];
};

/** The rules most scenarios begin with. */
export const GATED = { staging: {}, production: { reviewers: ['bruno', 'clara'] } };

/** What a team has after it followed docs/templates.md. */
export const LINE: Readonly<Record<string, string>> = {
  ...PROJECT,
  [CONFIG]: DELIVERY,
  ...template('continuous-delivery'),
  ...template('deploy-version'),
  ...template('delivery-doctor')
};

/** The job of deploy-version.yml that writes the card. */
export const CARD = 'what the button ships';

const opened: Stage[] = [];
const folders: string[] = [];

/** Each job starts the action anew; what Node compiled of it once need not be compiled again. */
let compiled: Promise<string> | undefined;

export const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'scenario-'));
  folders.push(folder);
  return folder;
};

afterEach(async () => {
  for (const stage of opened.splice(0)) {
    try {
      await judge(stage);
    } finally {
      await stage.close();
    }
  }
});
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const ours = (deployments: readonly DeploymentSnapshot[], environment: string) =>
  deployments
    .filter((each) => each.environment === environment)
    .map((record) => {
      const payload = parsePayload(record.payload);
      if (payload === undefined) throw new Error(`record ${record.id} is not ours`);
      return { ...record, payload };
    });

const lineOf = ({ state, payload }: { readonly state: string; readonly payload: Payload }): string => {
  const { version, kind, previous, approvedBy } = payload;
  const after = previous === null ? '' : ` after ${previous}`;
  const by = approvedBy.length === 0 ? '' : ` by ${approvedBy.join(' and ')}`;
  return `${version} ${kind}${after}${by}: ${state}`;
};

/** The step that runs the action: the only one with a decision. */
export const saidBy = ({ steps }: JobView): Readonly<Record<string, string>> =>
  steps.find(({ outputs }) => outputs['decision'] !== undefined)?.outputs ?? {};

const toldBy = (job: JobView): string => {
  const { decision, 'reason-code': reason } = saidBy(job);
  const end = job.conclusion ?? job.status;
  return decision === undefined ? end : `${end} ${decision}/${reason}`;
};

const targetOf = (target: string): Pick<Stage, 'target' | 'mark' | 'unmark' | 'marked' | 'running' | 'touched'> => {
  const read = (...path: readonly string[]): Promise<string> => readFile(join(target, ...path), 'utf8').catch(() => '');
  return {
    target,
    mark: (name, content = '') => writeFile(join(target, name), content),
    unmark: (name) => rm(join(target, name), { force: true }),
    marked: async (name) => {
      while ((await stat(join(target, name)).catch(() => undefined)) === undefined) await pause(20);
      return read(name);
    },
    running: async (environment) => (await read(environment, 'live')).trim(),
    touched: async (environment) => (await read(environment, 'history')).split('\n').filter((line) => line !== '')
  };
};

const looksOf = (rehearsal: Rehearsal): Pick<Stage, 'told' | 'records' | 'payload' | 'operations'> => {
  const recordsOf = async (environment: string) => ours((await rehearsal.hub.snapshot()).deployments, environment);
  return {
    told: (run) => Object.fromEntries(rehearsal.jobs(run).map((job) => [job.key, toldBy(job)])),
    records: async (environment) => (await recordsOf(environment)).map(lineOf),
    payload: async (environment) => {
      const newest = (await recordsOf(environment)).at(-1);
      if (newest === undefined) throw new Error(`${environment} has no record`);
      return newest.payload;
    },
    operations: (run, job) => rehearsal.calls(run, job).map(({ operation }) => operation)
  };
};

/** As a person does it on the page of the repository, with a token of their own. */
const issuesOf = ({ hub }: Rehearsal): Pick<Stage, 'stopTheLine' | 'resume'> => {
  const ask = async (method: string, path: string, body: object): Promise<void> => {
    const reply = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}${path}`, {
      method,
      headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body)
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  };
  return {
    stopTheLine: (title) => ask('POST', '/issues', { title, labels: ['line-stopped'] }),
    resume: async () => {
      const { issues } = await hub.snapshot();
      const stops = issues.filter(({ state, labels }) => state === 'open' && labels.includes('line-stopped'));
      for (const { number } of stops) await ask('PATCH', `/issues/${number}`, { state: 'closed' });
      return stops.length;
    }
  };
};

/** A repository and its target, put aside after something was delivered: scenarios begin with copies of it. */
export interface Past {
  readonly saved: Saved;
  readonly target: string;
}

/** A repository with the copied workflows, the real action, and a target of its own; closed and judged after the test. */
export const openStage = async ({ from, ...options }: StageOptions = {}): Promise<Stage> => {
  const target = await newFolder();
  if (from !== undefined) await cp(from.target, target, { recursive: true });
  const rehearsal = await openRehearsal({
    actionMap: { 'OWNER/esteira': process.cwd() },
    executable: EXECUTABLE,
    machineEnvironment: { TARGET: target, NODE_COMPILE_CACHE: await (compiled ??= newFolder()) },
    ...(from === undefined ? { environments: GATED } : {}),
    ...options,
    files: options.files ?? (from === undefined ? LINE : {}),
    hub: { ...options.hub, ...(from === undefined ? {} : { from: from.saved }) }
  });
  const stage: Stage = {
    ...rehearsal,
    waitFor: (run, what, withinMs = PATIENCE_MS) => rehearsal.waitFor(run, what, withinMs),
    ...issuesOf(rehearsal),
    ...targetOf(target),
    ...looksOf(rehearsal),
    deliver: async (message, files = { 'change.txt': `${message}\n` }) => {
      const { runs } = await rehearsal.push(files, message);
      const [run] = runs;
      if (run === undefined || runs.length > 1) throw new Error(`${runs.length} runs`);
      return run;
    }
  };
  opened.push(stage);
  return stage;
};

/** The shop after so many versions went all the way; made once for the scenarios of a file. */
export const past = (versions: number, options: StageOptions = {}): (() => Promise<Past>) => {
  let made: Promise<Past> | undefined;
  const make = async (): Promise<Past> => {
    const stage = await openStage(options);
    for (let at = 1; at <= versions; at++) {
      const run = await stage.deliver(`feat: change ${at}`);
      if (options.environments === undefined) {
        await stage.waitFor(run, { environment: 'production' });
        stage.approve(run, 'production', 'bruno');
      }
      await stage.waitFor(run, 'completed');
    }
    const [saved, target] = [await stage.hub.save(await newFolder()), await newFolder()];
    await cp(stage.target, target, { recursive: true });
    return { saved, target };
  };
  return () => (made ??= make());
};
