import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { refuse } from '../domain/refusal.ts';
import type { Shell, ShellResult, ShellTask } from '../ports.ts';
import { createRedactor } from './redact.ts';
import type { Redactor } from './redact.ts';
import { runnerTokens, scrub } from './shell-environment.ts';
import { stopGroup } from './shell-group.ts';
import { createLinePrinter } from './shell-lines.ts';
import { createOutbox } from './shell-outbox.ts';
import { messageOf } from './system-error.ts';

/** Seconds between TERM and KILL. GitHub gives a cancelled step 7.5 s in all. */
export interface Grace {
  readonly timeout: number;
  readonly cancel: number;
  /** For what a script that ended left running in its group. */
  readonly leftovers: number;
}

export interface ShellOptions {
  /** The step's environment; scripts get it scrubbed. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Standard output, unbuffered. */
  readonly write: (text: string) => void;
  /** Never printed, and never handed to a script. */
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
  /** A directory of this job. */
  readonly temporary: string;
  readonly grace?: Partial<Grace>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;
type Ending = ShellResult['ending'];

const GRACE: Grace = { timeout: 10, cancel: 3, leftovers: 5 };
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Output still in a pipe after the group ended; a daemon that left the group may hold the pipe open for ever. */
const DRAIN_MS = 200;
const DRAIN_ROUNDS = 10;

/** Like GitHub's `shell: bash`, with the script as an argument instead of a file. */
const BASH = ['--noprofile', '--norc', '-eo', 'pipefail', '-c'];

const start = async (task: ShellTask, environment: Record<string, string>): Promise<Child> => {
  if (process.platform === 'win32') throw refuse('internal', { problem: 'scripts need a Linux or macOS runner' });
  try {
    const child = spawn('bash', [...BASH, task.script], {
      cwd: task.directory,
      env: environment,
      detached: true, // a process group of its own: a signal reaches whatever the script started
      stdio: ['ignore', 'pipe', 'pipe']
    });
    await once(child, 'spawn');
    return child;
  } catch (error) {
    const problem = `bash cannot start in ${task.directory}: ${messageOf(error)}`;
    throw refuse('internal', { problem }, { cause: error });
  }
};

/** As shells do: 128 and the signal's number. */
const codeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

const exitOf = (child: Child): Promise<Ending> =>
  new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'exited', code: codeOf(code, signal) }));
  });

const abortOf = (signal: AbortSignal, settled: AbortSignal): Promise<Ending> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve({ kind: 'cancelled' });
    signal.addEventListener('abort', () => resolve({ kind: 'cancelled' }), { signal: settled });
  });

const deadlineOf = async (seconds: number, settled: AbortSignal): Promise<Ending> => {
  // the rejection of a settled race reaches nobody
  await pause(Math.min(seconds * 1000, LONGEST_TIMER_MS), undefined, { signal: settled }).catch(() => undefined);
  return { kind: 'timed-out', seconds };
};

const firstEnding = async (child: Child, seconds: number, signal: AbortSignal): Promise<Ending> => {
  const settled = new AbortController();
  try {
    return await Promise.race([exitOf(child), deadlineOf(seconds, settled.signal), abortOf(signal, settled.signal)]);
  } finally {
    settled.abort();
  }
};

const GRACE_OF: Record<Ending['kind'], keyof Grace> = {
  exited: 'leftovers',
  'timed-out': 'timeout',
  cancelled: 'cancel'
};

/** Monotonic milliseconds at which KILL follows; a cancel while we wait brings it nearer. */
const killTime = (ending: Ending, grace: Grace, signal: AbortSignal): (() => number) => {
  const now = performance.now();
  let deadline = now + grace[GRACE_OF[ending.kind]] * 1000;
  signal.addEventListener(
    'abort',
    () => {
      deadline = Math.min(deadline, performance.now() + grace.cancel * 1000);
    },
    { once: true }
  );
  return () => deadline;
};

interface Streams {
  /** Resolves when everything was printed, or nothing more is to be expected. */
  drain(): Promise<void>;
}

const printOutput = (child: Child, redactor: Redactor, write: (text: string) => void): Streams => {
  let seen = 0;
  const printers = [child.stdout, child.stderr].map((stream) => {
    const printer = createLinePrinter(redactor, write);
    stream.on('data', (chunk: Buffer) => {
      seen += chunk.length;
      printer.push(chunk);
    });
    return printer;
  });
  const closed = once(child, 'close').then(() => true);
  const drain = async (): Promise<void> => {
    for (let round = 0; round < DRAIN_ROUNDS; round++) {
      const before = seen;
      const done = await Promise.race([closed, pause(DRAIN_MS, false)]);
      if (done || seen === before) break;
    }
    child.stdout.destroy();
    child.stderr.destroy();
    for (const printer of printers) printer.end();
  };
  return { drain };
};

const supervise = async (
  child: Child,
  task: ShellTask,
  options: ShellOptions & { redactor: Redactor }
): Promise<Ending> => {
  const streams = printOutput(child, options.redactor, options.write);
  const ending = await firstEnding(child, task.timeoutSeconds, options.signal);
  const deadline = killTime(ending, { ...GRACE, ...options.grace }, options.signal);
  const stopped = child.pid === undefined || (await stopGroup(child.pid, deadline));
  await streams.drain();
  // going on would put a second deployment beside one that still runs
  if (!stopped) throw refuse('internal', { problem: `processes of "${task.label}" cannot be stopped` });
  return ending;
};

/** While a script runs the runner obeys no command at all; only this fresh word, unknown to the script, ends that. */
const withoutCommands = async <T>(write: (text: string) => void, work: () => Promise<T>): Promise<T> => {
  const word = randomUUID();
  write(`::stop-commands::${word}\n`);
  try {
    return await work();
  } finally {
    write(`::${word}::\n`);
  }
};

/**
 * Runs scripts by bash, one at a time. A daemon that must outlive its script has to leave the process group (`setsid`)
 * and to redirect its output; on a self-hosted runner it also needs `RUNNER_TRACKING_ID=""`.
 */
export const createShell = (options: ShellOptions): Shell => {
  const redactor = createRedactor([...options.secrets, ...runnerTokens(options.environment)]);
  const run = async (task: ShellTask): Promise<ShellResult> => {
    if (options.signal.aborted) return { ending: { kind: 'cancelled' } };
    const outbox = await createOutbox(options.temporary, redactor);
    const environment = { ...scrub(options.environment, redactor), ...task.variables, DELIVERY_OUTPUT: outbox.file };
    try {
      const child = await start(task, environment);
      const ending = await withoutCommands(options.write, () => supervise(child, task, { ...options, redactor }));
      return { ending, ...(await outbox.read()) };
    } finally {
      await outbox.remove();
    }
  };
  return { run };
};
