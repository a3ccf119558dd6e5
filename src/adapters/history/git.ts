import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { refuse } from '../../domain/refusal.ts';
import type { Redactor } from '../redact.ts';

/** How git is run: everything it may see, and how long it may take. */
export interface GitSetting {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly deadlineSeconds: number;
  /** Hides what a server said back. */
  readonly redactor: Redactor;
}

export interface GitCall {
  readonly args: readonly string[];
  /** Written to standard input; values of unbounded number never travel on the command line. */
  readonly input?: string;
  /** Takes standard output piece by piece instead of keeping it. */
  readonly sink?: (piece: Buffer) => void;
}

export interface GitEnding {
  readonly code: number;
  /** Empty when a sink took it. */
  readonly output: string;
  /** The last words on standard error, for people. */
  readonly problem: string;
}

export type Git = (call: GitCall) => Promise<GitEnding>;

const STDERR_LIMIT = 4096;

/** Keeps the last `STDERR_LIMIT` bytes: git says what went wrong at the end. */
const lastWords = (stream: Readable): (() => string) => {
  let kept = Buffer.alloc(0);
  stream.on('data', (piece: Buffer) => {
    kept = Buffer.concat([kept, piece]).subarray(-STDERR_LIMIT);
  });
  return () => kept.toString('utf8').trim();
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Stops git and the transport helpers it started; they share its process group. */
const stop = (child: Child): void => {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
};

const start = (setting: GitSetting, call: GitCall): Child =>
  spawn('git', call.args, {
    cwd: setting.directory,
    env: setting.environment,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe']
  });

const feed = (child: Child, input: string | undefined): void => {
  // A git that ends before it has read everything is judged by its exit code, not by the broken pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
};

type Cut = 'cancelled' | 'too-slow' | undefined;

const verdict = (cut: Cut, setting: GitSetting, call: GitCall): Error | undefined => {
  const name = `git ${call.args.find((arg) => !arg.startsWith('-')) ?? ''}`;
  switch (cut) {
    case 'cancelled':
      return refuse('cancelled', { command: name });
    case 'too-slow':
      return refuse('history-unknown', { problem: `${name} took longer than ${setting.deadlineSeconds} s` });
    case undefined:
      return undefined;
  }
};

const missing = (error: Error): Error =>
  refuse('history-unknown', { problem: `git could not be started (${error.message})` }, { cause: error });

/**
 * Runs git without a shell. A non-zero exit is an answer, not an error; only a git that cannot start, is cancelled or
 * overruns its deadline throws (`history-unknown`, `cancelled`).
 */
export const createGit =
  (setting: GitSetting): Git =>
  (call) =>
    new Promise((resolve, reject) => {
      const child = start(setting, call);
      let cut: Cut;
      const cutOff = (why: Cut) => (): void => {
        cut ??= why;
        stop(child);
      };
      const cancel = cutOff('cancelled');
      const timer = setTimeout(cutOff('too-slow'), setting.deadlineSeconds * 1000);
      const pieces: Buffer[] = [];
      const problem = lastWords(child.stderr);
      child.stdout.on('data', call.sink ?? ((piece: Buffer) => void pieces.push(piece)));
      child.once('error', (error) => reject(missing(error)));
      child.once('close', (code) => {
        clearTimeout(timer);
        setting.signal.removeEventListener('abort', cancel);
        const error = verdict(cut, setting, call);
        if (error !== undefined) reject(error);
        else
          resolve({
            code: code ?? 1,
            output: Buffer.concat(pieces).toString('utf8'),
            problem: setting.redactor.redact(problem())
          });
      });
      setting.signal.addEventListener('abort', cancel);
      if (setting.signal.aborted) cancel();
      feed(child, call.input);
    });

/** Runs git where only success will do; `what` says what we wanted, in the refusal. */
export const demand = async (git: Git, call: GitCall, what: string): Promise<string> => {
  const ending = await git(call);
  if (ending.code !== 0) throw refuse('history-unknown', { problem: `${what} (git said: ${ending.problem})` });
  return ending.output;
};
