import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything the demo writes lies in here. */
export interface Folder {
  readonly root: string;
  /** Of the processes that "production" consists of: what they run from, their logs. */
  readonly state: string;
  readonly log: (name: string, text: string) => void;
  readonly result: (result: object) => void;
  /** A new, empty folder for one job. */
  readonly fresh: (name: string) => string;
  /** Leaves results and logs. */
  readonly tidy: () => void;
}

const writeInto = (folder: string, name: string, text: string): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
};

/** Begins empty: what an earlier demo left is removed. */
export const createFolder = (root: string): Folder => {
  const [state, work, logs] = [join(root, 'state'), join(root, 'work'), join(root, 'log')];
  rmSync(root, { recursive: true, force: true });
  for (const each of [state, work, logs]) mkdirSync(each, { recursive: true });
  return {
    root,
    state,
    log: (name, text) => writeInto(logs, `${name}.log`, text),
    result: (result) => writeInto(root, 'result.json', `${JSON.stringify(result, undefined, 2)}\n`),
    fresh: (name) => mkdtempSync(join(work, `${name}-`)),
    tidy: () => {
      for (const each of [work, state]) rmSync(each, { recursive: true, force: true });
    }
  };
};
