import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const ENDED_WITHIN_MS = 2000;

/** The parent of a process that runs (a zombie does not); Linux only. */
const parentOf = (pid: number): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    // it ended while we looked
    return undefined;
  }
};

const isRunning = (pid: number): boolean => parentOf(pid) !== undefined;

const parents = (): Map<number, number> => {
  const known = new Map<number, number>();
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const parent = parentOf(pid);
    if (parent !== undefined) known.set(pid, parent);
  }
  return known;
};

const descendants = (root: number, known: ReadonlyMap<number, number>): number[] => {
  const children = [...known].filter(([, parent]) => parent === root).map(([pid]) => pid);
  return children.flatMap((child) => [child, ...descendants(child, known)]);
};

const signal = (pid: number, name: 'SIGSTOP' | 'SIGKILL'): void => {
  try {
    process.kill(pid, name);
  } catch {
    // it ended before
  }
};

/** Stops the process and all below it; looks until nobody is new, for whoever was not stopped yet may have had a child. */
const freeze = (root: number): readonly number[] => {
  const stopped = new Set<number>();
  for (;;) {
    const fresh = [root, ...descendants(root, parents())].filter((pid) => !stopped.has(pid));
    if (fresh.length === 0) return [...stopped];
    for (const pid of fresh) {
      signal(pid, 'SIGSTOP');
      stopped.add(pid);
    }
  }
};

/** What a lost machine does to a step: the process and all below it end at once, unasked. */
export const killTree = async (root: number): Promise<void> => {
  const all = freeze(root);
  for (const pid of all) signal(pid, 'SIGKILL');
  const deadline = performance.now() + ENDED_WITHIN_MS;
  while (all.some(isRunning) && performance.now() < deadline) await pause(5);
};
