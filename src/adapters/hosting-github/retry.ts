import type { Clock } from '../../ports.ts';
import type { Pace } from './options.ts';
import type { Answer, Reply } from './reply.ts';

export interface Patience {
  readonly clock: Clock;
  readonly run: AbortSignal;
  readonly pace: Pace;
  /** Seconds left: of the phase at work or, once the run is cancelled, for closing what is open. */
  readonly left: () => number;
}

type Open = Exclude<Reply<never>, Answer<never> | { kind: 'cancelled' }>;

/** Seconds before try `attempt + 1`. A secondary limit without `Retry-After` asks for a minute, growing (GitHub's best practices). */
export const pauseAfter = (reply: Open, attempt: number, pace: Pace): number => {
  const jittered = pace.random() * Math.min(pace.cap, pace.base * 2 ** (attempt - 1));
  if (reply.kind === 'limited') return (reply.seconds ?? 60 * 2 ** (attempt - 1)) + jittered;
  return Math.max(reply.seconds ?? 0, jittered);
};

const beyond = (problem: string, until: Date): Reply<never> => ({
  kind: 'limited',
  problem: `${problem} (possible again at ${until.toISOString()})`
});

interface Turn {
  readonly attempt: number;
  /** Seconds since the first try. */
  readonly passed: number;
}

/** The pause before the next try, or nothing when there is to be none. A cancelled run waits for no limit and pauses nowhere. */
const pauseFor = (reply: Open, { attempt, passed }: Turn, { run, pace, left }: Patience): number | undefined => {
  if (attempt >= pace.tries) return undefined;
  if (run.aborted) return reply.kind === 'limited' || left() <= 0 ? undefined : 0;
  const pause = pauseAfter(reply, attempt, pace);
  return passed + pause > pace.budget || pause >= left() ? undefined : pause;
};

const givenUp = (reply: Open, attempt: number, { clock, pace }: Patience): Reply<never> => {
  if (reply.kind === 'unsure') return reply;
  return beyond(reply.problem, new Date(clock.now().getTime() + pauseAfter(reply, attempt, pace) * 1000));
};

/**
 * Tries until the answer is definite: at most `pace.tries` tries within `pace.budget` seconds and what is left of
 * the phase (`pace.closing` once the run is cancelled). A wait that does not fit is not begun. Returns the last reply.
 */
export const retrying = async <T>(
  patience: Patience,
  once: (attempt: number) => Promise<Reply<T>>
): Promise<Reply<T>> => {
  const { clock, run } = patience;
  const start = clock.elapsed();
  const wasCancelled = run.aborted;
  for (let attempt = 1; ; attempt += 1) {
    const reply = await once(attempt);
    if (reply.kind === 'ok' || reply.kind === 'refused' || reply.kind === 'cancelled') return reply;
    const pause = pauseFor(reply, { attempt, passed: clock.elapsed() - start }, patience);
    if (pause === undefined) return givenUp(reply, attempt, patience);
    await clock.sleep(pause);
    if (run.aborted && !wasCancelled) return { kind: 'cancelled' };
  }
};
