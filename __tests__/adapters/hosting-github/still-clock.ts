import type { Clock } from '../../../src/ports.ts';

export interface StillClock extends Clock {
  readonly slept: number[];
}

/** Time passes only by sleeping. */
export const stillClock = (start = '2026-11-23T12:00:00Z'): StillClock => {
  const slept: number[] = [];
  const passed = (): number => slept.reduce((sum, seconds) => sum + seconds, 0);
  return {
    slept,
    now: () => new Date(Date.parse(start) + passed() * 1000),
    sleep: async (seconds) => void slept.push(seconds),
    elapsed: passed
  };
};
