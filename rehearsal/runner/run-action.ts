import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createMasks } from './masks.ts';
import type { Masks } from './masks.ts';
import { killTree } from './process-tree.ts';
import { createStepFiles, readStepFiles } from './step-files.ts';
import type { Handed } from './step-files.ts';
import { createListener } from './transcript.ts';
import type { Annotation, Listener } from './transcript.ts';
import type { RunnerCommand } from './grammar.ts';

export interface ActionStep {
  /** Path of the action's `main`. */
  readonly action: string;
  /** Default: the Node that runs us. */
  readonly node?: string;
  /** Options of Node's own, before the action's path. Default: none. */
  readonly options?: readonly string[];
  /** `with:`, defaults of `action.yml` filled in by the caller. */
  readonly inputs: Readonly<Record<string, string>>;
  /** `surroundingsOf(...)` and the `env:` of workflow, job and step; nothing of our own environment but PATH and HOME gets in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** `RUNNER_TEMP` */
  readonly temporary: string;
  /** Values GitHub masks from the start: the job's token and its secrets. */
  readonly secrets?: readonly string[];
  /** Cancels the step as the runner does: SIGINT, after 7.5 s SIGTERM, after 2.5 s more the end of the tree. */
  readonly signal?: AbortSignal;
  /** The machine is lost: step and children end at once. */
  readonly kill?: AbortSignal;
  /** Default: 7.5 s and 2.5 s, in milliseconds. */
  readonly patience?: { readonly interrupt: number; readonly terminate: number };
}

export interface StepRun extends Handed {
  /** 128 and the signal's number when a signal ended it. */
  readonly exitCode: number;
  /** Every byte of stdout and stderr in the order it arrived, before masks and commands. */
  readonly log: string;
  /** The lines people see. */
  readonly printed: readonly string[];
  readonly annotations: readonly Annotation[];
  /** Commands the step should not have sent; forged ones show up here. */
  readonly forbidden: readonly RunnerCommand[];
  readonly durationMs: number;
}

/** Secrets of the runner that an action sees and no script may; tests look for them everywhere. */
export const RUNNER_CANARIES: Readonly<Record<string, string>> = {
  ACTIONS_RUNTIME_TOKEN: 'canary-runtime-token-4f1d',
  ACTIONS_RUNTIME_URL: 'https://pipelines.invalid/canary-runtime-url/',
  ACTIONS_RESULTS_URL: 'https://results.invalid/canary-results-url/',
  ACTIONS_CACHE_URL: 'https://cache.invalid/canary-cache-url/',
  ACTIONS_CACHE_SERVICE_V2: 'True',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.invalid/canary-id-token-url',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'canary-id-token-9c2e'
};

const inputVariables = (inputs: ActionStep['inputs']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])
  );

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** stdout and stderr to the listener and into the log. */
const listen = (child: Child, listener: Listener): (() => string) => {
  const chunks: Buffer[] = [];
  for (const source of [child.stdout, child.stderr]) {
    const stream = listener.stream();
    source.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      stream.push(chunk);
    });
    source.once('end', () => stream.end());
  }
  return () => Buffer.concat(chunks).toString('utf8');
};

const DEFAULT_PATIENCE = { interrupt: 7500, terminate: 2500 };

interface Listening {
  readonly signal: AbortSignal | undefined;
  /** Listens no longer than this. */
  readonly until: AbortSignal;
}

const onAbort = ({ signal, until }: Listening, act: () => void): void => {
  if (signal?.aborted === true) act();
  signal?.addEventListener('abort', act, { once: true, signal: until });
};

/** Carries out cancel and loss of the machine; what it returns ends that, and waits for what was killed. */
const guard = (child: Child, step: ActionStep): (() => Promise<unknown>) => {
  const { interrupt, terminate } = step.patience ?? DEFAULT_PATIENCE;
  const killed: Promise<void>[] = [];
  const end = (): void => {
    if (child.pid !== undefined) killed.push(killTree(child.pid));
  };
  const timers: NodeJS.Timeout[] = [];
  const over = new AbortController();
  onAbort({ signal: step.signal, until: over.signal }, () => {
    child.kill('SIGINT');
    timers.push(
      setTimeout(() => child.kill('SIGTERM'), interrupt),
      setTimeout(end, interrupt + terminate)
    );
  });
  onAbort({ signal: step.kill, until: over.signal }, end);
  return () => {
    over.abort();
    timers.forEach(clearTimeout);
    return Promise.all(killed);
  };
};

const exitCodeOf = (child: Child): number =>
  child.exitCode ?? 128 + (child.signalCode === null ? 0 : constants.signals[child.signalCode]);

const masksOf = (step: ActionStep): Masks => {
  const masks = createMasks();
  for (const secret of [...(step.secrets ?? []), RUNNER_CANARIES['ACTIONS_RUNTIME_TOKEN'] ?? '']) masks.add(secret);
  return masks;
};

const environmentOf = (step: ActionStep, files: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? step.temporary,
  ...RUNNER_CANARIES,
  RUNNER_TEMP: step.temporary,
  GITHUB_WORKSPACE: step.workspace,
  ...step.environment,
  ...inputVariables(step.inputs),
  ...files
});

/** How long the runner reads on after the process ended; a daemon may hold its streams open. */
const STREAMS_MS = 5000;

const ended = async (child: Child): Promise<void> => {
  const closed = once(child, 'close');
  await once(child, 'exit');
  const patience = new AbortController();
  await Promise.race([closed, pause(STREAMS_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  child.stdout.destroy();
  child.stderr.destroy();
};

/** Runs a JavaScript action's `main` as GitHub's runner would, as a real process, and reads what it said by the runner's rules. */
export const runAction = async (step: ActionStep): Promise<StepRun> => {
  await mkdir(step.temporary, { recursive: true });
  const files = await createStepFiles(step.temporary);
  const masks = masksOf(step);
  const listener = createListener(masks);
  const started = performance.now();
  const child = spawn(step.node ?? process.execPath, [...(step.options ?? []), step.action], {
    cwd: step.workspace,
    env: environmentOf(step, files),
    stdio: ['ignore', 'pipe', 'pipe']
  });
  const log = listen(child, listener);
  await once(child, 'spawn');
  const release = guard(child, step);
  await ended(child);
  await release();
  const durationMs = performance.now() - started;
  const handed = await readStepFiles(files, masks);
  return { ...handed, ...listener.transcript, exitCode: exitCodeOf(child), log: log(), durationMs };
};
