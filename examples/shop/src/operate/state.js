import { existsSync } from 'node:fs';
import { readFile, readlink, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What belongs to one environment on this machine: its log, the files that run, and the file naming the process. */
export const stateFolder = (environment, root = process.env.SHOP_STATE ?? join(tmpdir(), 'shop')) =>
  join(root, environment);

/** `{ pid, port, version, files }` of what serves the environment, or undefined. */
export const readCurrent = async (folder) => {
  try {
    return JSON.parse(await readFile(join(folder, 'current.json'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Readers see the old file or the new one, never half of it. */
export const writeCurrent = async (folder, current) => {
  const next = join(folder, `current.${process.pid}.json`);
  await writeFile(next, JSON.stringify(current));
  await rename(next, join(folder, 'current.json'));
};

const hasProc = existsSync('/proc/self/cwd');

/** Linux tells where a process works: so a number given to another process by now, or one that only awaits burial, is not ours. */
const worksIn = async (pid, files) => {
  if (!hasProc) return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')).startsWith(files);
};

/** Whether the process that served from `files` still runs. */
export const isAlive = async ({ pid, files }) => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return worksIn(pid, files);
};
