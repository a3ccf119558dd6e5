import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything the demo writes lies in here. */
export interface Folder {
  readonly root: string;
  /** Of the processes that "production" consists of: what they run from, their logs. */
  readonly state: string;
  readonly log: (name: string, text: string) => void;
  readonly result: (result: object) => void;
  /** Keeps a copy of a folder with everything in it. */
  readonly keep: (name: string, from: string) => void;
  /** A new, empty folder for one job. */
  readonly fresh: (name: string) => string;
  /** Leaves results, logs and what was kept. */
  readonly tidy: () => void;
}

export class Occupied extends Error {}

const writeInto = (folder: string, name: string, text: string): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The other demo that plays in this folder right now. */
const occupant = (file: string): number | undefined => {
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return pid > 0 && isAlive(pid) ? pid : undefined;
};

/** Begins empty: what an earlier demo left is removed. Throws `Occupied` while another one plays there. */
export const createFolder = (root: string): Folder => {
  const [state, work, logs] = [join(root, 'state'), join(root, 'work'), join(root, 'log')];
  const other = occupant(join(root, 'pid'));
  if (other !== undefined) throw new Occupied(`another demo (process ${other}) plays in ${root} right now`);
  rmSync(root, { recursive: true, force: true });
  for (const each of [state, work, logs]) mkdirSync(each, { recursive: true });
  writeInto(root, 'pid', String(process.pid));
  return {
    root,
    state,
    log: (name, text) => writeInto(logs, `${name}.log`, text),
    result: (result) => writeInto(root, 'result.json', `${JSON.stringify(result, undefined, 2)}\n`),
    keep: (name, from) => cpSync(from, join(root, name), { recursive: true }),
    fresh: (name) => mkdtempSync(join(work, `${name}-`)),
    tidy: () => {
      for (const each of [work, state, join(root, 'pid')]) rmSync(each, { recursive: true, force: true });
    }
  };
};
