import { readFileSync, readdirSync } from 'node:fs';

/** Parent of every live process; Linux only. */
const parents = (): Map<number, number> => {
  const known = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
      known.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // it ended while we looked
    }
  }
  return known;
};

const descendants = (root: number, known: ReadonlyMap<number, number>): number[] => {
  const children = [...known].filter(([, parent]) => parent === root).map(([pid]) => pid);
  return children.flatMap((child) => [child, ...descendants(child, known)]);
};

/** What a lost machine does to a step: the process and all below it end at once, unasked. */
export const killTree = (root: number): void => {
  const all = [root, ...descendants(root, parents())];
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended before
    }
  }
};
