import type { DeploymentRecord, RunAttempt } from '../domain/deployment.ts';
import { isOpen } from './live.ts';

/** Whose turn it is in an environment (promise R1). */
export type Turn =
  | { readonly kind: 'ours' }
  | { readonly kind: 'wait'; readonly holder: DeploymentRecord }
  /** The answer is older than our record: others may be missing too, so it proves nothing. */
  | { readonly kind: 'unseen' }
  /** We stand in the list no more: somebody closed our record. */
  | { readonly kind: 'lost' };

export interface Queue {
  /** The environment's records, newest first; those of dead runs are closed already. */
  readonly records: readonly DeploymentRecord[];
  readonly ours: number;
}

/** Open records before ours, oldest first. */
export const ahead = (records: readonly DeploymentRecord[], ours: number): readonly DeploymentRecord[] =>
  records.filter((record) => isOpen(record) && record.id < ours).toSorted((a, b) => a.id - b.id);

/** The lowest id among the open records of living runs goes first; ids are given by GitHub, so all agree on the order. */
export const turnOf = (queue: Queue): Turn => {
  const own = queue.records.find((record) => record.id === queue.ours);
  if (own === undefined) return { kind: 'unseen' };
  if (!isOpen(own)) return { kind: 'lost' };
  const holder = ahead(queue.records, queue.ours).at(0);
  return holder === undefined ? { kind: 'ours' } : { kind: 'wait', holder };
};

/**
 * Seconds before the next look at the queue, after so many looks: a job's token has 1,000 calls an hour for the whole
 * repository, so a long wait may not cost many of them.
 */
export const pauseInQueue = (looks: number): number => Math.min(60, Math.round(5 * 1.5 ** looks));

/** An earlier attempt of a run: it never has two at once (GitHub's re-run rule). */
export const isEarlier = (attempt: RunAttempt, run: RunAttempt): boolean =>
  attempt.id === run.id && attempt.attempt < run.attempt;

/** A record of an earlier attempt of our own run. */
export const isOurPast = (record: DeploymentRecord, run: RunAttempt): boolean => isEarlier(record.payload.run, run);

/** What earlier attempts of our run left open, oldest first. */
export const leftOpen = (records: readonly DeploymentRecord[], run: RunAttempt): readonly DeploymentRecord[] =>
  records.filter((record) => isOpen(record) && isOurPast(record, run)).toSorted((a, b) => a.id - b.id);
