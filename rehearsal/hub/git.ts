import { execFile, spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';

export interface GitObject {
  readonly oid: string;
  readonly type: 'commit' | 'tag' | 'tree' | 'blob';
  readonly content: Buffer;
}

export class GitError extends Error {}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** The bare repository. Reads go through one long-lived `git cat-file --batch`, writes through git itself. */
export interface Git {
  readonly directory: string;
  run(args: readonly string[], options?: RunOptions): Promise<string>;
  /** An object by id or by any revision git understands; undefined when there is none. */
  read(revision: string): Promise<GitObject | undefined>;
  /** For good: whoever comes late starts nothing that nobody would end. */
  stop(): void;
}

/** No configuration of the machine; git asks nobody for credentials. */
const CLEAN = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };

export const gitEnvironment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  // oxlint-disable-next-line node/no-process-env -- git needs the PATH it lives on
  PATH: process.env['PATH'],
  ...CLEAN,
  ...extra
});

const feed = (child: ChildProcess, input: string | Buffer): void => {
  const stdin = child.stdin;
  if (stdin === null) return;
  // git may close its input before reading all of it; its exit code tells
  stdin.on('error', () => undefined);
  stdin.end(input);
};

const runGit = (directory: string, args: readonly string[], options: RunOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      ['-C', directory, ...args],
      { env: gitEnvironment(options.env), maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new GitError(`git ${args[0] ?? ''}: ${stderr.trim()}`, { cause: error }));
      }
    );
    feed(child, options.input ?? '');
  });

const HEADER = /^([0-9a-f]{40}) (commit|tag|tree|blob) (\d+)$/;

const isType = (text: string): text is GitObject['type'] => ['commit', 'tag', 'tree', 'blob'].includes(text);

/** One answer at the start of `buffer`, and how many bytes it takes; undefined while it is incomplete. */
const parseAnswer = (buffer: Buffer): { readonly object?: GitObject; readonly length: number } | undefined => {
  const end = buffer.indexOf(10);
  if (end < 0) return undefined;
  const [, oid = '', type = '', size = ''] = HEADER.exec(buffer.subarray(0, end).toString('utf8')) ?? [];
  if (oid === '' || !isType(type)) return { length: end + 1 };
  const stop = end + 1 + Number(size);
  if (buffer.length < stop + 1) return undefined;
  return { object: { oid, type, content: Buffer.from(buffer.subarray(end + 1, stop)) }, length: stop + 1 };
};

interface Waiting {
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: Error) => void;
}

const createReader = (directory: string): { ask(revision: string): Promise<GitObject | undefined>; stop(): void } => {
  let child: ChildProcessWithoutNullStreams | undefined;
  let stopped = false;
  let pending = Buffer.alloc(0);
  const waiting: Waiting[] = [];
  const take = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk]);
    for (let answer = parseAnswer(pending); answer !== undefined; answer = parseAnswer(pending)) {
      pending = pending.subarray(answer.length);
      waiting.shift()?.resolve(answer.object);
    }
  };
  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn('git', ['-C', directory, 'cat-file', '--batch'], { env: gitEnvironment() });
    started.stdout.on('data', take);
    started.stdin.on('error', () => undefined);
    started.on('close', () => {
      if (child === started) child = undefined;
      for (const { reject } of waiting.splice(0)) reject(new GitError('git cat-file ended'));
    });
    return started;
  };
  return {
    ask: (revision) =>
      new Promise((resolve, reject) => {
        if (stopped) throw new GitError('git cat-file was stopped');
        child ??= start();
        waiting.push({ resolve, reject });
        child.stdin.write(`${revision}\n`);
      }),
    stop: () => {
      stopped = true;
      child?.stdin.end();
    }
  };
};

/** Names with line breaks or control characters exist in no repository; they would also break the batch protocol. */
const readable = (revision: string): boolean => revision !== '' && !/[\p{Cc}]/u.test(revision);

export const createGit = (directory: string): Git => {
  const reader = createReader(directory);
  return {
    directory,
    run: (args, options) => runGit(directory, args, options),
    read: async (revision) => (readable(revision) ? reader.ask(revision) : undefined),
    stop: () => reader.stop()
  };
};
