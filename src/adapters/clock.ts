import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** Timers hold at most this many milliseconds; longer ones would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const createClock = (signal: AbortSignal): Clock => ({
  now: () => new Date(),
  sleep: async (seconds) => {
    const milliseconds = Math.min(Math.max(0, seconds * 1000), LONGEST_TIMER_MS);
    try {
      await pause(milliseconds, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
  elapsed: () => performance.now() / 1000
});
