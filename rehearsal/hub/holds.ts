import { matches } from './faults.ts';
import type { FaultMatch, Target } from './faults.ts';

/** Requests that wait for each other, so that a race is run and not hoped for. */
export interface Hold {
  readonly match: FaultMatch;
  /** The first so many wait until all of them have come; later ones pass. */
  readonly requests: number;
  /** Seconds after which those that came go on without the others; for good without. */
  readonly seconds?: number;
}

/** Opened for each request before anything is done; whoever plays the traffic decides when. */
export type Door = (target: Target, run: number | undefined) => Promise<void>;

export interface Holds {
  add(hold: Hold): void;
  /** Resolves when the request may go on. */
  readonly pass: Door;
}

interface Entry {
  readonly hold: Hold;
  arrived: number;
  readonly open: () => void;
  readonly opened: Promise<void>;
}

const OPEN: Door = () => Promise.resolve();

export const createHolds = (door: Door = OPEN): Holds => {
  const entries: Entry[] = [];
  return {
    add: (hold) => {
      const { promise: opened, resolve: open } = Promise.withResolvers<void>();
      entries.push({ hold, arrived: 0, open, opened });
    },
    pass: async (target, run) => {
      await door(target, run);
      const entry = entries.find(({ hold, arrived }) => arrived < hold.requests && matches(hold.match, target));
      if (entry === undefined) return;
      entry.arrived += 1;
      if (entry.arrived === entry.hold.requests) entry.open();
      const { seconds } = entry.hold;
      if (seconds !== undefined) setTimeout(entry.open, seconds * 1000).unref();
      await entry.opened;
    }
  };
};
