import { afterAll } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistory } from '../../../src/adapters/history/history.ts';
import type { HistoryOptions } from '../../../src/adapters/history/scratch.ts';
import type { HistoryAnswer } from '../../../src/domain/history.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import { tagForm } from '../../../src/domain/version.ts';
import type { History } from '../../../src/ports.ts';
import { checkout, environment } from './random-history.ts';
import type { Graph, Node, Origin } from './random-history.ts';

export const QUESTION = { form: tagForm('v{version}'), paths: [], accepts: () => true };

interface Places {
  readonly root: string;
  readonly scratch: string;
  /** A path where nothing is yet. */
  readonly fresh: () => string;
  readonly historyIn: (workspace: string, options?: Partial<HistoryOptions>) => History;
  readonly read: (workspace: string, options?: Partial<HistoryOptions>) => Promise<HistoryAnswer>;
  /** A checkout of the newest commit alone. */
  readonly shallow: (origin: Origin) => string;
}

/** A folder for the repositories of one suite, gone when it ends. */
export const places = (suite: string): Places => {
  const root = mkdtempSync(join(tmpdir(), `${suite}-`));
  const scratch = join(root, 'scratch');
  mkdirSync(scratch);
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let counter = 0;
  const fresh = (): string => join(root, `place-${(counter += 1)}`);
  const historyIn: Places['historyIn'] = (workspace, options = {}) =>
    createHistory({
      workspace,
      temporary: scratch,
      serverUrl: 'https://github.com',
      environment,
      signal: new AbortController().signal,
      retryMilliseconds: [],
      ...options
    });
  return {
    root,
    scratch,
    fresh,
    historyIn,
    read: (workspace, options) => historyIn(workspace, options).read(QUESTION),
    shallow: (origin) => checkout(origin, last(origin), { into: fresh(), depth: 1 })
  };
};

export const problemOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return JSON.stringify(error.reason);
    throw error;
  }
  return 'no refusal';
};

export const node = (message: string, parents: readonly number[], when = 0): Node => ({
  parents,
  when: 1_700_000_000 + when,
  files: new Map([['a.txt', `${message.length} ${when}`]]),
  message
});

/** A straight line of commits with version tags on some of them. */
export const line = (length: number, tags: Readonly<Record<string, number>>): Graph => ({
  nodes: Array.from({ length }, (_, index) => node(`fix: ${index}\n`, index === 0 ? [] : [index - 1], index)),
  tags: new Map(Object.entries(tags)),
  annotated: new Set()
});

export const last = ({ shas }: Origin): string => shas.at(-1) ?? '';
