import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from './system-error.ts';

const POLL_MS = 20;
/** How long the kernel may take to remove processes after KILL. */
const KILLED_WITHIN_MS = 2000;

/** False when nothing of the group is left to signal. */
const signalGroup = (group: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // EPERM: members exist but belong to somebody else (sudo)
    return codeOf(error) === 'EPERM';
  }
};

/** `pid (name) state parent group ...`; the name may hold anything, so it is cut off at its last parenthesis. */
const isLiveMember = (pid: string, group: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , owner] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return owner === String(group) && state !== 'Z' && state !== 'X';
  } catch {
    return false; // it ended while we looked
  }
};

/** In a container without an init, ended members stay zombies for ever: signals still reach them, nothing runs. */
const onlyZombies = (group: number): boolean =>
  process.platform === 'linux' &&
  !readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && isLiveMember(entry, group));

export const isGroupAlive = (group: number): boolean => signalGroup(group, 0) && !onlyZombies(group);

/** True when the group ended by `until` (monotonic milliseconds, read again each time). */
const endsBy = async (group: number, until: () => number): Promise<boolean> => {
  while (isGroupAlive(group)) {
    if (performance.now() >= until()) return false;
    await pause(POLL_MS);
  }
  return true;
};

/**
 * TERM to every process of the group, KILL to what is left at `deadline`. False when even that left something
 * running, which happens only to processes of another user.
 */
export const stopGroup = async (group: number, deadline: () => number): Promise<boolean> => {
  if (!isGroupAlive(group)) return true;
  signalGroup(group, 'SIGTERM');
  if (await endsBy(group, deadline)) return true;
  signalGroup(group, 'SIGKILL');
  const killed = performance.now() + KILLED_WITHIN_MS;
  return endsBy(group, () => killed);
};
