import { mkdtemp, rm } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { refuse } from '../../domain/refusal.ts';
import { createRedactor } from '../redact.ts';
import { credential, gitEnvironment, type Setting } from './environment.ts';
import { type Git, createGit, demand } from './git.ts';

export interface HistoryOptions {
  /** The checkout. It is only read: nothing in it, `.git` included, is changed. */
  readonly workspace: string;
  /** Where missing history is fetched to, and removed again. */
  readonly temporary: string;
  readonly serverUrl: string;
  /** Sent to `serverUrl` only. Absent or empty: remotes are asked without it. */
  readonly token?: string;
  /** The variables of the step. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** For one call to the remote; 120 when absent. */
  readonly networkSeconds?: number;
  /** Pauses before a failed call to the remote is made again, in milliseconds; [1000, 3000] when absent. */
  readonly retryMilliseconds?: readonly number[];
}

/** A repository of our own beside the checkout, holding commits fetched from its remote. */
export interface Scratch {
  readonly git: Git;
  readonly directory: string;
}

/** Whether a file operation failed because something is not there. */
export const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

export interface Remote {
  readonly url: string;
  readonly settings: readonly Setting[];
}

/** An address as the scratch repository may use it: a path relative to the checkout made absolute. */
const address = (workspace: string, url: string): string =>
  isAbsolute(url) || url.includes(':') ? url : resolve(workspace, url);

/** `origin`, or the only remote there is. */
export const findRemote = async (git: Git, workspace: string): Promise<Remote | undefined> => {
  const { output } = await git({
    args: ['config', '-z', '--get-regexp', '^(remote[.].*[.]url|core[.]sshcommand)$']
  });
  const entries = output.split('\0').map((entry): Setting => {
    const at = entry.indexOf('\n');
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  const urls = new Map<string, string>();
  for (const [key, value] of entries) if (key.endsWith('.url') && !urls.has(key)) urls.set(key, value);
  const url = urls.get('remote.origin.url') ?? (urls.size === 1 ? [...urls.values()][0] : undefined);
  if (url === undefined) return undefined;
  return { url: address(workspace, url), settings: entries.filter(([key]) => key === 'core.sshcommand') };
};

const LOCAL_SECONDS = 300;
const NETWORK_SECONDS = 120;

export const workspaceGit = (options: HistoryOptions): Git =>
  createGit({
    directory: options.workspace,
    environment: gitEnvironment(options, []),
    signal: options.signal,
    deadlineSeconds: LOCAL_SECONDS,
    redactor: createRedactor([options.token ?? ''])
  });

/** `none` = commits alone; `blobs` = commits and directories, which path filters need. */
export type Depth = 'tree:0' | 'blob:none';

export interface ScratchPlan {
  readonly remote: Remote;
  readonly filter: Depth;
  /** The head: its length tells the hash the repository uses. */
  readonly head: string;
}

const scratchSettings = (options: HistoryOptions, { remote, filter }: ScratchPlan): readonly Setting[] => [
  ...remote.settings,
  ['remote.origin.url', remote.url],
  ['remote.origin.promisor', 'true'],
  ['remote.origin.partialclonefilter', filter],
  ['protocol.version', '2'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ...credential(options.serverUrl, options.token)
];

/** Gives `work` an empty repository whose `origin` is the checkout's remote; it is gone afterwards. */
export const withScratch = async <T>(
  options: HistoryOptions,
  plan: ScratchPlan,
  work: (scratch: Scratch) => Promise<T>
): Promise<T> => {
  const directory = await mkdtemp(join(options.temporary, 'history-'));
  try {
    const git = createGit({
      directory,
      environment: { ...gitEnvironment(options, scratchSettings(options, plan)), GIT_DIR: directory },
      signal: options.signal,
      deadlineSeconds: options.networkSeconds ?? NETWORK_SECONDS,
      redactor: createRedactor([options.token ?? ''])
    });
    const hash = plan.head.length === 64 ? 'sha256' : 'sha1';
    const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${hash}`, '--initial-branch=none'];
    await demand(git, { args }, 'no room for the history');
    return await work({ git, directory });
  } catch (error) {
    if (isMissing(error))
      throw refuse('history-unknown', { problem: `${options.temporary} is no directory` }, { cause: error });
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
