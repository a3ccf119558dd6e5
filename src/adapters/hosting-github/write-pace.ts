import type { Clock } from '../../ports.ts';

/** Writes that may come at once after a while without any: a delivery with its way back makes about as many. */
const BURST = 10;
/** Seconds between writes after that, as GitHub asks ("Pause between mutative requests" of its best practices). */
const INTERVAL = 1;

/**
 * Seconds to wait before the next write, asked once for each: a bucket of `BURST` tokens, one more per `INTERVAL`. Within
 * any 60 seconds no more than `BURST + 60 / INTERVAL = 70` writes begin, because the bucket held at most `BURST` when they
 * began and got 60 more meanwhile. GitHub's limit is 80 requests a minute that create content (secondary rate limits);
 * the ten below it are for a job beside this one.
 */
export const createWritePace = (clock: Pick<Clock, 'elapsed'>): (() => number) => {
  /** When the bucket will be full again. */
  let full = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.elapsed();
    full = Math.max(full, now) + INTERVAL;
    return Math.max(0, full - now - BURST * INTERVAL);
  };
};
